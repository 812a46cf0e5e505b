"""Two machines serve one festival and one of them dies, or PostgreSQL is started anew: is everything there once, does it go on?

Two gunicorns with folders of their own, one PostgreSQL, a balancer before them: Debian's Caddy with the sample of deploy/ where it is
installed (`make faults`), else a small one of loopback. Long forms: `make faults` (MACHINE_KILLS=…).
"""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Config
from festival.core.database import db
from festival.core.transaction import reading
from festival.devices.handlers import DeviceRole
from festival.factory import create_app
from festival.judging.models import ScoreSheet, SheetRevision
from tests.conftest import test_config as settings_for_tests
from tests.devices.kit import Phone, as_if_opened, enrolment
from tests.faults.gates import MEMBERS, Books, Gates, books, lost, open_gates
from tests.harness.caddy import caddy_before, needs_caddy
from tests.harness.finished import finished_schema
from tests.harness.postgres import Cluster, start_cluster
from tests.harness.proxy import Balancer
from tests.harness.served import Served, serve
from tests.harness.waiting import wait_until
from tests.judging.panel_cast import cast, marks, more_entries

MACHINE_KILLS = int(os.environ.get("MACHINE_KILLS", "10"))
MARKS = marks(40_250, 38_500)


@dataclass
class Venue:
    """Gates and judges' tablets at work through one address."""

    app: Flask
    gates: Gates
    lists: list[list[str]]
    tablets: Gates
    entries: list[str]

    @contextmanager
    def at_work(self, port: int) -> Iterator[None]:
        """Until the block ends, and each to the end of what it had begun."""
        stop = threading.Event()
        work = [
            threading.Thread(target=self.gates.work, args=(port, self.lists, stop)),
            threading.Thread(target=self.tablets.work, args=(port, [self.entries] * len(self.tablets.phones), stop)),
        ]
        for each in work:
            each.start()
        try:
            yield
        finally:
            stop.set()
            for each in work:
                each.join()

    def answered(self) -> int:
        return len(self.gates.acknowledged) + len(self.tablets.acknowledged)

    def lost_and_doubled(self) -> tuple[int, int]:
        """What was acknowledged and is not in the books; what is in them twice. The books themselves must be whole."""
        assert (self.gates.given_up, self.tablets.given_up) == ([], [])
        found = books(self.app, self.gates.fair)
        assert found.faults == 0
        gone = lost(self.gates, found) + lost(self.tablets, found)
        people = len(found.admissions) - len(set(found.admissions))
        return len(gone), people + self._sheets_too_many(found)

    def _sheets_too_many(self, found: Books) -> int:
        with self.app.app_context(), reading():
            versions, sheets = (db.session.scalar(select(func.count(each.id))) for each in (SheetRevision, ScoreSheet))
        sent = sum(found.kept.get(mid) == "applied" for mid in self.tablets.acknowledged)
        assert sheets == versions >= sent > 0
        scans = list(found.kept.values()).count("applied") - versions
        assert len(found.admissions) == len(MEMBERS) * scans
        return versions - sheets


def sheet(phone: Phone, entry: str) -> dict[str, object]:
    return phone.write("sheet.send", f"{entry}/1", {"marks": MARKS}, base_version=0)


def open_venue(app: Flask, entries: int) -> Venue:
    gates, lists = open_gates(app, 3, 200)
    with app.app_context():
        panel = cast(entries=1)
        codes = more_entries(panel, entries)
        own = replace(gates.fair, festival_id=panel.festival_id)
    client = app.test_client()
    users = [panel.users[name] for name in ("chair", "lan")]
    opened = [enrolment(app, own, DeviceRole.JUDGE, "Bàn giám khảo", user) for user in users]
    tablets = Gates(own, [as_if_opened(app, Phone(client, code, with_key=True)) for code in opened], sheet)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return Venue(app, gates, lists, tablets, codes)


@dataclass
class Machines:
    """The two servers, and the PostgreSQL they share."""

    cluster: Cluster
    config: list[Config]
    app: Flask


@contextmanager
def two_machines(folder: Path) -> Iterator[Machines]:
    cluster = start_cluster(folder / "postgresql", durable=True)
    try:
        one = replace(
            settings_for_tests(folder / "one", cluster.create("festival")), shared_folder=folder / "shared", threads=4
        )
        app = create_app(one)
        with app.app_context():
            finished_schema()
        yield Machines(cluster, [one, replace(one, instance=folder / "two")], app)
    finally:
        cluster.stop()


def kill_machine(served: Served) -> None:
    """kill -9 of all its processes at once, the master first: it makes no new ones."""
    workers = served.workers()
    for pid in (served.pid, *workers):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextmanager
def balanced(ports: list[int]) -> Iterator[int]:
    balancer = Balancer(ports)
    try:
        yield balancer.port
    finally:
        balancer.close()


