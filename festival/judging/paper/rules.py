"""Is a slip typed once or twice, and in what do two readings of it differ? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ONCE, TWICE, BY_SEAT = "once", "twice", "by_seat"


def typed_twice(rule: str, *, paper_seat: bool) -> bool:
    """What the contest says; where it says nothing, a judge who marks on paper only is typed twice, a single slip once."""
    return rule == TWICE or (rule != ONCE and paper_seat)


def differing(readings: Sequence[Mapping[str, int]], criteria: Sequence[str]) -> tuple[str, ...]:
    """The criteria on which not all readings say the same, in their order."""
    return tuple(code for code in criteria if len({reading.get(code) for reading in readings}) > 1)
