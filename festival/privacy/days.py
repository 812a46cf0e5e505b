"""Which day was typed, as people write it?"""

from __future__ import annotations

from datetime import date


def day_typed(text: str) -> date | None:
    """31/12/2026, 31-12-2026 or 31.12.2026; also 2026-12-31, as a form sends it back. None for no day."""
    parts = [part for part in text.strip().replace("-", "/").replace(".", "/").split("/") if part]
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    if len(parts[0]) == 4:
        parts.reverse()
    day, month, year = (int(part) for part in parts)
    try:
        return date(year, month, day)
    except ValueError:
        return None