def test_postgresql_is_started_anew_and_a_machine_dies(run_folder: Path, quick_flask: Path) -> None:
    """Nobody is told 500, nothing that was acknowledged is lost, nothing is in the books twice, devices go on."""
    with two_machines(run_folder / "machines") as machines, ExitStack() as running:
        venue = open_venue(machines.app, 400)
        one, two = (
            running.enter_context(serve(replace(each, rate_limits=True), ready=quick_flask)) for each in machines.config
        )
        visitors = Visitors([one.port, two.port])
        with balanced([one.port, two.port]) as port, venue.at_work(port):
            with visitors.at_work():
                wait_until(lambda: venue.answered() > 30 and visitors.seen[200] > 10, "the first answers")
                machines.cluster.restart()
                before, seen = venue.answered(), visitors.seen[200]
                wait_until(lambda: venue.answered() > before + 30 and visitors.seen[200] > seen + 10, "answers again")
            kill_machine(one)
            before = venue.answered()
            wait_until(lambda: venue.answered() > before + 40, "answers of the other machine")
        assert visitors.wrong() == set(), f"{visitors.seen}\n{surprises(one, two)}"
        assert venue.lost_and_doubled() == (0, 0)


def surprises(*machines: Served) -> str:
    """What the machines logged of answers nobody had foreseen, for the reader of a red test."""
    logs = [each.log.read_text(encoding="utf-8", errors="replace") for each in machines]
    return "\n".join(log[log.index("\n  File ") :][:20_000] for log in logs if "\n  File " in log)


class Visitors:
    """Readers of pages and people who sign in, at every machine; `seen`: how often they were answered so."""

    def __init__(self, ports: list[int], each: int = 2) -> None:
        self.ports = ports * each
        self.seen: Counter[int] = Counter()
        self._lock = threading.Lock()

    def wrong(self) -> set[int]:
        """Answers that are neither right, nor a refusal in words, nor "the database is away, in a moment"."""
        return {status for status in self.seen if status >= 500 and status != 503}

    @contextmanager
    def at_work(self) -> Iterator[None]:
        stop = threading.Event()
        threads = [threading.Thread(target=self._one, args=(port, stop)) for port in self.ports]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def _one(self, port: int, stop: threading.Event) -> None:
        asked = ["/", "/readyz", "/office", "/programme", "/family", "/g/khong-co"]
        while not stop.is_set():
            for path in asked:
                self._ask(port, "GET", path)
            self._ask(port, "POST", "/api/v1/enrol")
            time.sleep(0.01)

    def _ask(self, port: int, method: str, path: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        with suppress(OSError, http.client.HTTPException):
            body = b'{"code": "0000-0000"}' if method == "POST" else None
            connection.request(method, path, body, {"Content-Type": "application/json", "Connection": "close"})
            answer = connection.getresponse()
            answer.read()
            with self._lock:
                self.seen[answer.status] += 1
        connection.close()


@pytest.mark.faults
@needs_caddy
def test_machines_die_in_turn_behind_caddy(run_folder: Path) -> None:
    with two_machines(run_folder / "in-turn") as machines, ExitStack() as running:
        venue = open_venue(machines.app, 4_000)
        first = [running.enter_context(serve(each)) for each in machines.config]
        ports = [each.port for each in first]
        living = list(first)
        with caddy_before(ports, run_folder / "caddy") as port, venue.at_work(port):
            for kill in range(MACHINE_KILLS):
                before = venue.answered()
                wait_until(lambda before=before: venue.answered() > before + 100, "answers")
                at = kill % 2
                kill_machine(living[at])
                before = venue.answered()
                wait_until(lambda before=before: venue.answered() > before + 100, "answers of the other machine")
                living[at] = running.enter_context(serve(machines.config[at], port=ports[at]))
        gone = venue.lost_and_doubled()
        _tell(f"two machines behind Caddy, {MACHINE_KILLS} killed in turn", venue, gone)
        assert gone == (0, 0)


@pytest.mark.faults
@needs_caddy
def test_postgresql_is_started_anew_often_behind_caddy(run_folder: Path) -> None:
    with two_machines(run_folder / "restarts") as machines, ExitStack() as running:
        venue = open_venue(machines.app, 4_000)
        ports = [running.enter_context(serve(replace(each, rate_limits=True))).port for each in machines.config]
        visitors = Visitors(ports)
        with caddy_before(ports, run_folder / "caddy-2") as port, venue.at_work(port), visitors.at_work():
            for _restart in range(MACHINE_KILLS):
                before = venue.answered()
                wait_until(lambda before=before: venue.answered() > before + 100, "answers")
                machines.cluster.restart()
        gone = venue.lost_and_doubled()
        _tell(f"PostgreSQL started anew {MACHINE_KILLS} times under two machines", venue, gone)
        print(f"pages and sign-ins answered: {dict(visitors.seen)}")
        assert visitors.wrong() == set(), visitors.seen
        assert gone == (0, 0)


def _tell(what: str, venue: Venue, gone: tuple[int, int]) -> None:
    again = venue.gates.sent_again + venue.tablets.sent_again
    print(
        f"\n{what}: {len(venue.gates.acknowledged)} scans and {len(venue.tablets.acknowledged)} sheets acknowledged, "
        f"{gone[0]} lost, {gone[1]} doubled, {again} sent again; longest time without an answer: "
        f"scans {venue.gates.longest_gap_s():.2f} s, sheets {venue.tablets.longest_gap_s():.2f} s"
    )
