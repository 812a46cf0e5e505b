"""Which day did somebody type, and how is a day of the rule document written in a field? Pure."""

from __future__ import annotations

import re
from datetime import date

_TYPED = re.compile(r"\s*(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4})\s*")


def typed_day(text: str) -> date | None:
    """14/6/2024, 14-06-2024, 14.6.2024; None when it is no day."""
    found = _TYPED.fullmatch(text) if text.isascii() else None
    if found is None:
        return None
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def written_day(stored: object) -> str:
    """The same day as people write it: "2024-06-14" is 14/6/2024; "" for none."""
    if not isinstance(stored, str) or not stored:
        return ""
    try:
        day = date.fromisoformat(stored)
    except ValueError:
        return stored
    return f"{day.day}/{day.month}/{day.year}"
