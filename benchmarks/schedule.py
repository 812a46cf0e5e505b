"""How long until one running order is proven best, and how good is it where it cannot be proven in time?

The published instances (`tests/vectors/published_orders.json`), made-up orders of 20 to 34 different casts, and of acts between which
people change costume. Each is solved as `flask schedule solve` does it, in a process of its own, its start included. `best_known` is
the published optimum, or the best of all runs that were made.
"""

from __future__ import annotations

import json
import resource
from random import Random

from benchmarks.measure import SEED, Bench
from config import ROOT
from festival.schedule.orders.merged import merged
from festival.schedule.orders.reading import read_order
from festival.schedule.orders.solving import found_order
from festival.schedule.orders.wanted import OrderObjective, OrderPerson, WantedOrder

SECONDS = 20.0
CASTS = (20, 22, 24, 26, 28, 34)
ACTS = (12, 14, 17, 20, 40)
BEST_KNOWN = {28: 1867, 34: 2201}


def made(size: int, objective: OrderObjective, seed: int = SEED) -> WantedOrder:
    """Acts of 2 to 6 minutes with two to four of half as many people in each; no two of the same cast."""
    dice = Random(f"{seed} {size} {objective}")
    casts: set[tuple[int, ...]] = set()
    while len(casts) < size:
        casts.add(tuple(sorted(dice.sample(range(size // 2), dice.randint(2, 4)))))
    acts = sorted(casts, key=lambda _cast: dice.random())
    return WantedOrder(
        codes=tuple(str(at + 1) for at in range(size)),
        minutes=tuple(dice.randint(2, 6) for _act in acts),
        people=tuple(
            OrderPerson(dice.randint(1, 5), sum(1 << at for at, cast in enumerate(acts) if who in cast))
            for who in range(size // 2)
        ),
        objective=objective,
    )


def costumes(size: int, seed: int = SEED) -> WantedOrder:
    """As many people as acts, in three to four acts each."""
    dice = Random(f"{seed} costumes {size}")
    people = tuple(
        OrderPerson(1, sum(1 << act for act in dice.sample(range(size), dice.randint(3, 4)))) for _who in range(size)
    )
    return WantedOrder(tuple(str(at + 1) for at in range(size)), (4,) * size, people, OrderObjective.QUICK_CHANGES)


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
        print(json.dumps(figures(f"order, quick changes, {size} acts", costumes(size))), flush=True)
    for size in CASTS:
        wanted = made(size, OrderObjective.PRESENCE)
        casts = len(merged(wanted).blocks)
        print(json.dumps(figures(f"order, presence, {casts} casts", wanted, BEST_KNOWN.get(size))), flush=True)
