"""How many people a second can look at the programme and at the results, and what do they weigh?"""

from __future__ import annotations

from http.client import HTTPConnection
from os import getloadavg
from statistics import median

from benchmarks.limits import empty_served, of_empty
from benchmarks.load import Check, Outcome, request
from benchmarks.measure import CONNECTIONS, SEED, Bench, load, report, served
from festival.demo.build import build
from tests.house.growing import finish, grow

ROUNDS = 5
PHONE = {"Accept-Encoding": "gzip", "Accept-Language": "vi"}


def programme(bench: Bench, database: str, n: int = 8000) -> None:
    """The public programme page of the demo at its real size."""
    app, config = bench.festival(database)
    with app.app_context():
        build(75, SEED, "")
    asked = request("GET", "/programme", headers=PHONE)
    size = len(app.test_client().get("/programme", headers=PHONE).data)
    with served(app, config) as running:
        outcome, cpu = load(running, [[asked] * (n // CONNECTIONS)] * CONNECTIONS, lambda status, _body: status == 200)
    report("public programme page", database, outcome, cpu=cpu, connections=CONNECTIONS, bytes=size)


def results(bench: Bench, database: str, n: int = 6000) -> None:
    """The hour of the results: the public page with every contest published, and those who have it asking whether it is still so.

    The aims are parts of what the empty application gives: the page 25 %, the 304s 40 %. Both are asked by turns, and the middle
    of the rounds is told, by the clock and by the processor: another machine's work falls on single rounds.
    """
    app, config = bench.festival(database)
    grow(app, families=75, times=1)
    finish(app)
    with served(app, config) as running, empty_served(bench) as empty:
        tag, size = _as_served(running.port)
        asks: dict[str, tuple[bytes, Check]] = {
            "public page of results": (
                request("GET", "/results", headers=PHONE),
                lambda status, body: status == 200 and bool(body),
            ),
            "public page of results, 304": (
                request("GET", "/results", headers=PHONE | {"If-None-Match": tag}),
                lambda status, body: status == 304 and not body,
            ),
        }
        for what, (asked, fine) in asks.items():
            whole, cpu, parts = Outcome(), 0.0, []
            for _round in range(ROUNDS):
                least, least_cpu = of_empty(empty, n)
                outcome, own_cpu = load(running, [[asked] * (n // CONNECTIONS)] * CONNECTIONS, fine)
                parts.append((outcome.per_second / least.per_second, least_cpu / own_cpu))
                whole.latencies_s += outcome.latencies_s
                whole.errors += outcome.errors
                whole.elapsed_s += outcome.elapsed_s
                cpu += own_cpu
            rate, processor = (round(100 * median(each), 1) for each in zip(*parts, strict=True))
            report(
                what, database, whole, cpu=cpu, connections=CONNECTIONS, bytes=size, rounds=ROUNDS,
                percent_of_empty=rate, percent_of_empty_by_cpu=processor, load=round(getloadavg()[0], 1),
            )  # fmt: skip


def _as_served(port: int) -> tuple[str, int]:
    """The ETag and the bytes of the page as this server gives it: it names the release it is of."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/results", headers=PHONE)
    answer = connection.getresponse()
    size = len(answer.read())
    connection.close()
    return answer.headers["ETag"], size
