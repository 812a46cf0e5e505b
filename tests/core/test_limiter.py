"""The count is one for all workers: two applications on one storage let exactly the allowed number through."""

from __future__ import annotations

import threading
import time

from flask import Flask

from config import Config
from festival.core.limiter import SharedStorage


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
        thread.join(30)
    assert sorted(seen) == list(range(1, 41)), "each try has its own number, so exactly 10 of 40 are let through"


def test_the_count_begins_anew_after_its_time(app: Flask) -> None:
    (storage,) = storages(app, 1)
    assert [storage.incr("k", 1), storage.incr("k", 1)] == [1, 2]
    time.sleep(1.1)
    assert storage.incr("k", 1) == 1
    storage.clear("k")
    assert storage.get("k") == 0
