"""How many families a second can press "send"?

One request is the final POST of a family of four: consents of all, the letter in the outbox, one transaction. Every family
has its own names, phone, mail address and network address, and the limits are on: each registration is counted. An edition
takes 120 an hour freely and then one every two seconds, so the counts are emptied beside the run, as if hours had passed.
The forms were filled before (each step is saved on the server).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from random import Random
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select, update

from benchmarks.load import request, spread
from benchmarks.measure import CONNECTIONS, SEED, Bench, load, report, served
from config import Config
from festival.consent.models import Consent
from festival.contests.models import Contest
from festival.core.births import Birth
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.limiter import SharedStorage
from festival.demo.build import build
from festival.editions.actions import open_phase
from festival.editions.models import PhaseKind
from festival.editions.queries import the_festival
from festival.registration.editing.keeping import begin, save_step
from festival.roster.household import Household, Member
from festival.roster.models import Delegation, Family, FamilyState
from festival.roster.people import Relation, Sex

SYLLABLES = [
    "An",
    "Bình",
    "Chi",
    "Dung",
    "Giang",
    "Hà",
    "Hạnh",
    "Hoa",
    "Hùng",
    "Khang",
    "Lan",
    "Linh",
    "Long",
    "Mai",
    "Minh",
    "Nam",
    "Ngọc",
    "Phúc",
    "Quân",
    "Sơn",
    "Tâm",
    "Thảo",
    "Trang",
    "Tuấn",
    "Vy",
]


def final_post(bench: Bench, database: str, n: int = 600) -> None:
    """Families side by side."""
    app, config = bench.festival(database)
    with app.app_context():
        build(15, SEED, "")
        with transaction():
            open_phase(the_festival().id, PhaseKind.REGISTRATION, now() - timedelta(days=1), now() + timedelta(days=30))
            db.session.execute(update(Delegation).values(families_max=5000))
            db.session.execute(update(Contest).values(entries_per_delegation=5000))
        with reading():
            before = (_count(Family), _count(Consent))
    tokens = _drafts(app, n)
    cookie, token = _form_token(app, tokens[0])
    answers = {"csrf_token": token, "guardian": "Danh Chung", "guardian-as": "father"}
    for member in range(4):
        answers |= {
            f"agree-{member}": "y",
        }
    body = urlencode(answers).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    posts = [
        request(
            "POST",
            f"/register/{draft}/review",
            body,
            {**headers, "X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"},
        )
        for number, draft in enumerate(tokens)
    ]
    limited = replace(config, trusted_proxies=1)
    with served(app, limited, rate_limits=True) as running, hours_pass(limited):
        outcome, cpu = load(running, spread(posts, CONNECTIONS), lambda status, _body: status == 302)
    with app.app_context(), reading():
        made = (_count(Family) - before[0], _count(Consent) - before[1])
    if made[0] != n or made[1] < 4 * n:
        outcome.errors.append(f"{made} families and consents of {n}")
    report("registration, final POST of a family of four", database, outcome, cpu=cpu, connections=CONNECTIONS)


@contextmanager
def hours_pass(config: Config) -> Iterator[None]:
    """What was counted is forgotten four times a second."""
    over = threading.Event()

    def forget() -> None:
        store = SharedStorage(
            f"festival-counts://{config.instance / 'rate.sqlite3'}"
            if config.is_sqlite
            else f"festival-counts://{config.database_url}"
        )
        while not over.wait(0.25):
            store.reset()

    forgetting = threading.Thread(target=forget)
    forgetting.start()
    try:
        yield
    finally:
        over.set()
        forgetting.join()


def _count(model: type[Family | Consent]) -> int:
    query = select(func.count()).select_from(model)
    if model is Family:
        query = query.where(Family.state == FamilyState.SUBMITTED)
    return db.session.scalar(query) or 0


def _drafts(app: Flask, n: int) -> list[str]:
    tokens = []
    with app.app_context(), transaction():
        festival = the_festival()
        delegations = list(db.session.scalars(select(Delegation.code).where(Delegation.self_registration)))
        for number in range(n):
            draft, token = begin(festival.id)
            save_step(draft, "contests", delegations[number % len(delegations)], _household(number), doubtful=False)
            tokens.append(token)
    return tokens


def _household(number: int) -> Household:
    chance = Random(SEED + number)

    def member(first: str, relation: Relation, sex: Sex, earliest: int) -> Member:
        name = f"{first} {' '.join(chance.choices(SYLLABLES, k=2))}"
        born = Birth(chance.randint(earliest, earliest + 12), chance.randint(1, 12), chance.randint(1, 28))
        # Children from seven have answered on their own screen before.
        own = relation is Relation.CHILD
        return Member(name, relation, sex, born, contests=("tai-nang",), own_agreement=own)

    return Household(
        phone=f"09{70_000_000 + number:08d}",
        email=f"gia-dinh-{number}@thu.invalid",
        address=f"Ấp {number % 40 + 1}",
        members=(
            member("Danh", Relation.REPRESENTATIVE, Sex.MALE, 1972),
            member("Thị", Relation.SPOUSE, Sex.FEMALE, 1974),
            member("Danh", Relation.CHILD, Sex.MALE, 2006),
            member("Thị", Relation.CHILD, Sex.FEMALE, 2008),
        ),
    )


def _form_token(app: Flask, draft: str) -> tuple[str, str]:
    """A session's cookie and the form token that goes with it."""
    client = app.test_client()
    page = client.get(f"/register/{draft}/review")
    cookie = "; ".join(header.split(";", 1)[0] for header in page.headers.getlist("Set-Cookie"))
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
    if found is None:
        raise SystemExit(f"no form token on the review page ({page.status_code})")
    return cookie, found[1]
