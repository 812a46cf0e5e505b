"""What do the tries of an entry come to: the best, their sum, or their mean? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from festival.editions.rules.measured import AttemptsCount


def counted(values: Sequence[int | None], count: AttemptsCount, *, attempts: int, lower_wins: bool) -> int | None:
    """The value an entry is ranked by, None while it has none; a try that failed is None.

    A sum is of all tries: while one is missing there is none; a failed one leaves none where less wins and brings nothing where
    more wins. A mean ranks by the sum, so that nothing is rounded: all entries have the same number of tries (`shown`).
    """
    known = [value for value in values if value is not None]
    if count is AttemptsCount.BEST:
        return (min(known) if lower_wins else max(known)) if known else None
    if len(values) < attempts or not known or (lower_wins and len(known) < len(values)):
        return None
    return sum(known)


def shown(value: int, count: AttemptsCount, attempts: int) -> Fraction:
    """What a ranking value says to people: of a mean, the sum by the number of tries."""
    return Fraction(value, attempts) if count is AttemptsCount.MEAN else Fraction(value)
