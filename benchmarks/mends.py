"""How soon is a plan mended when a panel stops, and how near does that come to what nobody can beat? And what if one act came at another hour?

480 acts (120 families, 6 stages, 8 panels, 3 days, 76 % load) are planned first; then a panel stops in the middle of a morning, for 25 and for
45 minutes. What is there at once, without a solver, is told by itself, by the clock and in processor's time; the search is measured with the
start of its process. What-if is asked of 60 and of 480 acts, with everything else of that day free to move by 20 minutes.
`SEEDS=` sets how many festivals.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from benchmarks.measure import Bench
from festival.schedule.mending.answer import Mended, mended
from festival.schedule.mending.shapes import MendAct, MendProblem, Spots
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


@dataclass(frozen=True, slots=True)
class Mending:
    """What is there at once, with its seconds by the clock and of the processor, and what there is in the end."""

    first: Mended
    clock_s: float
    cpu_s: float
    last: Mended

    @property
    def families(self) -> list[int | None]:
        """At once, in the end, and how few it must be."""
        return [None if each.cost is None else each.cost.families for each in (self.first, self.last)] + [
            self.last.bound
        ]


def asked_twice(problem: MendProblem, seconds: float, proper: Callable[[Spots], bool]) -> Mending:
    """As the page asks: at once, then for a better answer."""
    began, cpu = time.monotonic(), time.process_time()
    first = mended(problem, 0, proper)
    clock_s, cpu_s = time.monotonic() - began, time.process_time() - cpu
    return Mending(
        first, round(clock_s, 2), round(cpu_s, 2), mended(problem, seconds, proper, first.spots, first.bound)
    )


def panel_stops(festival: WholeFestival, plan: list[PlaceOfAct], minutes: int) -> Mending:
    """The first panel is away for so long, from the end of the act it is judging."""
    judged = {act.code: act.minutes for act in festival.acts if act.contest == "c0"}
    ends = [each.at + judged[each.act] for each in plan if each.act in judged and each.at < STOPS_AT]
    begins = max(STOPS_AT, *ends)
    gone = [AwaySpan("panel", "h0", begins, begins + minutes)]
    problem = stopped(festival, plan, gone, at=STOPS_AT, cap=minutes + 20)
    return asked_twice(problem, SECONDS, checked(festival, plan, gone))


def what_if(festival: WholeFestival, plan: list[PlaceOfAct], seconds: float) -> Mending:
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
    return asked_twice(replace(problem, acts=acts), seconds, checked(festival, plan))


def mends(_bench: Bench, database: str) -> None:
    """It reads no database, so it is told once."""
    if database != "sqlite":
        return
    festivals = [(each, planned_whole(each, seed, 300)) for seed, each in enumerate(map(crowded, range(SEEDS)))]
    for minutes in (25, 45):
        found = [panel_stops(festival, plan, minutes) for festival, plan in festivals]
        ended = [each.last for each in found]
        print(json.dumps({
            "what": f"a panel stops {minutes} minutes at 480 acts", "festivals": len(found), "seconds": SECONDS,
            "mended_at_once": sum(each.first.spots is not None for each in found), "mended": sum(each.spots is not None for each in ended),
            "impossible": sum(each.impossible for each in ended),
            "first_answer_s": [each.clock_s for each in found], "first_answer_cpu_s": [each.cpu_s for each in found],
            "families_first_last_bound": [each.families for each in found],
            "proven_fewest": sum(each.fewest for each in ended),
            "within_bound_125_or_3": sum(each.cost is not None and each.cost.families <= max(each.bound * 1.25, each.bound + 3) for each in ended),
            "longest_move_min": [each.cost.longest if each.cost else None for each in ended], "aim_first_answer_s": 1,
        }))  # fmt: skip
    for acts, several in ((60, [(f := crowded(seed, families=15, stages=2, contests=4, load=0.5), planned_whole(f, seed)) for seed in range(3)]),
                          (480, festivals[:3])):  # fmt: skip
        asked = [what_if(festival, plan, 3.0) for festival, plan in several]
        print(json.dumps({
            "what": f"what-if at {acts} acts", "first_answer_s": [each.clock_s for each in asked], "first_answer_cpu_s": [each.cpu_s for each in asked],
            "impossible": sum(each.last.impossible for each in asked), "families_first_last_bound": [each.families for each in asked], "aim_s": 3,
        }))  # fmt: skip
