"""KeptUntil when must a request about somebody's data be answered, and until when done? Pure.

Decree 356/2025/NĐ-CP: an answer within 2 working days; then 15 days to do what was asked, 20 for erasing. Days to do are days
of the calendar, and one that ends on a day off ends on the next working day (Civil Code, art. 148). Working days are Monday to
Friday without the holidays that stand in the law by date, and without the days off that the organiser wrote down: Tết, the
Hùng kings' day and days that are worked at another time are known each year only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

ANSWER_WORKING_DAYS = 2
DO_DAYS = 15
ERASE_DAYS = 20
# Labour Code, art. 112: New Year, 30 April, 1 May, 2 September with the day before.
EVERY_YEAR = frozenset({(1, 1), (4, 30), (5, 1), (9, 1), (9, 2)})
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Dues:
    """The last day to answer, and the last day to have done it."""

    answer: date
    done: date


def works(day: date, off: Collection[date]) -> bool:
    """Whether offices work on that day."""
    return day.weekday() < SATURDAY and (day.month, day.day) not in EVERY_YEAR and day not in off


def dues(kind: str, made_on: date, off: Collection[date]) -> Dues:
    """Both days of a request made on that day; the day itself does not count."""
    answer = made_on
    left = ANSWER_WORKING_DAYS
    while left:
        answer += timedelta(days=1)
        left -= works(answer, off)
    done = made_on + timedelta(days=ERASE_DAYS if kind == "erase" else DO_DAYS)
    while not works(done, off):
        done += timedelta(days=1)
    return Dues(answer, done)
