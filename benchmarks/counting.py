"""What do the numbers for a watching machine cost a check-in?

One process, one scan a request, without a socket: blocks of scans go by turns through the counting and past it, in one
program on one database; processor time. Beside it the same counts by the client library's own mode for several
processes, and the counting alone.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from flask import Flask
from prometheus_client import CollectorRegistry, Counter, Histogram, values
from werkzeug.test import EnvironBuilder

from benchmarks.measure import Bench, commit, engine_version
from festival.core.metrics import counting
from festival.core.metrics.sums import BUCKETS, Sums
from tests.devices.kit import Phone, enrolment, open_fair

BLOCK, BLOCKS = 10, 150
ALONE = 100_000


class Nothing:
    """Numbers that nobody adds to."""

    def add(self, *_what: str) -> None:
        """Not counted."""


def check_in(bench: Bench, database: str) -> None:
    """The difference, in per cent of a check-in."""
    usual, counts = counting._counted, [True]

    def either(app: Flask, sums: Sums, pages: Any) -> Any:
        counted = usual(app, sums, pages)
        return lambda environ, start: (counted if counts[0] else pages)(environ, start)  # noqa: PLW0108 - asked each time

    with patch.object(counting, "_counted", either):
        app, _config = bench.festival(database)
    sums = app.extensions["sums"]
    fair = open_fair(app, {f"Gia đình {number}": ["Danh Chung"] for number in range(2 * BLOCK * (BLOCKS + 1))})
    lists = iter(fair.lists.values())
    phone = Phone(app.test_client(), enrolment(app, fair))
    took: dict[bool, list[float]] = {True: [], False: []}
    for block in range(BLOCKS + 1):
        for way in (True, False) if block % 2 else (False, True):
            counts[0], app.extensions["sums"] = way, sums if way else Nothing()
            asked = [_asked(phone, next(lists)) for _each in range(BLOCK)]
            began = time.process_time()
            for environ in asked:
                b"".join(app(environ, _started))
            if block:  # the first one warms up
                took[way].append((time.process_time() - began) / BLOCK)
    without = statistics.median(took[False])
    more = statistics.quantiles((one - other for one, other in zip(took[True], took[False], strict=True)), n=4)
    alone, library = _alone(_ours(app, sums)), _alone(_by_library())
    line = {
        "what": "check-in, counted and not", "database": database, "engine": engine_version(database), "scans": BLOCK * BLOCKS * 2,
        "check_in_us": round(without * 1e6, 1), "counted_more_us": [round(each * 1e6, 1) for each in more],
        "difference_percent": round(more[1] / without * 100, 2),
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


def _ours(app: Flask, sums: Sums) -> Callable[[], None]:
    """The way through the counting, around a page that does nothing."""
    environ = {"REQUEST_METHOD": "POST", counting.ROUTE: "/api/v1/sync"}
    counted = counting._counted(app, sums, lambda _environ, start: start("200 OK", []) or ())

    def once() -> None:
        counted(environ, _started)
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
