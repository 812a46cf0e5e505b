"""Which points did the organiser give a delegation or take off it, by which document? As they are kept and said; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from festival.core.sentence import N_, Points, Sentence

ADDED = N_("Cộng %(points)s điểm: %(reason)s (văn bản số %(document)s ngày %(day)s).")
TAKEN_OFF = N_("Trừ %(points)s điểm: %(reason)s (văn bản số %(document)s ngày %(day)s).")


@dataclass(frozen=True, slots=True)
class GivenPoints:
    """Points of one document (1/1000, below zero taken off); `number`: 1, 2, 3 … of the festival."""

    number: int
    milli: int
    reason: str
    document: str
    day: date

    def kept(self) -> dict[str, Any]:
        """As plain values."""
        day = self.day.isoformat()
        return {"n": self.number, "points": self.milli, "reason": self.reason, "document": self.document, "day": day}


def read_given(kept: Mapping[str, Any]) -> GivenPoints:
    """What `kept` wrote."""
    day = date.fromisoformat(kept["day"])
    return GivenPoints(kept["n"], kept["points"], kept["reason"], kept["document"], day)


def given_words(given: GivenPoints) -> Sentence:
    """As it stands among the reasons of a place."""
    words = ADDED if given.milli > 0 else TAKEN_OFF
    day = f"{given.day.day}/{given.day.month}/{given.day.year}"
    return words.filled(points=Points(abs(given.milli)), reason=given.reason, document=given.document, day=day)
