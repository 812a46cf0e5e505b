"""How long until one running order is proven best, and how good is it where it cannot be proven in time?

The published instances (`tests/vectors/published_orders.json`), made-up orders of 20 to 34 different casts, and of acts between which
people change costume. Each is solved as `flask schedule solve` does it, in a process of its own, its start included. `best_known` is
the published optimum, or the best of all runs that were made.
"""

from __future__ import annotations

import json
import resource

from benchmarks.measure import SEED, Bench
from config import ROOT
from festival.schedule.orders.merged import merged
from festival.schedule.orders.reading import read_order
from festival.schedule.orders.solving import found_order
from festival.schedule.orders.wanted import WantedOrder
from tests.harness.made_orders import BEST_KNOWN, made_changes, made_order

SECONDS = 20.0
CASTS = (20, 22, 24, 26, 28, 34)
ACTS = (12, 14, 17, 20, 40)


def figures(what: str, wanted: WantedOrder, best: int | None = None) -> dict[str, object]:
    """One line of what came out."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = found_order(wanted, SECONDS, SEED)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = {key: found.told(wanted)[key] for key in ("cost", "bound", "gap", "proven", "seconds")}
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    spent = {"cpu_s": round(cpu, 2), "largest_so_far_mb": after.ru_maxrss // 1024}
    return {"what": what} | said | ({"best_known": best} if best else {}) | spent


def running_orders(_bench: Bench, database: str) -> None:
    """One line an instance, the small ones first; no database is read, so it is told once."""
    if database != "sqlite":
        return
    published = json.loads((ROOT / "tests" / "vectors" / "published_orders.json").read_text("utf-8"))["cases"]
    for case in published:
        wanted = read_order(case["file"])
        print(json.dumps(figures(f"order, published: {case['what']}", wanted, case["optimum"])), flush=True)
    for size in ACTS:
        print(json.dumps(figures(f"order, quick changes, {size} acts", made_changes(size))), flush=True)
    for size in CASTS:
        wanted = made_order(size)
        casts = len(merged(wanted).blocks)
        print(json.dumps(figures(f"order, presence, {casts} casts", wanted, BEST_KNOWN.get(size))), flush=True)
