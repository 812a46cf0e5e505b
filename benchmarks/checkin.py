"""How many people a second does the gate let in, one scan a request and fifty?

Real HTTP, gunicorn with two workers, sixteen enrolled gate phones, each pass of a family of four scanned once; the
admissions in the database are counted afterwards and the ledger is verified.
"""

from __future__ import annotations

import json
import time

from sqlalchemy import func, select

from benchmarks.load import request, spread
from benchmarks.measure import CONNECTIONS, Bench, load, report, served
from festival.checkin.models import Admission
from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import reading
from tests.devices.kit import Phone, enrolment, open_fair

DAYS = 20  # on which the passes of the stored scans were read
DAY_MS = 24 * 60 * 60 * 1000
MEMBERS = ("Danh Chung", "Thị Ngọc Ánh", "Danh Minh Khang", "Thị Hòa")


def single(bench: Bench, database: str, n: int = 6000) -> None:
    """One pass a request."""
    _measure(bench, database, n, batch=1, what="check-in, one scan a request")


def batched(bench: Bench, database: str, n: int = 6400) -> None:
    """Fifty passes a request, as a gate sends what it read without network."""
    _measure(bench, database, n, batch=50, what="check-in, 50 scans a request")


def flat(bench: Bench, database: str, stored: tuple[int, int] = (1_000, 100_000), n: int = 3000) -> None:
    """One pass a request, beside few stored scans and beside many: the cost must not grow with the festival."""
    for before in stored:
        _measure(bench, database, n, batch=1, what="check-in, one scan a request", stored=before)


def _measure(bench: Bench, database: str, n: int, *, batch: int, what: str, stored: int = 0) -> None:
    """`stored`: how many scans there are before the first that is measured."""
    app, config = bench.festival(database)
    scanned_before = -(-stored // DAYS)
    families = {f"Gia đình số {number}": list(MEMBERS) for number in range(n + scanned_before)}
    fair = open_fair(app, families)
    client = app.test_client()
    phones = [Phone(client, enrolment(app, fair, station=f"Cổng {number}")) for number in range(CONNECTIONS)]
    lists = lists_of(fair)
    if stored:
        fill(phones[0], lists[n:], stored)
    lines = [requests_of(phone, own, batch) for phone, own in zip(phones, spread(lists[:n], CONNECTIONS), strict=True)]
    with served(app, config) as running:
        outcome, cpu = load(running, lines, lambda status, body: status == 200 and body.count(b'"applied"') == batch)
    with app.app_context(), reading():
        admitted = db.session.scalar(select(func.count()).select_from(Admission))
        faults = ledger.verify(f"checkin:{fair.code}")
    wanted = (n + stored) * len(MEMBERS)
    if admitted != wanted or faults:
        outcome.errors.append(f"{admitted} admitted of {wanted}, {len(faults)} faults in the ledger")
    report(what, database, outcome, per_request=batch, cpu=cpu, connections=CONNECTIONS, stored=stored)


def fill(phone: Phone, lists: list[bytes], stored: int) -> None:
    """So many scans, each pass once a day on the days before: every one of them admits its family."""
    now_ms = int(time.time() * 1000)
    wanted = [(list_id.decode(), now_ms - days * DAY_MS) for days in range(DAYS, 0, -1) for list_id in lists][:stored]
    for start in range(0, stored, 500):
        phone.send(*(phone.scan(list_id, wall_ms=at_ms) for list_id, at_ms in wanted[start : start + 500]), packed=True)


def lists_of(fair: object) -> list[bytes]:
    return [list_id.encode() for list_id in fair.lists.values()]  # type: ignore[attr-defined]


def requests_of(phone: Phone, lists: list[bytes], batch: int) -> list[bytes]:
    headers = {"Authorization": f"Bearer {phone.token}", "Content-Type": "application/json"}
    scans = [phone.scan(list_id.decode()) for list_id in lists]
    whole = len(scans) // batch * batch
    return [
        request(
            "POST", "/api/v1/sync", json.dumps({"v": 2, "mutations": scans[start : start + batch]}).encode(), headers
        )
        for start in range(0, whole, batch)
    ]
