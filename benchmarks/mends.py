"""How soon is a plan mended when a panel stops, and how near does that come to what nobody can beat? And what if one act came at another hour?

480 acts (120 families, 6 stages, 8 panels, 3 days, 76 % load) are planned first; then a panel stops in the middle of a morning, for 25 and for
45 minutes. The process is measured with its start. What-if is asked of 60 and of 480 acts, with everything else of that day free to move by 20 minutes.
`SEEDS=` sets how many festivals.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median

from benchmarks.measure import Bench
from festival.schedule.mending.answer import Mended, mended
from festival.schedule.mending.shapes import MendAct, Spots
from festival.schedule.solver.checker import broken_rules
from festival.schedule.solver.shapes import DAY, AwaySpan, PlaceOfAct, WholeFestival
from tests.schedule.festivals import FIRST, crowded
from tests.schedule.mended import plan_of, planned_whole, stopped

SEEDS = int(os.environ.get("SEEDS", "7"))
SECONDS = 10.0
STOPS_AT = FIRST + DAY + 9 * 60  # the second morning


def checked(festival: WholeFestival, plan: list[PlaceOfAct], gone: Sequence[AwaySpan] = ()) -> Callable[[Spots], bool]:
    """Nothing is broken by the independent checker; an act without a place has none before either."""
    stops, stood = replace(festival, away=(*festival.away, *gone)), {each.act for each in plan}
    unplaced = [act.code for act in festival.acts if act.code not in stood]

    def proper(spots: Spots) -> bool:
        return not broken_rules(stops, plan_of(spots), unplaced)

    return proper


def panel_stops(festival: WholeFestival, plan: list[PlaceOfAct], minutes: int) -> Mended:
    """The first panel is away for so long, from the end of the act it is judging."""
    judged = {act.code: act.minutes for act in festival.acts if act.contest == "c0"}
    ends = [each.at + judged[each.act] for each in plan if each.act in judged and each.at < STOPS_AT]
    begins = max(STOPS_AT, *ends)
    gone = [AwaySpan("panel", "h0", begins, begins + minutes)]
    problem = stopped(festival, plan, gone, at=STOPS_AT, cap=minutes + 20)
    return mended(problem, SECONDS, checked(festival, plan, gone))


def what_if(festival: WholeFestival, plan: list[PlaceOfAct], seconds: float) -> tuple[float, Mended]:
    """The first act of the second afternoon wishes to come at ten in the morning."""
    problem = stopped(festival, plan, at=FIRST + DAY + 6 * 60, cap=20)
    chosen = next(
        a.code for a in problem.acts if a.was is not None and a.was.at >= FIRST + DAY + 13 * 60 and not a.fixed
    )
    wanted = FIRST + DAY + 10 * 60

    def asked(act: MendAct) -> MendAct:
        rooms = dict.fromkeys(act.rooms, ((wanted, wanted),))
        return MendAct(act.code, act.minutes, act.changeover, act.was, rooms, act.families, act.holds, asked=True)

    acts = tuple(asked(act) if act.code == chosen else act for act in problem.acts)
    began = time.monotonic()
    found = mended(replace(problem, acts=acts), seconds, checked(festival, plan))
    return time.monotonic() - began, found


def mends(_bench: Bench, database: str) -> None:
    """It reads no database, so it is told once."""
    if database != "sqlite":
        return
    festivals = [(each, planned_whole(each, seed, 300)) for seed, each in enumerate(map(crowded, range(SEEDS)))]
    for minutes in (25, 45):
        found = [panel_stops(festival, plan, minutes) for festival, plan in festivals]
        print(json.dumps({
            "what": f"a panel stops {minutes} minutes at 480 acts", "festivals": len(found), "seconds": SECONDS,
            "mended": sum(each.spots is not None for each in found), "first_answer_s": [round(each.first_s, 2) for each in found],
            "families_and_bound": [[each.cost.families if each.cost else None, each.bound] for each in found],
            "proven_fewest": sum(each.fewest for each in found),
            "within_bound_125_or_3": sum(each.cost is not None and each.cost.families <= max(each.bound * 1.25, each.bound + 3) for each in found),
            "longest_move_min": [each.cost.longest if each.cost else None for each in found], "aim_first_answer_s": 1,
        }))  # fmt: skip
    for acts, several in ((60, [(f := crowded(seed, families=15, stages=2, contests=4, load=0.5), planned_whole(f, seed)) for seed in range(3)]),
                          (480, festivals[:3])):  # fmt: skip
        asked = [what_if(festival, plan, 2.8) for festival, plan in several]
        print(json.dumps({
            "what": f"what-if at {acts} acts", "seconds": [round(took, 2) for took, _ in asked], "median_s": round(median(took for took, _ in asked), 2),
            "families_and_bound": [[each.cost.families if each.cost else None, each.bound] for _, each in asked], "aim_s": 3,
        }))  # fmt: skip
