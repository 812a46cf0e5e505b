"""What do the numbers for a watching machine cost a check-in?

One process, one scan a request, without a socket: blocks of scans go by turns to the program as it is and to the same program
that counts nothing, on one database; processor time. Beside it the same counts by the client library's own mode for several
processes, and the counting alone.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from typing import Any
from unittest.mock import patch

from flask import Flask
from prometheus_client import CollectorRegistry, Counter, Histogram, values
from werkzeug.test import EnvironBuilder

from benchmarks.measure import Bench, commit, engine_version
from festival.core.metrics import counting
from festival.core.metrics.sums import BUCKETS, Sums
from festival.factory import create_app
from tests.devices.kit import Phone, enrolment, open_fair

BLOCK, BLOCKS = 40, 80
ALONE = 100_000


class Nothing:
    """Numbers that nobody adds to."""

    def add(self, *_what: str) -> None:
        """Not counted."""


def uncounted(app: Flask, kinds: Iterable[str], refusals: Iterable[str]) -> None:
    """In place of `init_counting`."""
    app.extensions["sums"] = Nothing()


def check_in(bench: Bench, database: str) -> None:
    """The difference, in per cent of a check-in."""
    counted, config = bench.festival(database)
    with patch.object(counting, "init_counting", uncounted):
        bare = create_app(config)
    fair = open_fair(counted, {f"Gia đình {number}": ["Danh Chung"] for number in range(2 * BLOCK * (BLOCKS + 1))})
    lists = iter(fair.lists.values())
    phones = [
        Phone(app.test_client(), enrolment(app, fair, station=name)) for app, name in ((counted, "A"), (bare, "B"))
    ]
    took: list[list[float]] = [[], []]
    for block in range(BLOCKS + 1):
        for way in (0, 1) if block % 2 else (1, 0):
            app, phone = (counted, bare)[way], phones[way]
            asked = [_asked(phone, next(lists)) for _each in range(BLOCK)]
            began = time.process_time()
            for environ in asked:
                b"".join(app(environ, _started))
            if block:  # the first one warms up
                took[way].append((time.process_time() - began) / BLOCK)
    with_counts, without = (statistics.median(each) for each in took)
    alone, library = _alone(_ours(counted)), _alone(_by_library())
    line = {
        "what": "check-in, counted and not", "database": database, "engine": engine_version(database), "scans": BLOCK * BLOCKS * 2,
        "counted_us": round(with_counts * 1e6, 1), "uncounted_us": round(without * 1e6, 1),
        "difference_percent": round((with_counts / without - 1) * 100, 2),
        "counting_alone_us": round(alone * 1e6, 2), "alone_percent": round(alone / without * 100, 2),
        "by_the_library_us": round(library * 1e6, 2), "commit": commit(), "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _asked(phone: Phone, list_id: str) -> dict[str, Any]:
    body = json.dumps({"v": 2, "mutations": [phone.scan(list_id)]}).encode()
    headers = {"Authorization": f"Bearer {phone.token}", "Content-Type": "application/json"}
    return EnvironBuilder("/api/v1/sync", method="POST", data=body, headers=headers).get_environ()


def _started(status: str, _headers: list[tuple[str, str]], *_failed: Any) -> Any:
    assert status == "200 OK"


def _ours(app: Flask) -> Callable[[], None]:
    sums: Sums = app.extensions["sums"]

    def once() -> None:
        began = time.perf_counter()
        sums.answered("POST", "/api/v1/sync", "200 OK", time.perf_counter() - began, 1)
        sums.add("mutations", "scan", "applied")

    return once


def _by_library() -> Callable[[], None]:
    """The same three numbers as the library counts them between processes."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="festival-bench-")
    values.ValueClass = values.MultiProcessValue()
    registry = CollectorRegistry()
    requests = Counter("r", "r", ("method", "route", "status"), registry=registry)
    times = Histogram("t", "t", ("method", "route"), buckets=BUCKETS, registry=registry)
    mutations = Counter("m", "m", ("kind", "verdict"), registry=registry)
    for family, labels in (
        (requests, ("POST", "/api/v1/sync", "2xx")),
        (times, ("POST", "/api/v1/sync")),
        (mutations, ("scan", "applied")),
    ):
        family.labels(*labels)

    def once() -> None:
        began = time.perf_counter()
        requests.labels("POST", "/api/v1/sync", "2xx").inc()
        times.labels("POST", "/api/v1/sync").observe(time.perf_counter() - began)
        mutations.labels("scan", "applied").inc()

    return once


def _alone(once: Callable[[], None]) -> float:
    began = time.process_time()
    for _each in range(ALONE):
        once()
    return (time.process_time() - began) / ALONE
