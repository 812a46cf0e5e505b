"""Who is offered a place next? Pure: one rule of who is approved, was offered one, waits, or let the time pass.

The published order is the time at which a family sent its form first. What is approved counts, and what is offered until
its time is over. The one who stands first is offered a place if the whole family fits: a family is never split. Where it is
larger than what is left it keeps its place in the line, and the next one who fits is offered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Stands(StrEnum):
    """How a family stands to the places of its delegation."""

    APPROVED = "approved"
    OFFERED = "offered"
    WAITING = "waiting"
    OUT = "out"  # it had its turn, and waits no more


@dataclass(frozen=True, slots=True)
class InLine:
    """One family: how many people, in which contests that have places, since when; `until`: how long its offer stands.

    `ready`: nothing is missing and nobody has to look first.
    """

    family: int
    stands: Stands
    since: datetime
    people: int
    contests: frozenset[int] = frozenset()
    until: datetime | None = None
    ready: bool = True


@dataclass(frozen=True, slots=True)
class Room:
    """How many families and people at most (None: as many as like), and entries of each contest that has a bound."""

    families: int
    people: int | None = None
    contests: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannedTurn:
    """What is to be done now: whose offers are over, and who is offered a place, in this order."""

    over: tuple[int, ...] = ()
    offered: tuple[int, ...] = ()


def turn(families: Iterable[InLine], room: Room, at: datetime) -> PlannedTurn:
    """Every place that is free now is offered, in the order of the line."""
    every = list(families)
    held = [each for each in every if each.stands is Stands.APPROVED or stands_offered(each, at)]
    left, people = room.families - len(held), sum(each.people for each in held)
    taken = Counter(contest for each in held for contest in each.contests)
    offered = []
    for each in in_order(every):
        if left <= 0:
            break
        fits = room.people is None or people + each.people <= room.people
        free = all(taken[contest] < room.contests.get(contest, taken[contest] + 1) for contest in each.contests)
        if each.ready and fits and free:
            left, people = left - 1, people + each.people
            taken.update(each.contests)
            offered.append(each.family)
    over = (each.family for each in every if each.stands is Stands.OFFERED and not stands_offered(each, at))
    return PlannedTurn(tuple(over), tuple(offered))


def stands_offered(each: InLine, at: datetime) -> bool:
    """Whether it holds a place by an offer; at the very moment of its end it does not any more."""
    return each.stands is Stands.OFFERED and each.until is not None and at < each.until


def in_order(families: Iterable[InLine]) -> list[InLine]:
    """Who waits, as the line stands."""
    waiting = (each for each in families if each.stands is Stands.WAITING)
    return sorted(waiting, key=lambda each: (each.since, each.family))


def place_of(families: Iterable[InLine], family: int) -> int | None:
    """Which place in the line, from 1; None: it does not wait."""
    line = [each.family for each in in_order(families)]
    return line.index(family) + 1 if family in line else None


def moment_of_place(line: Iterable[InLine], family: int, place: int) -> datetime:
    """Since when a family must stand so that it has this place (from 1) among the others; the last, where there are fewer."""
    others = [each.since for each in line if each.family != family]
    before, after = others[: place - 1], others[place - 1 :]
    if not after:
        return before[-1] + timedelta(seconds=1)
    if not before:
        return after[0] - timedelta(seconds=1)
    return before[-1] + (after[0] - before[-1]) / 2
