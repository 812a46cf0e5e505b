"""The turns of a stage, a family or a delegation as a calendar: those that stand, and those that were announced and are off.

What was announced is read from all versions, once a process for each new one: only then can a calendar that somebody saved
be told that a turn is gone. No name of such a turn is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _

from festival.core.clock import now
from festival.documents.calendar import CalendarTurn, calendar
from festival.programme.changelog import last_told
from festival.programme.live import Line
from festival.programme.queries import PublicView

KEPT = "announced_turns"


@dataclass(frozen=True, slots=True)
class AnnouncedTurn:
    """A turn as a version last said it. `since`: the version in which that, or that it is off, was new."""

    since: int
    contest: str
    stage: str
    stage_name: str
    starts_at: datetime
    duration_min: int


def announced_turns(festival_id: int, version: int) -> Mapping[str, AnnouncedTurn]:
    """By entry, of all versions up to this one; no statement when this process has read them."""
    kept: dict[tuple[int, int], dict[str, AnnouncedTurn]] = current_app.extensions.setdefault(KEPT, {})
    found = kept.get((festival_id, version))
    if found is None:
        found = {
            entry: AnnouncedTurn(
                since,
                act["contest_name"],
                act["stage"],
                act["stage_name"],
                datetime.fromisoformat(act["starts_at"]),
                act["duration_min"],
            )
            for entry, (since, act) in last_told(festival_id).items()
        }
        kept.clear()
        kept[festival_id, version] = found
    return found


def turns_calendar(view: PublicView, festival_id: int, name: str, mine: Callable[[str, str], bool]) -> bytes:
    """The calendar of the turns for which `mine(entry, stage)` holds."""
    lines = [line for day in view.days for line in day.lines]
    standing = {
        line.entry: line for line in lines if any(mine(entry, line.stage) for entry in (line.entry, *line.sides))
    }
    announced = announced_turns(festival_id, view.version) if view.version else {}
    own = [_turn_of(view, line, announced.get(line.entry)) for line in standing.values()]
    off = [
        CalendarTurn(
            _uid(view, entry),
            _("%(contest)s (không còn trong chương trình)", contest=turn.contest),
            turn.starts_at,
            timedelta(minutes=turn.duration_min),
            turn.stage_name,
            turn.since,
            off=True,
        )
        for entry, turn in announced.items()
        if entry not in standing and mine(entry, turn.stage)
    ]
    return calendar(name, [*own, *off], view.published_at or now())


def _turn_of(view: PublicView, line: Line, announced: AnnouncedTurn | None) -> CalendarTurn:
    place = f"{line.stage_name}, {view.facts.venue}".rstrip(", ")
    said = f"{line.contest_name} – {line.name}"
    begins = line.works_from or line.starts_at  # who cooks is there from the start of the session
    since = announced.since if announced else 0
    return CalendarTurn(_uid(view, line.entry), said, begins, line.ends_at - begins, place, since)


def _uid(view: PublicView, entry: str) -> str:
    return f"{entry}@{view.facts.code}"
