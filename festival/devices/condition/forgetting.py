"""From when on does a device hold no lists any more, by itself and without a network? Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
DAY_BEGINS = time(3)
AFTER_LAST_DAY = timedelta(days=2)  # the night after the last day, and a day for what is late
AFTER_ENROLMENT = timedelta(days=3)  # a phone let in afterwards, on purpose, is of use for a while


def forgets_at(ends_on: date, enrolled_at: datetime) -> int:
    """The moment in milliseconds: 3 in the morning two days after the last day, for a phone let in later three days on."""
    over = datetime.combine(ends_on + AFTER_LAST_DAY, DAY_BEGINS, VIETNAM)
    return int(max(over, enrolled_at + AFTER_ENROLMENT).astimezone(UTC).timestamp() * 1000)
