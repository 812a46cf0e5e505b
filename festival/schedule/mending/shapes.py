"""What is to be mended, what is an answer, and what does one cost? Plain values of the solver's process; moments are whole minutes.

A plan stands; something makes some of its acts impossible where they are, or one act is asked for at another hour. What cannot
be at all for one act alone is not among its `rooms`; what two acts cannot be together `clashes.bad` says. An answer moves, in this order:
the fewest families, then the fewest minutes, then with the least waiting; no act further than `cap`, or, where it has nowhere to be within that, than `cap` beyond.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from festival.schedule.solver.shapes import DAY

Ranges = tuple[tuple[int, int], ...]
NIGHT = 180  # an evening belongs to its day until three in the morning


@dataclass(frozen=True, slots=True)
class MendSpot:
    """In which session an act begins, and when."""

    session: str
    at: int


@dataclass(frozen=True, slots=True)
class MendSession:
    """Its stage; who works together there is bound from `bound_from` on."""

    stage: str
    bound_from: int | None = None


@dataclass(frozen=True, slots=True)
class MendAct:
    """An act and where it may begin (session → first and last minutes). `holds`: who must be there, each with the minutes they need
    before it and after it. `fixed`: it stays, whatever happens. `asked`: it is the one that is to move: it counts for nobody.
    """

    code: str
    minutes: int
    changeover: int
    was: MendSpot | None
    rooms: Mapping[str, Ranges]
    families: tuple[str, ...] = ()
    holds: Mapping[str, int] = field(default_factory=dict)
    fixed: bool = False
    asked: bool = False

    @property
    def whose(self) -> tuple[str, ...]:
        """Who is disturbed when it moves."""
        return self.families or (f"\0{self.code}",)

    @property
    def stays(self) -> bool:
        """May it be where it was?"""
        return self.was is not None and inside(self.was.at, self.rooms.get(self.was.session, ()))

    @property
    def need(self) -> int:
        """How far it has to move at least, were it alone."""
        if self.was is None or self.stays:
            return 0
        at = self.was.at
        ways = [max(low - at, at - high, 0) for ranges in self.rooms.values() for low, high in ranges]
        return min(ways, default=0)

    @property
    def home(self) -> int:
        """From where its way is counted: where it was, else the first minute at which it could be."""
        firsts = (low for ranges in self.rooms.values() for low, _ in ranges)
        return min(firsts, default=0) if self.was is None else self.was.at

    def way(self, at: int) -> int:
        """How far that is, in minutes."""
        return abs(at - self.home)


@dataclass(frozen=True, slots=True)
class MendProblem:
    """`after`: (a, b, minutes): b begins no earlier than so long after a
    began. `precede`: two sessions with one judge: the acts of the first are over before the second begins.
    """

    acts: tuple[MendAct, ...]
    sessions: Mapping[str, MendSession]
    cap: int
    after: tuple[tuple[str, str, int], ...] = ()
    precede: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For the solver's process."""
        return {
            "acts": [
                [a.code, a.minutes, a.changeover, None if a.was is None else [a.was.session, a.was.at],
                 {session: list(ranges) for session, ranges in a.rooms.items()}, a.families, dict(a.holds), a.fixed, a.asked]
                for a in self.acts
            ],
            "sessions": {code: [each.stage, each.bound_from] for code, each in self.sessions.items()},
            "cap": self.cap, "after": self.after, "precede": self.precede,
        }  # fmt: skip


def problem_from_json(said: Mapping[str, Any]) -> MendProblem:
    """The way back of `as_json`."""
    return MendProblem(
        tuple(
            MendAct(code, minutes, changeover, None if was is None else MendSpot(*was),
                    {session: tuple((low, high) for low, high in ranges) for session, ranges in rooms.items()},
                    tuple(families), holds, fixed, asked)
            for code, minutes, changeover, was, rooms, families, holds, fixed, asked in said["acts"]
        ),
        {code: MendSession(*each) for code, each in said["sessions"].items()},
        said["cap"], tuple(tuple(each) for each in said["after"]), tuple(tuple(each) for each in said["precede"]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class MendCost:
    """The less the better, in this order; `longest`, the furthest that one of the others is moved, has its cap. `waiting`: minutes all families wait together, over all days."""

    families: int
    minutes: int
    waiting: int
    longest: int = field(compare=False)


Spots = Mapping[str, MendSpot]


def cost_of_mend(problem: MendProblem, spots: Spots) -> MendCost:
    """What this answer costs, counted from nothing but where the acts stand."""
    moved = [act for act in problem.acts if act.code in spots and spots[act.code] != act.was]
    others = [act for act in moved if not act.asked]
    return MendCost(
        len({who for act in others for who in act.whose}),
        sum(act.way(spots[act.code].at) for act in moved),
        waiting(problem.acts, spots),
        max((act.way(spots[act.code].at) for act in others), default=0),
    )


def waiting(acts: Iterable[MendAct], spots: Spots) -> int:
    """Minutes between the first and the last act of a family on a day without its own acts, over all of them."""
    days: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for act in acts:
        if act.code in spots:
            at = spots[act.code].at
            for family in act.families:
                days[family, (at - NIGHT) // DAY].append((at, at + act.minutes))
    return sum(max(e for _, e in own) - min(b for b, _ in own) - sum(e - b for b, e in own) for own in days.values())


def standing_spots(problem: MendProblem) -> dict[str, MendSpot]:
    """Where all of them were."""
    return {act.code: act.was for act in problem.acts if act.was is not None}


# ---------------------------------------------------------------------------------------------------- ranges of minutes


def inside(at: int, ranges: Sequence[tuple[int, int]]) -> bool:
    """Is this minute in one of them?"""
    return any(low <= at <= high for low, high in ranges)


def nearest(home: int, first: int, last: int, ranges: Ranges) -> int | None:
    """The minute from `first` to `last` that is in one of the ranges and the least way from home; of two the earlier."""
    found = [min(max(home, low, first), high, last) for low, high in ranges if max(low, first) <= min(high, last)]
    return min(found, key=lambda at: abs(at - home), default=None)


def pieces(low: int, high: int, marks: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """The minutes from `low` to `high`, cut where something begins or ends; each piece with the sum of what lies on it."""
    change = {low: 0}
    for first, last, mark in marks:
        if first <= high and low <= last:
            since = max(first, low)
            change[since] = change.get(since, 0) + mark
            if last < high:
                change[last + 1] = change.get(last + 1, 0) - mark
    total, ends = 0, [*sorted(change), high + 1]
    for begins, then in pairwise(ends):
        total += change[begins]
        yield begins, then - 1, total


def without(ranges: Iterable[tuple[int, int]], low: int, high: int) -> list[tuple[int, int]]:
    """What is left of them when these minutes are taken out."""
    found = []
    for first, last in ranges:
        if high < first or last < low:
            found.append((first, last))
            continue
        if first < low:
            found.append((first, low - 1))
        if high < last:
            found.append((high + 1, last))
    return found
