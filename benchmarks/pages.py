"""How many people a second can look at the programme, and what does it weigh?"""

from __future__ import annotations

from benchmarks.load import request
from benchmarks.measure import CONNECTIONS, SEED, Bench, load, report, served
from festival.demo.build import build

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
