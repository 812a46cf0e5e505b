"""How many people a second can look at the programme and at the results, and what do they weigh?"""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPConnection

from benchmarks.limits import of_empty
from benchmarks.load import request
from benchmarks.measure import CONNECTIONS, SEED, Bench, load, report, served
from festival.demo.build import build
from tests.house.growing import finish, grow

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


def results(bench: Bench, database: str, n: int = 8000) -> None:
    """The hour of the results: the public page with every contest published, and those who have it asking whether it is still so.

    The aims are parts of what the empty application gives in the same sitting: the page 25 %, the 304s 40 %.
    """
    app, config = bench.festival(database)
    grow(app, families=75, times=1)
    finish(app)
    empty = of_empty(bench).per_second
    with served(app, config) as running:
        tag, size = _as_served(running.port)
        again = request("GET", "/results", headers=PHONE | {"If-None-Match": tag})
        asks: dict[str, tuple[bytes, Callable[[int, bytes], bool]]] = {
            "public page of results": (
                request("GET", "/results", headers=PHONE),
                lambda status, body: status == 200 and bool(body),
            ),
            "public page of results, 304": (again, lambda status, body: status == 304 and not body),
        }
        for what, (asked, fine) in asks.items():
            outcome, cpu = load(running, [[asked] * (n // CONNECTIONS)] * CONNECTIONS, fine)
            part = round(100 * outcome.per_second / empty, 1)
            report(
                what, database, outcome, cpu=cpu, connections=CONNECTIONS, bytes=size,
                empty_per_second=round(empty, 1), percent_of_empty=part,
            )  # fmt: skip


def _as_served(port: int) -> tuple[str, int]:
    """The ETag and the bytes of the page as this server gives it: it names the release it is of."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/results", headers=PHONE)
    answer = connection.getresponse()
    size = len(answer.read())
    connection.close()
    return answer.headers["ETag"], size
