"""How many eat, how many of them another dish, and what is wrong with numbers somebody typed? Pure.

Diets are numbers of a delegation, never somebody's: what is counted is plates. One plate has one diet, so that the diets
together are never more than the portions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from festival.core.numbers import typed_number
from festival.core.sentence import N_, Sentence

MOST = 2_000  # a delegation of more is a slip of the hand
COLUMNS = ("portions", "vegetarian", "no_pork")


@dataclass(frozen=True, slots=True)
class Portions:
    """The plates of one meal."""

    portions: int = 0
    vegetarian: int = 0
    no_pork: int = 0

    @property
    def plain(self) -> int:
        """Plates without a special diet."""
        return self.portions - self.vegetarian - self.no_pork

    def __add__(self, other: Portions) -> Portions:
        return Portions(
            self.portions + other.portions, self.vegetarian + other.vegetarian, self.no_pork + other.no_pork
        )

    def written(self) -> str:
        """What a form shows of it, for its hidden field."""
        return f"{self.portions}/{self.vegetarian}/{self.no_pork}"


def total(each: Iterable[Portions]) -> Portions:
    return sum(each, Portions())


def typed_portions(portions: str, vegetarian: str, no_pork: str) -> Portions | Sentence | None:
    """Numbers as typed: None for three empty boxes, a sentence for what cannot be."""
    typed = [text.strip() for text in (portions, vegetarian, no_pork)]
    if not any(typed):
        return None
    read = [typed_number(text or "0") for text in typed]
    numbers = [number for number in read if number is not None and number <= MOST]
    if len(numbers) < len(read):
        return N_("Số suất là số từ 0 đến %(most)s.", "portions_unread", most=MOST)
    made = Portions(*numbers)
    if made.plain < 0:
        return N_(
            "Suất chay và suất không thịt heo cộng lại là %(diets)s, nhiều hơn %(all)s suất.",
            "diets_too_many",
            diets=made.vegetarian + made.no_pork,
            all=made.portions,
        )
    return made


def closed(closes_at: datetime, at: datetime) -> bool:
    """Whether the numbers of a meal may only be corrected by the organiser."""
    return at >= closes_at
