"""Is an acknowledged check-in still there after kill -9 of the process that acknowledged it, or of the database?

Long form: `make faults` (KILLS=1000 for the published figure). The negative control is a server that answers before it
commits: the same harness must catch it.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from flask import Flask

from config import Config
from festival.factory import create_app
from tests.conftest import test_config as settings_for_tests
from tests.faults.gates import MEMBERS, Gates, books, lost, open_gates
from tests.harness.finished import finished_schema
from tests.harness.postgres import start_cluster
from tests.harness.served import Served, serve
from tests.harness.waiting import PATIENCE_S

KILLS = int(os.environ.get("KILLS", "60"))
SEED = 20240614
PHONES = 4
FAMILIES = 400


def kill_workers(served: Served, kills: int, luck: random.Random) -> None:
    """kill -9 one worker after another while the others work; gunicorn starts new ones."""
    for _ in range(kills):
        time.sleep(luck.uniform(0.1, 0.6))
        deadline = time.monotonic() + PATIENCE_S
        while not (workers := served.workers()):
            assert time.monotonic() < deadline, "gunicorn has no workers any more"
            time.sleep(0.02)
        with suppress(ProcessLookupError):
            os.kill(luck.choice(workers), signal.SIGKILL)


@contextmanager
def at_work(gates: Gates, served: Served, lists: list[list[str]]) -> Iterator[None]:
    """The phones scan until the block ends, and to its end."""
    stop = threading.Event()
    work = threading.Thread(target=gates.work, args=(served.port, lists, stop))
    work.start()
    try:
        yield
        assert work.is_alive(), "the phones stopped before the last kill"
    finally:
        stop.set()
        work.join()


def kept_under_kills(app: Flask, config: Config, kills: int, application: str = "app:app") -> tuple[int, int, int]:
    """(acknowledged, lost, doubled) after so many kills under load."""
    gates, lists = open_gates(app, PHONES, FAMILIES)
    with serve(config, application=application) as served, at_work(gates, served, lists):
        kill_workers(served, kills, random.Random(SEED))
    assert gates.given_up == []
    return _counted(app, gates)


def _counted(app: Flask, gates: Gates) -> tuple[int, int, int]:
    """(acknowledged, lost, doubled); the books themselves must be whole."""
    found = books(app, gates.fair)
    assert found.faults == 0
    assert len(found.admissions) == len(MEMBERS) * list(found.kept.values()).count("applied")
    return len(gates.acknowledged), len(lost(gates, found)), len(found.admissions) - len(set(found.admissions))


def test_nothing_acknowledged_is_lost_when_workers_die(app: Flask, config: Config) -> None:
    acknowledged, gone, doubled = kept_under_kills(app, config, 3)
    assert (gone, doubled) == (0, 0)
    assert acknowledged > 0


@pytest.mark.either_database
def test_a_server_that_answers_before_it_commits_is_caught(app: Flask, config: Config) -> None:
    _acknowledged, gone, _doubled = kept_under_kills(app, config, 3, application="tests.faults.hasty:app")
    assert gone > 0


@pytest.mark.faults
def test_nothing_acknowledged_is_lost_in_many_kills(app: Flask, config: Config) -> None:
    acknowledged, gone, doubled = kept_under_kills(app, config, KILLS)
    print(
        f"\n{config.database_url.split(':')[0]}: {KILLS} kills, {acknowledged} acknowledged, {gone} lost, {doubled} doubled"
    )
    assert (gone, doubled) == (0, 0)


def _postgresql_kills(folder: Path, kills: int) -> tuple[int, int, int]:
    cluster = start_cluster(folder / "postgresql", durable=True)
    try:
        config = settings_for_tests(folder / "instance", cluster.create("festival"))
        app = create_app(config)
        with app.app_context():
            finished_schema()
        gates, lists = open_gates(app, PHONES, FAMILIES)
        luck = random.Random(SEED)
        with serve(config) as served, at_work(gates, served, lists):
            for _ in range(kills):
                time.sleep(luck.uniform(0.3, 1.0))
                cluster.kill()
                cluster.start_again()
            time.sleep(0.5)
        assert gates.given_up == []
        return _counted(app, gates)
    finally:
        cluster.stop()


def test_nothing_acknowledged_is_lost_when_postgresql_dies(run_folder: Path) -> None:
    acknowledged, gone, doubled = _postgresql_kills(run_folder / "killed", 1)
    assert (gone, doubled) == (0, 0)
    assert acknowledged > 0


@pytest.mark.faults
def test_nothing_acknowledged_is_lost_when_postgresql_dies_often(run_folder: Path) -> None:
    kills = max(1, KILLS // 4)
    acknowledged, gone, doubled = _postgresql_kills(run_folder / "killed-often", kills)
    print(f"\npostgresql server: {kills} kills, {acknowledged} acknowledged, {gone} lost, {doubled} doubled")
    assert (gone, doubled) == (0, 0)
