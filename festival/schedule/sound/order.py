"""Which acts does a stage hear, in their running order, with what is said of each and what plays?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from festival.acts.asking import askings
from festival.acts.file_names import numbered_name
from festival.acts.queries import ActLine, act_lines
from festival.core.web.errors import NotFound
from festival.editions.queries import the_festival
from festival.roster.models import EntryState
from festival.schedule import queries
from festival.schedule.models import Act, Session, Stage
from festival.schedule.published.following import gone_stages
from festival.schedule.timetable import in_turn


def stage_of(code: str) -> Stage:
    """A stage of the current edition, also one that only the version that holds still has. NotFound."""
    festival_id = the_festival().id
    here = next((row for row in queries.stages(festival_id) if row.code == code), None)
    stage = here or next((row for row in gone_stages(festival_id) if row.code == code), None)
    if stage is None:
        raise NotFound()
    return stage


def playing(sessions: Sequence[Session]) -> list[Act]:
    """The acts of these sessions that take part, as they come."""
    return [act for row in sessions for act in in_turn(row.acts) if act.entry.state is EntryState.ENROLLED]


def lines_of(festival_id: int, acts: Sequence[Act]) -> dict[int, ActLine]:
    """What is said of each of these acts, by entry. A constant number of statements."""
    return act_lines([act.entry for act in acts], askings(festival_id).items())


@dataclass(frozen=True, slots=True)
class Packed:
    """A line of the ZIP: its name there, and which file; `key` None: on a stick, or nothing."""

    name: str
    key: str | None
    size: int


def packed(acts: Sequence[Act], lines: dict[int, ActLine]) -> list[Packed]:
    """The tracks of a stage, numbered as they are played; an act without one keeps its number free."""
    found = []
    for number, act in enumerate(acts, start=1):
        track = lines[act.entry_id].track
        end = track.format if track is not None and track.key else ("USB" if track is not None else "-")
        name = numbered_name(number, act.entry.name, act.entry.title, end)
        found.append(Packed(name, track.key if track else None, track.size if track else 0))
    return found
