"""How do turns get into a phone's calendar, and how does it hear that one has moved or is off? RFC 5545, written by hand.

Pure. Times are UTC; a turn begins half an hour early in the calendar's alarm, because a family dresses first. An event that
comes again under its uid with a higher sequence replaces the one before; who subscribes asks again each hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LINE_BYTES = 75
AGAIN = "PT1H"


@dataclass(frozen=True, slots=True)
class CalendarTurn:
    """A turn. `sequence`: of the version in which this was new; `off`: it was announced before and does not take place."""

    uid: str
    summary: str
    starts_at: datetime
    length: timedelta
    place: str
    sequence: int = 0
    off: bool = False


def calendar(name: str, events: Iterable[CalendarTurn], stamp: datetime) -> bytes:
    """An .ics file, the same bytes for the same turns."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Ngay hoi Gia dinh//VN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    lines += [f"X-WR-CALNAME:{_text(name)}", f"REFRESH-INTERVAL;VALUE=DURATION:{AGAIN}", f"X-PUBLISHED-TTL:{AGAIN}"]
    for each in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{each.uid}",
            f"SEQUENCE:{each.sequence}",
            f"STATUS:{'CANCELLED' if each.off else 'CONFIRMED'}",
            f"DTSTAMP:{_utc(stamp)}",
            f"DTSTART:{_utc(each.starts_at)}",
            f"DTEND:{_utc(each.starts_at + each.length)}",
            f"SUMMARY:{_text(each.summary)}",
            f"LOCATION:{_text(each.place)}",
            *([] if each.off else _alarm(each.summary)),
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_fold(line) for line in lines)


def _alarm(summary: str) -> list[str]:
    return ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(summary)}", "TRIGGER:-PT30M", "END:VALARM"]


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
