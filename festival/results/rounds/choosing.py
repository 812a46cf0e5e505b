"""Who goes on from a round into the next one? Pure: places and how many go on; names and numbers are for the pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoundPlace:
    """An entry as the round before ended: its place, None without one; `value` in 1/1000 (or what was measured)."""

    entry: str
    place: int | None
    value: int | None


@dataclass(frozen=True, slots=True)
class GoingOn:
    """These go on, best first."""

    lines: tuple[RoundPlace, ...]


@dataclass(frozen=True, slots=True)
class EqualAtCut:
    """Nobody goes on before the panel has parted these: they stand equal across the cut."""

    entries: tuple[str, ...]
    place: int


def going_on(standings: Sequence[RoundPlace], take: int, away: Collection[str] = ()) -> GoingOn | EqualAtCut:
    """The first `take` of those who have a place and still take part; the next one follows who is away."""
    here = sorted((each for each in standings if each.place is not None and each.entry not in away), key=_place)
    first, rest = here[:take], here[take:]
    if rest and rest[0].place == first[-1].place:
        place = _place(rest[0])
        return EqualAtCut(tuple(each.entry for each in here if each.place == place), place)
    return GoingOn(tuple(first))


def _place(each: RoundPlace) -> int:
    return each.place or 0
