"""How long does a copy of 100 MB take while gates scan, how long to put it back and hold the tables against the ledger?

A festival with so many scans that its copy has 100 MB, and as many megabytes of tracks; during each backup sixteen gates let families in. Put back
is measured as `flask restore` does it: the digest, the chain, the release, the pour, then every table against the ledger.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import Flask

from benchmarks.checkin import MEMBERS, fill, lists_of, requests_of
from benchmarks.load import Outcome, run, spread
from benchmarks.measure import CONNECTIONS, Bench, report, served
from config import Config
from festival.core.database import db
from festival.core.files import store
from festival.core.seal import checks as seals
from festival.operations.backup import back_up
from festival.operations.drill import drill_of
from festival.operations.restore import restore
from festival.operations.sealed.whole_copy import back_up_whole
from tests.devices.kit import Phone, enrolment, open_fair

WANTED = 100 * 10**6
TRACKS, TRACK = 20, 5 * 10**6
WORDS = "xe lửa, sen hồng, bảy con vịt"


def copied(bench: Bench, database: str, stored: int = 40_000, scans: int = 3000) -> None:
    """Plain and sealed, under load; then tried and put back, with nobody at the gates."""
    app, config = bench.festival(database)
    if database == "postgresql":
        os.environ["PATH"] = f"{bench.cluster().binaries}:{os.environ['PATH']}"
    families = {f"Gia đình số {number}": list(MEMBERS) for number in range(scans + stored // 20)}
    fair = open_fair(app, families)
    client = app.test_client()
    phones = [Phone(client, enrolment(app, fair, station=f"Cổng {number}")) for number in range(CONNECTIONS)]
    lists = lists_of(fair)
    fill(phones[0], lists[scans:], stored)
    with app.app_context():
        for _track in range(TRACKS):
            store.put([os.urandom(TRACK)], TRACK)
        known = _differences()
    plain, sealed = bench.folder / f"{database}.copy", bench.folder / f"{database}.sealed"
    lines = [requests_of(phone, own, 1) for phone, own in zip(phones, spread(lists[:scans], CONNECTIONS), strict=True)]
    with served(app, config) as running:
        ways: list[tuple[str, Path, Callable[[], object]]] = [
            ("plain", plain, lambda: back_up(config, plain)),
            ("sealed", sealed, lambda: back_up_whole(config, sealed, WORDS)),
        ]
        for number, (what, copy, work) in enumerate(ways):
            half = [line[number::2] for line in lines]
            scanned: list[Outcome] = []
            gates = threading.Thread(target=_scan, args=(running.port, half, scanned))
            gates.start()
            outcome = _timed(app, work)
            gates.join()
            outcome.errors += scanned[0].errors
            p95 = round(scanned[0].percentile_ms(95), 1)
            _tell(f"copy, {what}, while 16 gates scan", database, outcome, copy, scans_p95_ms=p95)
    _tell("copy tried (flask drill)", database, _timed(app, lambda: drill_of(plain, None)), plain)
    _tell("copy put back and compared", database, _timed(app, lambda: _put_back(config, plain, known)), plain)
    os.environ["FESTIVAL_SECRET_KEY"] = config.secret_key
    whole = replace(config, pass_key_file=config.instance / "pass.key")
    _tell("sealed copy put back and compared", database, _timed(app, lambda: _put_back(whole, sealed, known)), sealed)


def _scan(port: int, lines: list[list[bytes]], into: list[Outcome]) -> None:
    into.append(run(port, lines, lambda status, body: status == 200 and body.count(b'"applied"') == 1))


def _put_back(config: Config, copy: Path, known: int) -> None:
    db.session.remove()
    restore(config, copy, WORDS)
    if _differences() != known:
        raise SystemExit("the tables differ from the ledger in another way than before")


def _differences() -> int:
    """What the made-up families, which no ledger told of, amount to; every table is held against every line for it."""
    with seals.snapshot():
        found = sum(stream.counted for stream in seals.inspect().streams)
    db.session.remove()
    return found


def _timed(app: Flask, work: Callable[[], object]) -> Outcome:
    found = Outcome()
    with app.app_context():
        began = time.perf_counter()
        work()
        found.elapsed_s = time.perf_counter() - began
        db.session.remove()
        db.engine.dispose()
    found.latencies_s.append(found.elapsed_s)
    return found


def _tell(what: str, database: str, outcome: Outcome, copy: Path, **more: object) -> None:
    report(what, database, outcome, seconds=round(outcome.elapsed_s, 1), megabytes=copy.stat().st_size // 10**6, **more)
