"""The count is one for all workers: two applications on one storage let exactly the allowed number through."""

from __future__ import annotations

import threading

import pytest
import time_machine
from flask import Flask

from config import Config
from festival.core.clock import now
from festival.core.web.limiter import SharedStorage
from tests.harness.waiting import PATIENCE_S

pytestmark = pytest.mark.either_database


def storages(app: Flask, count: int) -> list[SharedStorage]:
    config: Config = app.config["FESTIVAL"]
    target = app.config["RATELIMIT_STORAGE_URI"]
    config.instance.mkdir(parents=True, exist_ok=True)
    return [SharedStorage(target) for _ in range(count)]


def test_many_workers_count_together(app: Flask) -> None:
    workers = storages(app, 8)
    seen: list[int] = []

    def _try(storage: SharedStorage) -> None:
        seen.extend(storage.incr("sign-in/10.0.0.1", 60) for _ in range(5))

    threads = [threading.Thread(target=_try, args=(storage,)) for storage in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert sorted(seen) == list(range(1, 41)), "each try has its own number, so exactly 10 of 40 are let through"


def test_the_count_begins_anew_after_its_time(app: Flask) -> None:
    (storage,) = storages(app, 1)
    with time_machine.travel(now(), tick=False) as clock:
        assert [storage.incr("k", 60), storage.incr("k", 60)] == [1, 2]
        clock.shift(59)
        assert storage.incr("k", 60) == 3
        clock.shift(1)
        assert storage.incr("k", 60) == 1
    storage.clear("k")
    assert storage.get("k") == 0


@pytest.mark.both_databases
def test_several_counts_are_one_statement_and_each_its_own(app: Flask) -> None:
    workers = storages(app, 8)
    seen: list[dict[str, int]] = []

    def _try(number: int, storage: SharedStorage) -> None:
        # Everybody has the edition in common, half of them the network, nobody the phone.
        wanted = [("edition", 60.0), (f"network-{number % 2}", 60.0), (f"phone-{number}", 120.0)]
        seen.extend(storage.incr_each(wanted) for _ in range(5))

    threads = [threading.Thread(target=_try, args=each) for each in enumerate(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert sorted(each["edition"] for each in seen) == list(range(1, 41))
    assert sorted(each["network-0"] for each in seen if "network-0" in each) == list(range(1, 21))
    assert sorted(each["phone-7"] for each in seen if "phone-7" in each) == list(range(1, 6))
    storage = workers[0]
    assert storage.incr_each([("edition", 60.0), ("new", 60.0)], -1) == {"edition": 39, "new": -1}
    with time_machine.travel(now(), tick=False) as clock:
        assert storage.incr_each([("short", 10), ("long", 60)]) == {"short": 1, "long": 1}
        clock.shift(10)
        assert storage.incr_each([("short", 10), ("long", 60)]) == {"short": 1, "long": 2}
