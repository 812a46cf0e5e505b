"""Does a score sheet cost the same beside a thousand stored ones and beside a hundred thousand, and how much less in a batch?

One contest, a tablet for each of sixteen judges, every sheet signed. The stored sheets came through the same door, so
their messages, versions and lines of the ledger lie there too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import Flask
from sqlalchemy import func, select

from benchmarks.load import request
from benchmarks.measure import CONNECTIONS, Bench, load, report, served
from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests.models import Judge, PanelSeat
from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices.handlers import DeviceRole
from festival.judging.models import ScoreSheet
from tests.devices.kit import Fair, Phone, as_if_opened, enrolment
from tests.judging.panel_cast import PASSWORD_HASH, cast, marks, more_entries

BATCH = 50
FILLED = 250  # sheets a request, before anything is measured
MARKS = marks(40_250, 38_500)


def flat(bench: Bench, database: str, stored: tuple[int, int] = (1_000, 100_000), n: int = 3_200) -> None:
    """One sheet a request, beside few stored sheets and beside many."""
    for before in stored:
        _measure(bench, database, n, batch=1, what="score sheet, one signed sheet a request", stored=before)


def batched(bench: Bench, database: str, n: int = 6_400) -> None:
    """Fifty sheets a request, as a tablet sends what was marked without network."""
    _measure(bench, database, n, batch=BATCH, what=f"score sheet, {BATCH} signed sheets a request", stored=0)


def _measure(bench: Bench, database: str, n: int, *, batch: int, what: str, stored: int) -> None:
    app, config = bench.festival(database)
    before, more = -(-stored // CONNECTIONS), n // CONNECTIONS // batch * batch
    phones, entries = _panel(app, before + more)
    for phone in phones:
        for start in range(0, before, FILLED):
            phone.send(*_written(phone, entries[start : min(start + FILLED, before)]), packed=True)
    lines = [_requests(phone, entries[before:], batch) for phone in phones]
    with served(app, config) as running:
        outcome, cpu = load(running, lines, lambda status, body: status == 200 and body.count(b'"applied"') == batch)
    with app.app_context(), reading():
        there = db.session.scalar(select(func.count()).select_from(ScoreSheet))
        faults = [fault for stream in ledger.streams() for fault in ledger.verify(stream)]
    if there != CONNECTIONS * (before + more) or faults:
        outcome.errors.append(f"{there} sheets, {len(faults)} faults in the ledger")
    report(what, database, outcome, per_request=batch, cpu=cpu, connections=CONNECTIONS, stored=CONNECTIONS * before)


def _panel(app: Flask, entries: int) -> tuple[list[Phone], list[str]]:
    """Sixteen judges with their tablets, and so many entries to mark."""
    with app.app_context():
        panel = cast(entries=1)
        with transaction():
            users = [panel.users[name] for name in ("chair", "lan", "hung")]
            for number in range(len(users), CONNECTIONS):
                user = create_user(f"giamkhao{number}", f"Giám khảo số {number}", PASSWORD_HASH, [Role.JUDGE]).id
                letter = chr(ord("A") + number)
                db.session.add(
                    Judge(contest_id=panel.contest_id, user_id=user, seat=PanelSeat.MEMBER, letter=letter, marks=True)
                )
                users.append(user)
        codes = more_entries(panel, entries)
        fair = Fair(panel.festival_id)
    client = app.test_client()
    own = [enrolment(app, fair, DeviceRole.JUDGE, "Bàn giám khảo", user) for user in users]
    return [as_if_opened(app, Phone(client, code, with_key=True)) for code in own], codes


def _written(phone: Phone, entries: Sequence[str]) -> list[dict[str, object]]:
    return [phone.write("sheet.send", f"{code}/1", {"marks": MARKS}, base_version=0) for code in entries]


def _requests(phone: Phone, entries: Sequence[str], batch: int) -> list[bytes]:
    headers = {"Authorization": f"Bearer {phone.token}", "Content-Type": "application/json"}
    sheets = _written(phone, entries)
    return [
        request(
            "POST", "/api/v1/sync", json.dumps({"v": 2, "mutations": sheets[start : start + batch]}).encode(), headers
        )
        for start in range(0, len(sheets), batch)
    ]
