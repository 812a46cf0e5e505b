"""Two people count (or stop the time) blind: which number stands? Pure.

Both are as near as the rule allows: the later one, or their mean, as the rule says. Else a third count: the two that lie
nearest to each other, when the rule allows them. Else nobody guesses: the head judge decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations


class CountTaken(StrEnum):
    """Which number stands when two counts agree."""

    LATER = "later"
    MEAN = "mean"  # rounded once, half up


@dataclass(frozen=True, slots=True)
class CountersRule:
    """How many count, how far apart they may be (in what is counted, or ms), which number stands."""

    people: int = 1
    tolerance: int = 0
    take: CountTaken = CountTaken.LATER


@dataclass(frozen=True, slots=True)
class Agreed:
    value: int
    answers: str | None = None  # where questions were answered


@dataclass(frozen=True, slots=True)
class OneMore:
    """Another count is due; `apart`: those that are there are too far from each other."""

    apart: bool


@dataclass(frozen=True, slots=True)
class Undecided:
    """Three counts, no two near enough: the head judge decides."""


def judge_counts(values: Sequence[int], rule: CountersRule) -> Agreed | OneMore | Undecided:
    """`values`: one of each counter, in the order in which they came."""
    if len(values) < rule.people:
        return OneMore(apart=False)
    if rule.people == 1:
        return Agreed(values[-1])
    near = [pair for pair in combinations(values, 2) if abs(pair[0] - pair[1]) <= rule.tolerance]
    if not near:
        return OneMore(apart=True) if len(values) == 2 else Undecided()
    least = min(abs(pair[0] - pair[1]) for pair in near)
    nearest = [pair for pair in near if abs(pair[0] - pair[1]) == least]
    if len({_taken(pair, rule) for pair in nearest}) > 1:
        return Agreed(sorted(values)[len(values) // 2])  # 10, 11, 12: the one in the middle
    return Agreed(_taken(nearest[0], rule))


def judge_answers(said: Sequence[tuple[int, str]], people: int) -> Agreed | OneMore | Undecided:
    """`said`: points and answers of each person, in the order in which they came. Two who say the same of every question agree."""
    if len(said) < people:
        return OneMore(apart=False)
    if people == 1:
        return Agreed(*said[-1])
    same = [one for one, other in combinations(said, 2) if one[1] == other[1]]
    if same:
        return Agreed(*same[0])
    return OneMore(apart=True) if len(said) == 2 else Undecided()


def _taken(pair: tuple[int, int], rule: CountersRule) -> int:
    return pair[1] if rule.take is CountTaken.LATER else (pair[0] + pair[1] + 1) // 2
