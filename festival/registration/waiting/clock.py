"""When is the officer warned about people who have not agreed yet, and when are they dropped? Pure.

People an officer imported or typed wait for their agreement (chờ đồng ý): seen by officer and approver only. They wait 30 days;
two weeks and three days before the end the officer is warned, and never are they dropped sooner than three days after the
second warning, however long the worker was off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAYS = 30
WARNED_BEFORE = (14, 3)
APART = timedelta(days=3)


class WaitingStep(StrEnum):
    """What is to be done now."""

    WARN = "warn"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Since when a family waits, how often it was warned about, and when last."""

    since: date
    warned: int = 0
    warned_on: date | None = None

    @property
    def drop_on(self) -> date:
        """The day on which it is dropped at the earliest."""
        last = self.warned_on or self.since
        warnings_left = len(WARNED_BEFORE) - self.warned
        return max(self.since + timedelta(days=DAYS), last + APART * (warnings_left + 1))

    def step(self, on: date) -> WaitingStep | None:
        """What is due on a day."""
        if self.warned == len(WARNED_BEFORE):
            return WaitingStep.DROP if on >= self.drop_on else None
        due = self.since + timedelta(days=DAYS - WARNED_BEFORE[self.warned])
        if self.warned_on is not None:
            due = max(due, self.warned_on + APART)
        return WaitingStep.WARN if on >= due else None
