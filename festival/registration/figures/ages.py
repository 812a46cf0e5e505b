"""Which groups of age may be shown, and how many women and men are in each? Pure.

A few people of one age and sex can be told by name, so a group is shown only where it holds five or more, or nobody. A
smaller one joins the next older, until both sexes may be shown; what is left at the end joins the last. The groups
together are always everybody, so nothing can be worked out by taking away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEAST = 5
_Cell = tuple[int, int, int]  # from which age, women, men
# The first year of each group: small children, primary and secondary school, those who agree alone, …, from 60 on.
FROM = (0, 6, 11, 16, 18, 35, 60)


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """From this age to that one (None: and older), how many of each sex."""

    first: int
    last: int | None
    women: int
    men: int


def groups_of(women: Mapping[int, int], men: Mapping[int, int]) -> tuple[AgeGroup, ...]:
    """`women`, `men`: how many by age. Empty when even all together are too few to be shown."""
    shown: list[_Cell] = []
    small: _Cell | None = None
    for place, start in enumerate(FROM):
        cell = (start, _between(women, place), _between(men, place))
        small = _together(small, cell) if small else cell
        if _may(small):
            shown.append(small)
            small = None
    while small and shown:
        small = _together(shown.pop(), small)
        if _may(small):
            shown.append(small)
            small = None
    return () if small else _named(shown)


def _together(younger: _Cell, older: _Cell) -> _Cell:
    return younger[0], younger[1] + older[1], younger[2] + older[2]


def _named(shown: Sequence[_Cell]) -> tuple[AgeGroup, ...]:
    lasts = [*(first - 1 for first, _women, _men in shown[1:]), None]
    found = [AgeGroup(first, last, w, m) for (first, w, m), last in zip(shown, lasts, strict=True)]
    return tuple(found) if any(each.women or each.men for each in found) else ()


def _may(cell: _Cell) -> bool:
    return all(number == 0 or number >= LEAST for number in cell[1:])


def _between(counts: Mapping[int, int], place: int) -> int:
    end = FROM[place + 1] if place + 1 < len(FROM) else None
    return sum(number for age, number in counts.items() if age >= FROM[place] and (end is None or age < end))
