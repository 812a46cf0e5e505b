"""How much processor does the secretary's map of 75 acts and nine judges cost, drawn whole and when nothing is new?

In this process, one request after the other; the time is the process's own, because on a machine that others use too the clock says
something of them. The bound is the issue's: 50 ms and 10 KB.
"""

from __future__ import annotations

import gzip
import json
import time
from datetime import timedelta

from benchmarks.measure import Bench, commit, engine_version
from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.core.clock import now
from festival.core.transaction import transaction
from tests.judging.panel_cast import cast
from tests.results.test_secretary_map import large, on_stage

ENTRIES, JUDGES = 75, 9
TIMES = 25
MOST_MS, MOST_KB = 50, 10


def seat_map(bench: Bench, database: str) -> None:
    """Every sheet but those of five acts is there; all acts are over."""
    app, _config = bench.festival(database)
    app.config["TESTING"] = True
    with app.app_context():
        panel = cast(entries=ENTRIES)
        large(panel, JUDGES)
        on_stage(panel, *([now() - timedelta(minutes=60)] * ENTRIES))
        with transaction():
            token = open_sign_in(panel.users["secretary"], 1).token
    client = app.test_client()
    client.set_cookie(SESSION_COOKIE, token)
    address = "/panel/tai-nang/matrix?page=1"
    for what, tag in (("whole", ""), ("nothing new", client.get(address).headers["ETag"])):
        took = []
        for _each in range(TIMES):
            busy = time.process_time()
            answer = client.get(address, headers={"If-None-Match": tag})
            took.append((time.process_time() - busy) * 1000)
        took.sort()
        kb = len(gzip.compress(answer.data, 6)) / 1024
        line = {
            "what": f"map, {what}", "database": database, "entries": ENTRIES, "judges": JUDGES, "status": answer.status_code,
            "cpu_ms": round(took[len(took) // 2], 1), "cpu_ms_least": round(took[0], 1), "kb": round(kb, 1), "n": TIMES,
            "within": took[0] <= MOST_MS and kb <= MOST_KB, "engine": engine_version(database), "commit": commit(),
        }  # fmt: skip
        print(json.dumps(line, ensure_ascii=False), flush=True)
