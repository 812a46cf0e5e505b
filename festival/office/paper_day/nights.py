"""On which nights does the worker make the pack by itself? Pure.

The pack of a festival day is made on the evening before, when the day's changes are in, so that it can be printed and lie
at the gates in the morning; a worker that was down that evening makes it up to the morning.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

EVENING = time(20)
MORNING = time(6)
ASKED_TODAY = time(18)  # who has asked for one this evening needs no second one


def day_due(at: datetime, starts_on: date, ends_on: date, asked_at: datetime | None) -> date | None:
    """The festival day whose pack is to be made now; None: not now. All times on the wall clock of the festival."""
    if at.time() >= EVENING:
        day = at.date() + timedelta(days=1)
    elif at.time() < MORNING:
        day = at.date()
    else:
        return None
    if not starts_on <= day <= ends_on:
        return None
    evening_before = datetime.combine(day - timedelta(days=1), ASKED_TODAY, at.tzinfo)
    return None if asked_at is not None and asked_at >= evening_before else day
