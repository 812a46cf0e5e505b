"""How soon is there a plan of a whole festival, and how near does it come to what no plan can beat?

The worker's process is measured, its start included: 60 acts (15 families, 2 stages, 3 days) to the proof; 480 acts (120 families, 6
stages, 8 panels, 3 days, 76 % load) for a minute on ten made-up festivals; the same with one contest whose drawn order binds, beside the plan
without it. `SECONDS=` and `SEEDS=` shorten it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from dataclasses import replace
from random import Random
from statistics import median

from benchmarks.measure import Bench
from festival.schedule.solver.answer import TimedPlan, plans_of
from festival.schedule.solver.capacity import too_much
from festival.schedule.solver.checker import waits_of
from festival.schedule.solver.shapes import WholeFestival
from festival.schedule.solver.whole.floors import contradictions, floors_of
from tests.schedule.festivals import crowded

SECONDS = float(os.environ.get("SECONDS", "60"))
SEEDS = int(os.environ.get("SEEDS", "10"))


def solved(festival: WholeFestival, seconds: float, seed: int) -> tuple[float, TimedPlan]:
    """Seconds until the first plan with a place for every act stood here, and the last plan."""
    began, first = time.monotonic(), 0.0
    best = None
    for plan in plans_of(festival, seconds, seed):
        first = first or (0.0 if plan.unplaced else time.monotonic() - began)
        best = plan
    if best is None:
        raise RuntimeError("no plan")
    return first, best


def drawn(festival: WholeFestival, contests: int, seed: int) -> WholeFestival:
    """The same with a drawn order that binds in so many contests."""
    dice, number = Random(seed), {}
    for code in [contest.code for contest in festival.contests[:contests]]:
        acts = [act.code for act in festival.acts if act.contest == code]
        dice.shuffle(acts)
        number |= {act: at + 1 for at, act in enumerate(acts)}
    return replace(
        festival,
        acts=tuple(replace(act, number=number.get(act.code)) for act in festival.acts),
        contests=tuple(replace(each, order_binds=at < contests) for at, each in enumerate(festival.contests)),
    )


def above(plan: TimedPlan) -> float:
    """Per cent above the bound; a plan that leaves acts out counts as 100."""
    return round(100 * plan.gap, 2) if plan.gap is not None else 100.0


def large(festivals: Iterable[WholeFestival], what: str, seconds: float) -> None:
    """One line for several festivals."""
    found = [(festival, *solved(festival, seconds, seed)) for seed, festival in enumerate(festivals)]
    gaps = sorted(above(plan) for _, _, plan in found)
    waits = [max(waits_of(festival, plan.plan).values()) for festival, _, plan in found]
    print(json.dumps({
        "what": what, "seconds": seconds, "festivals": len(found),
        "first_plan_s": round(max(first for _, first, _ in found), 2), "aim_first_plan_s": 5,
        "above_floor_percent": gaps, "median_percent": median(gaps), "aim_median_percent": 0.5, "aim_worst_percent": 2.5,
        "longest_wait_min": waits, "median_longest_wait_min": median(waits), "aim_longest_wait_min": 75,
        "unplaced": sum(len(plan.unplaced) for _, _, plan in found),
    }))  # fmt: skip


def timetables(_bench: Bench, database: str) -> None:
    """It reads no database, so it is told once."""
    if database != "sqlite":
        return
    sixty = crowded(1, families=15, stages=2, contests=4, load=0.5)
    began = time.monotonic()
    _, plan = solved(sixty, 10, 1)
    print(json.dumps({
        "what": "60 acts, 2 stages, 3 days", "proven": plan.proven, "above_floor_percent": above(plan),
        "proven_after_s": plan.seconds, "with_the_start_of_the_process_s": round(time.monotonic() - began, 2), "aim_s": 2,
    }))  # fmt: skip
    large(
        (crowded(seed) for seed in range(SEEDS)),
        "480 acts, 120 families, 6 stages, 8 panels, 3 days, 76 % load",
        SECONDS,
    )
    large((drawn(crowded(seed), 1, seed) for seed in range(3)), "the same, a drawn order binds in one contest", SECONDS)
    full = crowded(1, load=1.3)
    began = time.process_time()
    short = too_much(full)
    print(json.dumps({
        "what": "480 acts for 130 % of the minutes: the sum and what to leave out",
        "cpu_ms": round((time.process_time() - began) * 1000, 1), "leave_out": sum(len(each.leave_out) for each in short), "aim_ms": 100,
    }))  # fmt: skip
    began = time.process_time()
    found = contradictions(full, floors_of(full))
    print(json.dumps({
        "what": "each of 480 acts alone with its family", "contradictions": len(found),
        "cpu_ms": round((time.process_time() - began) * 1000, 1), "aim_ms": 2000,
    }))  # fmt: skip
