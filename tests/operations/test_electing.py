"""Does exactly one of several workers work, and does the next one go on when it ends?"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from festival.core.chores import register_chore
from festival.core.database import db
from festival.core.pulse.pulses import Pulse, PulseKind, beat
from festival.core.transaction import reading, transaction
from festival.operations import worker
from festival.operations.electing import LOCK, WorkerPlace
from tests.conftest import test_config as settings_for_tests
from tests.harness.postgres import Cluster
from tests.harness.waiting import PATIENCE_S, wait_until

RIVALS = 8


def elsewhere(config: Config, tmp_path: Path, name: str) -> Config:
    """Another machine of the same festival; with the embedded database there is one, so another process of it."""
    return config if config.is_sqlite else replace(config, instance=tmp_path / name)


def asked_at_once(ask: Callable[[], bool], rivals: int = RIVALS) -> int:
    """How many of so many, who ask at one moment, are told yes."""
    ready, told = threading.Barrier(rivals), []

    def _ask() -> None:
        ready.wait(PATIENCE_S)
        told.append(ask())

    threads = [threading.Thread(target=_ask) for _ in range(rivals)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert len(told) == rivals
    return told.count(True)


def test_of_many_that_ask_at_once_one_has_the_place(config: Config, app: Flask, tmp_path: Path) -> None:
    places = [WorkerPlace(elsewhere(config, tmp_path, f"machine-{number}")) for number in range(RIVALS)]
    turn = iter(places)
    assert asked_at_once(lambda: next(turn).held()) == 1
    assert [place.held() for place in places].count(True) == 1, "and keeps it, however often it is asked"
    holder = next(place for place in places if place.held())
    holder.leave()
    follower = next(place for place in places if place is not holder and place.held())
    assert not holder.held()
    assert [place for place in places if place.held()] == [follower]
    for place in places:
        place.leave()


def test_a_place_that_is_read_and_then_taken_has_several(app: Flask) -> None:
    """The negative control: who looks whether a row is old, and writes it then, is not alone."""
    both_have_read = threading.Barrier(2)

    def naive() -> bool:
        with app.app_context():
            with reading():
                free = db.session.scalar(select(Pulse.at).where(Pulse.kind == PulseKind.WORKER)) is None
            both_have_read.wait(PATIENCE_S)
            if free:
                with transaction():
                    beat(PulseKind.WORKER)
            db.session.remove()
            return free

    assert asked_at_once(naive, rivals=2) == 2


def hold(config: Config, has: multiprocessing.synchronize.Event) -> None:
    place = WorkerPlace(config)
    while not place.held():
        time.sleep(0.02)
    has.set()
    time.sleep(PATIENCE_S)


def test_the_next_one_goes_on_after_kill_9(config: Config, app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        db.engine.dispose()
    context = multiprocessing.get_context("fork")
    has = context.Event()
    first = context.Process(target=hold, args=(config, has))
    first.start()
    assert has.wait(PATIENCE_S)
    second = WorkerPlace(elsewhere(config, tmp_path, "second"))
    assert not second.held()
    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)
    first.join(PATIENCE_S)
    wait_until(second.held, "the place")
    second.leave()


def test_a_worker_that_stands_by_does_nothing_until_the_place_is_free(
    config: Config, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "STANDBY_S", 0.05)
    done: list[int] = []
    register_chore(app, "counted", 0, lambda: done.append(1))
    other = WorkerPlace(elsewhere(config, tmp_path, "other"))
    assert other.held()
    stop = threading.Event()

    def work() -> None:
        with app.app_context():
            worker.run(stop)

    working = threading.Thread(target=work)
    working.start()
    try:
        time.sleep(0.4)
        assert done == []
        other.leave()
        wait_until(lambda: done, "the work")
        assert not other.held()
    finally:
        stop.set()
        working.join(PATIENCE_S)
    assert other.held(), "who was told to stop leaves the place"
    other.leave()


def test_a_session_that_was_ended_is_noticed_before_the_next_work(
    cluster: Cluster, postgresql_template: str, tmp_path: Path
) -> None:
    url = cluster.create(f"ended_{uuid.uuid4().hex[:8]}", postgresql_template)
    first, second = (WorkerPlace(settings_for_tests(tmp_path / name, url)) for name in ("first", "second"))
    assert (first.held(), second.held()) == (True, False)
    with psycopg.connect(url, autocommit=True) as connection:
        ended = (
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        assert connection.execute(ended, (LOCK & 0xFFFFFFFF,)).fetchall() == [(True,)]
    wait_until(second.held, "the place")
    assert not first.held()
    first.leave()
    second.leave()
