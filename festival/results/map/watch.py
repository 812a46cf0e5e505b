"""Do the judges of an entry lie too far apart? Values in, values out.

Asked only when every sheet of the entry is there, and told to the secretary alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from festival.contests.marks import written
from festival.judging.tally import Appearance, Tally


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the totals of an entry lie apart, in 1/1000 points."""

    least: int
    most: int
    letters: tuple[str, ...]  # judges further than half the limit from the mean of all

    @property
    def ends(self) -> tuple[str, str]:
        """The lowest and the highest as people write them."""
        return written(self.least), written(self.most)


def spread_of(tally: Tally, appearance: Appearance, limit_milli: int) -> Spread | None:
    """A spread beyond the limit, when all sheets of the entry are in; None otherwise."""
    due = tally.expected(appearance)
    sheets = [tally.sheets.get((seat.id, appearance.id)) for seat in due]
    if not due or any(each is None or each.conflict for each in sheets):
        return None
    totals = {seat.letter: each.total_milli for seat, each in zip(due, sheets, strict=True) if each is not None}
    marked = {letter: total for letter, total in totals.items() if total is not None}
    if len(marked) < 2:
        return None
    far = far_from_mean(marked, limit_milli)
    least, most = min(marked.values()), max(marked.values())
    return Spread(least, most, far) if most - least > limit_milli or far else None


def far_from_mean(totals: Mapping[str, int], limit_milli: int) -> tuple[str, ...]:
    """The judges further than half the limit from the mean of all; whole numbers only, so that nothing is rounded."""
    count, total = len(totals), sum(totals.values())
    return tuple(letter for letter, own in totals.items() if 2 * abs(own * count - total) > limit_milli * count)


def limit_of(maxima: Sequence[int], percent: int) -> int:
    """So many per cent of the highest total, in 1/1000 points."""
    return sum(maxima) * percent // 100
