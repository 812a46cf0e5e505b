"""What time is it, and how does a moment look in Vietnam?

Time is UTC in the database and +07:00 at the edge; Vietnam has had no summer time since 1975, but the
zone's own data decides.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment on a Vietnamese wall clock."""
    return moment.astimezone(VIETNAM)


def from_local(moment: datetime) -> datetime:
    """A wall-clock time typed in Vietnam (naive) as UTC."""
    return moment.replace(tzinfo=VIETNAM).astimezone(UTC)


def today() -> date:
    """The date in Vietnam now."""
    return local(now()).date()
