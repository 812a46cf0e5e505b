"""A whole festival with a plan, as the question that is asked when something stops; and the answer read back, for the checker."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random

from festival.schedule.mending.clashes import EVER
from festival.schedule.mending.shapes import NIGHT, MendAct, MendProblem, MendSession, MendSpot, Ranges, Spots, without
from festival.schedule.solver.shapes import DAY, ActToTime, AwaySpan, PlaceOfAct, WholeFestival
from festival.schedule.solver.whole.floors import floors_of
from festival.schedule.solver.whole.greedy import Search


def planned_whole(festival: WholeFestival, seed: int = 0, steps: int = 0) -> list[PlaceOfAct]:
    """A first plan, a little better when there are steps."""
    search = Search(festival, seed, floors_of(festival).cost)
    search.begin()
    done = iter(range(steps + 1))
    for _ in search.improve(lambda: next(done, steps) / steps if steps else 1.0):
        pass
    return search.plan()


def stopped(
    festival: WholeFestival,
    plan: Sequence[PlaceOfAct],
    gone: Sequence[AwaySpan] = (),
    shut: Sequence[tuple[str, int, int]] = (),
    *,
    at: int,
    cap: int,
) -> MendProblem:
    """What began before `at` stays, and what is of another day. `gone`: panels, families, people not there; `shut`: stages from when to when."""
    places = {each.act: each for each in plan}
    changeover = {each.code: each.changeover_min for each in festival.contests}
    binding = {each.code for each in festival.contests if each.order_binds}
    panels = {act.contest: [p.code for p in festival.panels if act.contest in p.contests] for act in festival.acts}

    def holds(act: ActToTime) -> dict[str, int]:
        families = {f"f{f}": festival.family_gap_min for f in act.families}
        return families | {f"p{p}": 0 for p in act.people} | {f"h{h}": 0 for h in panels[act.contest]}

    def rooms(act: ActToTime) -> dict[str, Ranges]:
        away = [each for each in (*festival.away, *gone) if f"{_KIND[each.kind]}{each.code}" in holds(act)]
        found: dict[str, list[tuple[int, int]]] = {}
        for window in festival.windows:
            if festival.takes(window, act.contest) and window.ends - max(window.begins, at) >= act.minutes:
                found.setdefault(window.stage, []).append((max(window.begins, at), window.ends - act.minutes))
        for stage, ranges in found.items():
            left = without(ranges, -EVER, at - 1)
            for begins, ends in [(each.begins, each.ends) for each in away] + [
                (b, e) for code, b, e in shut if code == stage
            ]:
                left = without(left, begins - act.minutes + 1, ends - 1)
            found[stage] = left
        return {stage: tuple(sorted(ranges)) for stage, ranges in found.items() if ranges}

    acts = [
        MendAct(
            act.code, act.minutes, changeover[act.contest], MendSpot(places[act.code].stage, places[act.code].at),
            {} if _stays(places[act.code].at, at) else rooms(act), act.families, holds(act), _stays(places[act.code].at, at),
        )
        for act in festival.acts
        if act.code in places
    ]  # fmt: skip
    drawn: dict[str, list[ActToTime]] = {}
    for act in sorted(festival.acts, key=lambda each: each.number or 0):
        if act.contest in binding and act.number is not None and act.code in places:
            drawn.setdefault(act.contest, []).append(act)
    return MendProblem(
        tuple(acts),
        {each.code: MendSession(each.code) for each in festival.stages},
        cap,
        tuple((one.code, other.code, 0) for own in drawn.values() for one, other in pairwise(own)),
    )


_KIND = {"family": "f", "person": "p", "panel": "h"}


def _stays(begins: int, at: int) -> bool:
    """It has begun, or is of another day."""
    return begins < at or (begins - NIGHT) // DAY != (at - NIGHT) // DAY


def plan_of(spots: Spots) -> list[PlaceOfAct]:
    """Back as the checker reads it."""
    return [PlaceOfAct(code, spot.session, spot.at) for code, spot in spots.items()]


def tiny(seed: int) -> MendProblem:
    """Five acts at most, on two stages, of which one has to go."""
    dice = Random(seed)
    sessions = {"a": MendSession("a"), "b": MendSession("b"), "c": MendSession("a")}
    places: dict[str, int] = {}
    acts = []
    for at in range(dice.randint(3, 5)):
        minutes, stage = dice.randint(2, 4), dice.choice("ab")
        begins = places.get(stage, dice.randint(100, 102))
        places[stage] = begins + minutes + 1 + dice.choice((0, 0, 0, 2))
        family = f"f{dice.randrange(3)}"
        other = {dice.choice("abc"): ((98, 112),)} if dice.random() < 0.5 else {}
        acts.append(
            MendAct(
                f"a{at}",
                minutes,
                1,
                MendSpot(stage, begins),
                {**other, stage: ((96, 116),)},
                (family,),
                {family: 2 * (family == "f0") * (at % 2)},
            )
        )
    hit = dice.randrange(len(acts))
    low = acts[hit].was.at - dice.randint(0, 2)  # type: ignore[union-attr]
    rooms = {code: tuple(without(r, low, low + dice.randint(1, 4))) for code, r in acts[hit].rooms.items()}
    acts[hit] = MendAct(*(getattr(acts[hit], f) if f != "rooms" else rooms for f in MendAct.__slots__))
    after = (("a0", "a1", 0),) if dice.random() < 0.4 and acts[0].was.at <= acts[1].was.at else ()  # type: ignore[union-attr]
    return MendProblem(tuple(acts), sessions, dice.randint(1, 3), after)
