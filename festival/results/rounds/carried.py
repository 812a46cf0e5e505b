"""Which points does an entry of a final bring from the round before? Pure: what the cut kept, by the weight of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from festival.contests.panel import rounded
from festival.core.sentence import N_, Points, Sentence

WHOLE = 100_000  # 100 %, in thousandths of a percent
BROUGHT = N_("Vòng trước %(points)s × %(weight)s %% = %(brought)s điểm mang sang.")


@dataclass(frozen=True, slots=True)
class CarriedPoints:
    """`value`: 1/1000 points of the round before; `exact`: what of them is added, rounded only with the sum."""

    value: int
    weight_milli: int

    @property
    def exact(self) -> Fraction:
        """In 1/1000 points."""
        return Fraction(self.value * self.weight_milli, WHOLE)

    @property
    def said(self) -> Sentence:
        """As the reasons of a place say it."""
        brought = Points(rounded(self.exact))
        return BROUGHT.filled(points=Points(self.value), weight=Points(self.weight_milli), brought=brought)


def carried(after: Mapping[str, Any] | None, cut: Mapping[str, Any] | None, entry: str) -> CarriedPoints | None:
    """Of the entry with this code; None where the rules carry nothing. `after`, `cut`: as the contest keeps them."""
    if not after or not cut or not after["weight"]:
        return None
    value = next((each["value"] for each in cut["lines"] if each["entry"] == entry), None)
    return None if value is None else CarriedPoints(value, after["weight"])
