"""What is the matter with a device at a gate, so that the lead goes and looks? Pure.

A phone that nobody heard for three minutes is silent: gates ask every few seconds. Its clock is wrong when the offset it
measured says so, and also when nothing was ever measured (no network since the morning) but its newest entry is dated
later than it arrived here: an entry may come late, never early. Battery and unsent entries a device tells itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SILENT_AFTER = timedelta(minutes=3)
CLOCK_OFF = timedelta(minutes=2)


class MachineSign(StrEnum):
    """One thing to look at."""

    NEVER_HEARD = "never_heard"
    SILENT = "silent"
    CLOCK = "clock"
    GAPS = "gaps"
    OLD_PROGRAM = "old_program"


@dataclass(frozen=True, slots=True)
class MachineHeard:
    """What is known of a device. None: it never told.

    `ahead_ms`: by how much its newest entry, corrected by what it measured, is dated after it arrived (negative: before).
    `clock_ms`: by how much its uncorrected clock was ahead of the server's when it last asked.
    """

    last_seen_at: datetime | None
    offset_ms: int = 0
    ahead_ms: int | None = None
    clock_ms: int | None = None
    missing: bool = False
    app: str = ""


def clock_ahead_ms(heard: MachineHeard) -> int:
    """By how much the device's own clock is ahead (negative: behind); 0 while nothing says that it is wrong."""
    if heard.clock_ms is not None:
        return heard.clock_ms
    if heard.offset_ms:
        return -heard.offset_ms
    return max(heard.ahead_ms or 0, 0)


def machine_signs(heard: MachineHeard, at: datetime, app: str) -> tuple[MachineSign, ...]:
    """What to look at, the most urgent first; `app`: the release the server is of."""
    found = []
    if heard.last_seen_at is None:
        found.append(MachineSign.NEVER_HEARD)
    elif at - heard.last_seen_at >= SILENT_AFTER:
        found.append(MachineSign.SILENT)
    off = CLOCK_OFF.total_seconds() * 1000
    # What it measured may itself be wrong: corrected and still from the future.
    if abs(clock_ahead_ms(heard)) > off or (heard.ahead_ms or 0) > off:
        found.append(MachineSign.CLOCK)
    if heard.missing:
        found.append(MachineSign.GAPS)
    if heard.app and heard.app != app:
        found.append(MachineSign.OLD_PROGRAM)
    return tuple(found)
