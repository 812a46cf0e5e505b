"""How many people a second does the gate let in, one scan a request and fifty?

Real HTTP, gunicorn with two workers, sixteen enrolled gate phones, each pass of a family of four scanned once; the
admissions in the database are counted afterwards and the ledger is verified.
"""

from __future__ import annotations

import json

from sqlalchemy import func, select

from benchmarks.load import request, spread
from benchmarks.measure import CONNECTIONS, Bench, load, report, served
from festival.checkin.models import Admission
from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import reading
from tests.devices.kit import Phone, enrolment, open_fair

MEMBERS = ("Danh Chung", "Thị Ngọc Ánh", "Danh Minh Khang", "Thị Hòa")


def single(bench: Bench, database: str, n: int = 6000) -> None:
    """One pass a request."""
    _measure(bench, database, n, batch=1, what="check-in, one scan a request")


def batched(bench: Bench, database: str, n: int = 6400) -> None:
    """Fifty passes a request, as a gate sends what it read without network."""
    _measure(bench, database, n, batch=50, what="check-in, 50 scans a request")


def _measure(bench: Bench, database: str, n: int, *, batch: int, what: str) -> None:
    app, config = bench.festival(database)
    fair = open_fair(app, {f"Gia đình số {number}": list(MEMBERS) for number in range(n)})
    client = app.test_client()
    phones = [Phone(client, enrolment(app, fair, station=f"Cổng {number}")) for number in range(CONNECTIONS)]
    lines = [
        _requests(phone, lists, batch) for phone, lists in zip(phones, spread(_lists(fair), CONNECTIONS), strict=True)
    ]
    with served(app, config) as running:
        outcome, cpu = load(running, lines, lambda status, body: status == 200 and body.count(b'"applied"') == batch)
    with app.app_context(), reading():
        admitted = db.session.scalar(select(func.count()).select_from(Admission))
        faults = ledger.verify(f"checkin:{fair.code}")
    if admitted != n * len(MEMBERS) or faults:
        outcome.errors.append(f"{admitted} admitted of {n * len(MEMBERS)}, {len(faults)} faults in the ledger")
    report(what, database, outcome, per_request=batch, cpu=cpu, connections=CONNECTIONS)


def _lists(fair: object) -> list[bytes]:
    return [list_id.encode() for list_id in fair.lists.values()]  # type: ignore[attr-defined]


def _requests(phone: Phone, lists: list[bytes], batch: int) -> list[bytes]:
    headers = {"Authorization": f"Bearer {phone.token}", "Content-Type": "application/json"}
    scans = [phone.scan(list_id.decode()) for list_id in lists]
    whole = len(scans) // batch * batch
    return [
        request(
            "POST", "/api/v1/sync", json.dumps({"v": 2, "mutations": scans[start : start + batch]}).encode(), headers
        )
        for start in range(0, whole, batch)
    ]
