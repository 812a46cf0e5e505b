"""The turns of a stage, a family or a delegation as a calendar: those that stand, and those that were announced and are off.

What was announced is read from all versions, once a process for each new one: only then can a calendar that somebody saved
be told that a turn is gone. No name of such a turn is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _

from festival.core.clock import now
from festival.core.rehearsing.marked import paper_mark
from festival.documents.calendar import CalendarTurn, calendar
from festival.programme.changelog import EverTold, ever_told
from festival.programme.live import Line
from festival.programme.met import NOBODY_YET, EverIn, ever_in, hidden_entries
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


@dataclass(frozen=True, slots=True)
class AllAnnounced:
    """By entry, its turn; by entry and stage, the turn it had there before it went to another."""

    turns: Mapping[str, AnnouncedTurn]
    left: Mapping[tuple[str, str], AnnouncedTurn]

    def stages(self, hidden: Collection[str]) -> dict[str, str]:
        """Every stage on which a turn was announced, but of those that are `hidden`, with its name as it was called last."""
        ever = [*((entry, turn) for (entry, _stage), turn in self.left.items()), *self.turns.items()]
        return {turn.stage: turn.stage_name for entry, turn in ever if entry not in hidden}


NOTHING = AllAnnounced({}, {})


def announced_turns(festival_id: int, version: int | None) -> AllAnnounced:
    """Of all versions up to this one; no statement when this process has read them."""
    if not version:
        return NOTHING
    kept: dict[tuple[int, int], AllAnnounced] = current_app.extensions.setdefault(KEPT, {})
    found = kept.get((festival_id, version))
    if found is None:
        turns, left = ever_told(festival_id)
        found = AllAnnounced(
            {key: _announced(each) for key, each in turns.items()},
            {key: _announced(each) for key, each in left.items()},
        )
        kept.clear()
        kept[festival_id, version] = found
    return found


def _announced(told: EverTold) -> AnnouncedTurn:
    act = told.act
    return AnnouncedTurn(
        told.since,
        act["contest_name"],
        act["stage"],
        act["stage_name"],
        datetime.fromisoformat(act["starts_at"]),
        act["duration_min"],
    )


def turns_calendar(view: PublicView, festival_id: int, name: str, mine: Callable[[str, str], bool]) -> bytes:
    """The calendar of the turns for which `mine(entry, stage)` holds. Who was in a match by a result that was corrected, and
    a stage that an act has left, hear that the turn is off.
    """
    lines = {line.entry: line for day in view.days for line in day.lines}
    announced = announced_turns(festival_id, view.version)
    met = ever_in(festival_id, announced.turns)
    hidden = hidden_entries(festival_id)
    own, off = [], []
    for entry, line in lines.items():
        if any(mine(each, line.stage) for each in (entry, *line.sides)):
            own.append(_turn_of(view, line, announced.turns.get(entry), met.get(entry, NOBODY_YET)))
    standing = {each.uid for each in own}
    gone = [*announced.turns.items(), *((entry, turn) for (entry, _stage), turn in announced.left.items())]
    for entry, turn in gone:
        ever, uid = met.get(entry, NOBODY_YET), _uid(view, entry)
        if uid in standing or entry in hidden or not any(mine(each, turn.stage) for each in (entry, *ever.entries)):
            continue
        standing.add(uid)
        off.append(
            CalendarTurn(
                uid,
                _off_said(turn, lines.get(entry)),
                turn.starts_at,
                timedelta(minutes=turn.duration_min),
                turn.stage_name,
                turn.since + ever.changes,
                off=True,
            )
        )
    turns = [*own, *off]
    if mark := paper_mark():  # in a calendar it lies beside the turns of the festival itself
        name = f"{mark} {name}"
        turns = [replace(each, uid=f"tong-duyet-{each.uid}", summary=f"{mark} {each.summary}") for each in turns]
    return calendar(name, turns, view.published_at or now())


def _off_said(turn: AnnouncedTurn, line: Line | None) -> str:
    """`line`: the turn as it stands by now."""
    said: str = _("%(contest)s (không còn lượt này)", contest=turn.contest)
    if line is None:
        said = _("%(contest)s (không còn trong chương trình)", contest=turn.contest)
    elif line.stage != turn.stage:
        said = _("%(contest)s (đã chuyển sang %(stage)s)", contest=turn.contest, stage=line.stage_name)
    return said


def _turn_of(view: PublicView, line: Line, announced: AnnouncedTurn | None, ever: EverIn) -> CalendarTurn:
    place = f"{line.stage_name}, {view.facts.venue}".rstrip(", ")
    said = f"{line.contest_name} – {line.name}"
    begins = line.works_from or line.starts_at  # who cooks is there from the start of the session
    since = (announced.since if announced else 0) + ever.changes
    return CalendarTurn(_uid(view, line.entry), said, begins, line.ends_at - begins, place, since)


def _uid(view: PublicView, entry: str) -> str:
    return f"{entry}@{view.facts.code}"
