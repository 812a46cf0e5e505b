"""How many score sheets a second do the judges' tablets get into the books?

Every sheet is a signed mutation of an enrolled tablet of its own judge; the signature is checked, the marks are stored,
the ledger is extended, all before the answer.
"""

from __future__ import annotations

import json

from flask import Flask
from sqlalchemy import func, select

from benchmarks.load import request
from benchmarks.measure import SEED, Bench, load, report, served
from festival.contests.models import Contest, Criterion, Judge, PanelSeat, ResultKind, Unavailability
from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import reading
from festival.demo.build import build
from festival.devices.handlers import DeviceRole
from festival.editions.queries import the_festival
from festival.judging.models import ScoreSheet
from festival.roster.models import Entry, EntryState
from tests.devices.kit import Fair, Phone, as_if_opened, enrolment


def single(bench: Bench, database: str, families: int = 500) -> None:
    """One sheet a request."""
    app, config = bench.festival(database)
    with app.app_context():
        build(families, SEED, "")
        db.session.remove()
        with reading():
            before = db.session.scalar(select(func.count()).select_from(ScoreSheet)) or 0
    lines = _lines(app)
    n = sum(map(len, lines))
    with served(app, config) as running:
        outcome, cpu = load(running, lines, lambda status, body: status == 200 and b'"applied"' in body)
    with app.app_context(), reading():
        after = db.session.scalar(select(func.count()).select_from(ScoreSheet)) or 0
        faults = [fault for stream in ledger.streams() for fault in ledger.verify(stream)]
    if after - before != n or faults:
        outcome.errors.append(f"{after - before} sheets of {n}, {len(faults)} faults in the ledger")
    report("score sheet, one signed sheet a request", database, outcome, cpu=cpu, connections=len(lines))


def _lines(app: Flask) -> list[list[bytes]]:
    """A line of requests for each judge's tablet: the sheets that judge has not sent yet."""
    with app.app_context(), reading():
        fair = Fair(the_festival().id)
        work: dict[int, list[tuple[str, dict[str, int]]]] = {}
        judges = db.session.scalars(
            select(Judge)
            .join(Contest, Contest.id == Judge.contest_id)
            # A judge tied to an entry does not mark it: left out, so that every request must be applied.
            .where(Judge.id.not_in(select(Unavailability.judge_id)))
            .where(Judge.marks, Judge.seat != PanelSeat.SECRETARY, Contest.result_kind == ResultKind.RUBRIC)
        ).all()
        for judge in judges:
            criteria = db.session.execute(
                select(Criterion.code, Criterion.min_milli, Criterion.max_milli, Criterion.step_milli).where(
                    Criterion.contest_id == judge.contest_id
                )
            ).all()
            sent = select(ScoreSheet.entry_id).where(ScoreSheet.judge_id == judge.id)
            entries = db.session.scalars(
                select(Entry.code).where(
                    Entry.contest_id == judge.contest_id, Entry.state == EntryState.ENROLLED, Entry.id.not_in(sent)
                )
            ).all()
            marks = {row.code: row.max_milli for row in criteria}
            work.setdefault(judge.user_id, []).extend((f"{code}/1", marks) for code in entries)
    lines = []
    client = app.test_client()
    for user_id, sheets in work.items():
        code = enrolment(app, fair, DeviceRole.JUDGE, "Bàn giám khảo", user_id)
        phone = as_if_opened(app, Phone(client, code, with_key=True))
        headers = {"Authorization": f"Bearer {phone.token}", "Content-Type": "application/json"}
        mutations = [phone.write("sheet.send", subject, {"marks": marks}, base_version=0) for subject, marks in sheets]
        lines.append(
            [
                request("POST", "/api/v1/sync", json.dumps({"v": 2, "mutations": [one]}).encode(), headers)
                for one in mutations
            ]
        )
    with app.app_context():
        db.session.remove()
    return [line for line in lines if line]
