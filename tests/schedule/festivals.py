"""Made-up whole festivals, of the size of a real one and small odd ones, the same for the same seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from festival.schedule.solver.shapes import (
    ActToTime,
    AwaySpan,
    ContestToTime,
    OpenWindow,
    PlaceOfAct,
    SittingPanel,
    StageToFill,
    WholeFestival,
)
from festival.schedule.solver.whole.ground import StageGround
from festival.schedule.solver.whole.placing import Placing

DAY = 1440
FIRST = date(2024, 6, 14).toordinal() * DAY


def crowded(
    seed: int,
    *,
    families: int = 120,
    stages: int = 6,
    contests: int = 8,
    days: int = 3,
    load: float = 0.76,
    each: int = 4,
) -> WholeFestival:
    """Every family in `each` of the contests, each contest with a panel of its own; halves of the stages can take the same."""
    dice = Random(seed)
    halves = [range((stages + 1) // 2), range((stages + 1) // 2, stages)] if stages > 2 else [range(stages)]
    minutes = [dice.randint(8, 14) for _ in range(contests)]
    windows = [
        OpenWindow(f"s{stage}", FIRST + day * DAY + begins * 60 + 30, FIRST + day * DAY + begins * 60 + 270)
        for day in range(days)
        for stage in range(stages)
        for begins in (7, 13)
    ]
    acts = [
        ActToTime(f"a{family}-{contest}", f"c{contest}", minutes[contest], (f"f{family}",), (f"p{family}",))
        for family in range(families)
        for contest in sorted(dice.sample(range(contests), each))
    ]
    room = sum(window.ends - window.begins for window in windows)
    spare = load * room - sum(act.minutes for act in acts)
    return WholeFestival(
        acts=tuple(acts),
        contests=tuple(ContestToTime(f"c{at}", max(round(spare / len(acts)), 0)) for at in range(contests)),
        stages=tuple(
            StageToFill(f"s{stage}", frozenset(f"c{at}" for at in range(half, contests, len(halves))))
            for half, several in enumerate(halves)
            for stage in several
        ),
        panels=tuple(SittingPanel(f"h{at}", frozenset({f"c{at}"})) for at in range(contests)),
        windows=tuple(windows),
        longest_wait_min=None,
    )


def odd(seed: int) -> WholeFestival:
    """A small one with whatever a festival may have: shared acts, people of several families, evenings after midnight, orders."""
    dice = Random(seed)
    contests = [f"c{at}" for at in range(dice.randint(1, 4))]
    stages = [
        StageToFill(f"s{at}", frozenset(dice.sample(contests, dice.randint(1, len(contests))))) for at in range(3)
    ]
    stages.append(StageToFill("open", frozenset(contests)))
    windows = []
    for day in range(dice.randint(1, 3)):
        for stage in stages:
            begins = FIRST + day * DAY + dice.choice((450, 800, 1200))
            only = frozenset(dice.sample(contests, 1)) if stage.code != "open" and dice.random() < 0.3 else None
            windows.append(OpenWindow(stage.code, begins, begins + dice.randint(60, 300), only))
    families = [f"f{at}" for at in range(dice.randint(1, 9))]
    acts = []
    for at in range(dice.randint(1, 24)):
        who = tuple(dice.sample(families, min(len(families), dice.choice((0, 1, 1, 1, 1, 1, 2)))))
        people = tuple(dice.sample([f"p{each}" for each in range(8)], dice.randint(0, 2)))
        acts.append(ActToTime(f"a{at}", dice.choice(contests), dice.randint(3, 25), who, people, at + 1))
    if dice.random() < 0.2:
        acts += [ActToTime(f"b{at}", contests[0], 4, (families[0],)) for at in range(10)]
    panels = [SittingPanel(f"h{at}", frozenset(dice.sample(contests, 1))) for at in range(dice.randint(0, 3))]
    festival = WholeFestival(
        acts=tuple(acts),
        contests=tuple(ContestToTime(code, dice.choice((0, 2, 20)), dice.random() < 0.25) for code in contests),
        stages=tuple(stages),
        panels=tuple(panels),
        windows=tuple(windows),
        away=tuple(_away(dice, acts, panels)),
        family_gap_min=dice.choice((0, 5, 15)),
        longest_wait_min=dice.choice((None, 30, 75)),
        day_cost_min=dice.choice((0, 10, 120)),
    )
    return _locked(dice, festival)


def _away(dice: Random, acts: list[ActToTime], panels: list[SittingPanel]) -> list[AwaySpan]:
    who = [("family", code) for act in acts for code in act.families]
    who += [("person", code) for act in acts for code in act.people] + [("panel", each.code) for each in panels]
    found = []
    for kind, code in dice.sample(who, min(len(who), dice.randint(0, 3))):
        begins = FIRST + dice.randrange(0, 2 * DAY)
        found.append(AwaySpan(kind, code, begins, begins + dice.randint(30, 400)))
    return found


def _locked(dice: Random, festival: WholeFestival) -> WholeFestival:
    """One act fixed where it can be."""
    ground = StageGround(festival)
    if dice.random() < 0.5:
        Placing(ground, dice).insert(dice.choice([*ground.groups]))
    places: list[PlaceOfAct] = ground.plan(ground.stands)
    return replace(festival, locked=tuple(places[:2]))
