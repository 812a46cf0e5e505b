"""What does an entry of a sum bring from each component, and what does it come to? Pure.

Points are thousandths; a component counts `weight_milli` thousandths of a time. Who took no place in a component brings
nothing from it, and the sum is that of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from festival.contests.panel import rounded


@dataclass(frozen=True, slots=True)
class PartPoints:
    """What a family (or a delegation, of all its entries) brings from one component."""

    contest: str
    name: str
    weight_milli: int
    entries: tuple[str, ...]  # codes of its entries that took part there
    places: tuple[int, ...]  # of those that took one
    points_milli: int  # of all of them, before the weight

    def kept(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "contest": self.contest,
            "name": self.name,
            "weight": self.weight_milli,
            "entries": list(self.entries),
            "places": list(self.places),
            "points": self.points_milli,
        }


def read_parts(kept: Iterable[Mapping[str, Any]]) -> tuple[PartPoints, ...]:
    """What `kept` wrote."""
    return tuple(
        PartPoints(
            each["contest"],
            each["name"],
            each["weight"],
            tuple(each["entries"]),
            tuple(each["places"]),
            each["points"],
        )
        for each in kept
    )


def unlike(some: Sequence[PartPoints], others: Sequence[PartPoints]) -> bool:
    """Whether they bring something else; a new name of a contest is nothing else."""
    return [(p.contest, p.places, p.points_milli) for p in some] != [
        (p.contest, p.places, p.points_milli) for p in others
    ]


def takes_part(parts: Sequence[PartPoints]) -> bool:
    """Whether it took a place in any component."""
    return any(each.places for each in parts)


def exact_sum(parts: Iterable[PartPoints]) -> Fraction:
    """The weighted sum, in thousandths of a point."""
    return Fraction(sum(each.points_milli * each.weight_milli for each in parts), 1000)


def summed(parts: Iterable[PartPoints]) -> int:
    """The same, rounded once to a thousandth, half up."""
    return rounded(exact_sum(parts))
