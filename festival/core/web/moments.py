"""Which moment did somebody type, on a Vietnamese clock? One line, as people write it: 14/6/2024 7:30.."""

from __future__ import annotations

import re
from datetime import datetime

from festival.core.clock import from_local

TYPED = re.compile(
    r"^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"
    r"(?:[ ,]+(?:lúc\s+)?(\d{1,2})\s*(?:giờ|h|:|g)\s*(\d{1,2})?(?:\s*(?:phút|p))?)?\s*$",
    re.IGNORECASE,
)


def read_moment(text: str) -> datetime | None:
    """Read "14/6/2024 7:30", "14-6-2024 7 giờ 30", "14/6/2024" (midnight) as UTC; None when it cannot be one."""
    found = TYPED.match(text)
    if found is None:
        return None
    day, month, year, hour, minute = (int(part or 0) for part in found.groups())
    try:
        # DTZ: a wall clock time of Vietnam, made aware by from_local.
        return from_local(datetime(year, month, day, hour, minute))  # noqa: DTZ001
    except (ValueError, OverflowError):  # midnight of 1/1/1 is before the first moment there is
        return None
