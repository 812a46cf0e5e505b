"""How do a family's turns get into the phone's calendar? RFC 5545, written by hand: five properties an event.

Pure. Times are UTC; a turn begins half an hour early in the calendar's alarm, because a family dresses first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

LINE_BYTES = 75


def calendar(name: str, events: Iterable[tuple[str, str, datetime, timedelta, str]], stamp: datetime) -> bytes:
    """An .ics file; events are (uid, summary, start, length, place). A uid that comes again replaces its event."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ngay hoi Gia dinh//VN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_text(name)}")
    for uid, summary, start, length, place in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{_utc(stamp)}",
            f"DTSTART:{_utc(start)}",
            f"DTEND:{_utc(start + length)}",
            f"SUMMARY:{_text(summary)}",
            f"LOCATION:{_text(place)}",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_text(summary)}",
            "TRIGGER:-PT30M",
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_fold(line) for line in lines)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n")


def _fold(line: str) -> bytes:
    """Lines of at most 75 bytes; a letter of several bytes is never cut, or the calendar shows rubbish."""
    parts: list[bytes] = []
    current = b""
    for letter in line:
        raw = letter.encode()
        if len(current) + len(raw) > LINE_BYTES - (1 if parts else 0):
            parts.append(current)
            current = b""
        current += raw
    parts.append(current)
    return b"\r\n ".join(parts) + b"\r\n"
