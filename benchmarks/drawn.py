"""What is made after the last number of a draw is typed, and how long until it can be printed?

A made-up festival of 60 families, each in four contests on four stages over three days; three contests are drawn. The numbers of the
last one are read back and confirmed, then one step plans all 240 acts in the drawn order and answers with every list as one PDF. The
requests go one after the other inside this process. The promise is five minutes, without internet.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from benchmarks.measure import SEED, Bench
from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.contests.models import Contest
from festival.core.clock import from_local
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.roster.models import Entry
from festival.schedule import drawing
from festival.schedule.models import Act, Draw, Session, Stage
from tests.demo.test_demo import csrf
from tests.programme.scene import make_festival

FAMILIES, CONTESTS, DAYS = 60, 4, 3
FIRST = date(2024, 6, 14)


def after_the_draw(bench: Bench, database: str) -> None:
    """One line a step."""
    app, _config = bench.festival(database)
    with app.app_context():
        last, entries, token = _drawn_but_one()
        db.session.remove()
    client = app.test_client()
    client.set_cookie(SESSION_COOKIE, token)
    page = f"/office/schedule/{last}/draw"
    numbers = list(range(1, len(entries) + 1))
    Random(SEED).shuffle(numbers)
    typed = {"csrf_token": csrf(client, page)} | {
        f"n-{code}": str(at) for code, at in zip(entries, numbers, strict=True)
    }
    plan = typed | {"gap": "15", "order": "yes", "then": "lists"}
    began = time.perf_counter()
    _step(database, "numbers read back", 200, lambda: client.post(page, data=typed | {"step": "read"}))
    _step(database, "draw recorded", 302, lambda: client.post(page, data=typed | {"step": "confirm"}))
    planned = _step(database, "all acts planned", 302, lambda: client.post("/office/schedule/plan", data=plan))
    address = (
        planned.headers["Location"]
        if planned.headers["Location"].endswith(".pdf")
        else "/office/schedule/draws/all.pdf"
    )
    lists = _step(database, "every list as one PDF", 200, lambda: client.get(address))
    with app.app_context(), reading():
        placed = db.session.scalar(select(func.count(Act.id)))
        db.session.remove()
    told = {"what": "after the last number: plan and all lists", "database": database, "entries": FAMILIES * CONTESTS,
            "placed": placed, "pdf_kb": len(lists.data) // 1024, "seconds": round(time.perf_counter() - began, 2), "aim_s": 300}  # fmt: skip
    print(json.dumps(told), flush=True)


def _step(database: str, what: str, status: int, ask: Callable[[], TestResponse]) -> TestResponse:
    began, cpu = time.perf_counter(), time.process_time()
    answer = ask()
    if answer.status_code != status:
        raise SystemExit(f"{what}: {answer.status_code}")
    spent = {"seconds": round(time.perf_counter() - began, 2), "cpu_s": round(time.process_time() - cpu, 2)}
    print(json.dumps({"what": what, "database": database} | spent), flush=True)
    return answer


def _drawn_but_one() -> tuple[str, list[str], str]:
    """The contest that is left with its entries, and the cookie of an organiser."""
    with transaction():
        scene = make_festival(families=FAMILIES, contests=CONTESTS, publish=False, first_day=FIRST)
        for table in (Act, Session, Draw):
            db.session.execute(delete(table))
        db.session.execute(Entry.__table__.update().values(number=None))  # type: ignore[attr-defined]
        for at, contest_id in enumerate(scene.contests):
            stage = Stage(festival_id=scene.festival_id, code=f"s{at}", name=f"Sân khấu số {at + 1}", position=at + 1)
            db.session.add(stage)
            db.session.flush()
            for day in range(DAYS):
                for hour in (7, 13):
                    begins = from_local(datetime.combine(FIRST + timedelta(days=day), datetime.min.time())) + timedelta(
                        hours=hour
                    )
                    db.session.add(
                        Session(
                            stage_id=stage.id,
                            contest_id=contest_id,
                            starts_at=begins,
                            ends_at=begins + timedelta(hours=5),
                        )
                    )
        db.session.flush()
        for contest_id in scene.contests[:-1]:
            drawing.draw_by_seed(contest_id, str(SEED), None)
        last = db.session.get_one(Contest, scene.contests[-1]).code
        entries = list(
            db.session.scalars(select(Entry.code).where(Entry.contest_id == scene.contests[-1]).order_by(Entry.id))
        )
        token = open_sign_in(create_user("btc", "Ban Tổ chức", "", [Role.ORGANISER]).id, 3).token
        return last, entries, token
