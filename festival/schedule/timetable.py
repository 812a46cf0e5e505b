"""Which acts of a long timetable does a page show: of which day, on which stage, which part of them?

A timetable of a thousand acts is read 25 at a time, so that a page stays under 60 KB. The order is that of the whole:
sessions by time and stage, acts by their place in the session; a session without acts keeps its own place, so that
it can be taken out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from festival.core.clock import local
from festival.core.database import db
from festival.core.text import cut
from festival.core.web.paging import ListPart, asked_number, part
from festival.roster.models import Delegation, Entry, EntryState
from festival.schedule.models import Act, ActState, Session, Stage

ACTS_A_PAGE = 25
CALLS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for: a day written 20240614 (0: all), a stage's code ("": all), a page (0: the one with `act`)."""

    day: int = 0
    stage: str = ""
    page: int = 1
    act: int = 0

    @property
    def query(self) -> dict[str, Any]:
        """The filters for an address, without the page."""
        return ({"day": self.day} if self.day else {}) | ({"stage": self.stage} if self.stage else {})


def asked_choice(*, page: int = 1, act: int = 0) -> Choice:
    """The day and the stage of the address, kept while acts are moved."""
    return Choice(asked_number("day"), cut(request.args.get("stage", ""), 40), page, act)


@dataclass(frozen=True, slots=True)
class ShownSession:
    """A session and those of its acts that are on the page; `before`: how many of its acts come on earlier pages."""

    session: Session
    acts: Sequence[Act]
    before: int
    count: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """The page; `acts`: how many there are in all, whatever was chosen."""

    choice: Choice
    days: tuple[tuple[int, date], ...]
    stages: tuple[Stage, ...]
    sessions: tuple[ShownSession, ...]
    part: ListPart
    acts: int
    every: Sequence[Session]  # all sessions, whatever was chosen

    @property
    def has_sessions(self) -> bool:
        return bool(self.every)


def day_number(on: date) -> int:
    """14/6/2024 → 20240614, as it stands in addresses."""
    return on.year * 10_000 + on.month * 100 + on.day


def sessions_alone(festival_id: int) -> list[Session]:
    """All sessions with stage and contest, in the order of the days, without their acts."""
    return list(
        db.session.scalars(
            select(Session)
            .join(Session.stage)
            .where(Stage.festival_id == festival_id)
            .options(joinedload(Session.stage), joinedload(Session.contest))
            .order_by(Session.starts_at, Stage.position, Session.id)
        )
    )


def timetable(festival_id: int, choice: Choice) -> Timetable:
    """What the office's page shows; a day or stage that the timetable does not have shows all."""
    sessions = sessions_alone(festival_id)
    days = sorted({local(row.starts_at).date() for row in sessions})
    stages = {row.stage.code: row.stage for row in sessions}
    choice = Choice(
        choice.day if choice.day in set(map(day_number, days)) else 0,
        choice.stage if choice.stage in stages else "",
        choice.page,
        choice.act,
    )
    wanted = [
        row
        for row in sessions
        if (not choice.day or day_number(local(row.starts_at).date()) == choice.day)
        and (not choice.stage or row.stage.code == choice.stage)
    ]
    acts = [
        (row.session_id, row.id)
        for row in db.session.execute(
            select(Act.id, Act.session_id)
            .where(Act.session_id.in_([row.id for row in sessions]))
            .order_by(Act.session_id, Act.position)
        )
    ]
    lines = _lines(wanted, acts)
    chosen = part(len(lines), ACTS_A_PAGE, _page(lines, choice))
    return Timetable(
        choice,
        tuple((day_number(on), on) for on in days),
        tuple(stages.values()),
        tuple(_shown(wanted, lines, chosen)),
        chosen,
        len(acts),
        sessions,
    )


def _lines(sessions: Sequence[Session], acts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """(session, act) in the order of the page; act 0 where a session has none."""
    of: dict[int, list[tuple[int, int]]] = {row.id: [] for row in sessions}
    for session_id, act_id in acts:
        if session_id in of:
            of[session_id].append((session_id, act_id))
    return [line for row in sessions for line in (of[row.id] or [(row.id, 0)])]


def _page(lines: Sequence[tuple[int, int]], choice: Choice) -> int:
    if not choice.act:
        return choice.page
    at = next((at for at, (_session, act) in enumerate(lines) if act == choice.act), 0)
    return at // ACTS_A_PAGE + 1


def _shown(sessions: Sequence[Session], lines: Sequence[tuple[int, int]], chosen: ListPart) -> Iterable[ShownSession]:
    on_page = chosen.of(lines)
    ids = [act for _session, act in on_page if act]
    acts = {
        act.id: act
        for act in db.session.scalars(
            select(Act)
            .where(Act.id.in_(ids))
            .options(joinedload(Act.entry).joinedload(Entry.delegation).joinedload(Delegation.unit))
        )
    }
    counts = Counter(session for session, act in lines if act)
    before = Counter(session for session, act in lines[: chosen.offset] if act)
    here = {session for session, _act in on_page}
    for row in sessions:
        if row.id in here:
            mine = [acts[act] for session, act in on_page if session == row.id and act]
            yield ShownSession(row, mine, before[row.id], counts[row.id])


def in_turn(acts: Iterable[Act]) -> list[Act]:
    """The acts of a session as they come on the day; by their places while nobody has changed the order."""
    return sorted(acts, key=lambda act: (act.turn is None, act.turn or 0))


@dataclass(frozen=True, slots=True)
class StagePart:
    """What of a stage's day is on the sheets of sound and MC; `page_of`: act id to page, for links to the other pages."""

    part: ListPart
    sessions: tuple[ShownSession, ...]
    page_of: Mapping[int, int]


def stage_part(sessions: Sequence[Session], asked: int, current: Act | None) -> StagePart:
    """Page `asked`; 0 is the page on which `current` stands, so that the day moves on by itself."""
    lines = [(row.id, act.id) for row in sessions for act in in_turn(row.acts)]
    page_of = {act: at // CALLS_A_PAGE + 1 for at, (_session, act) in enumerate(lines)}
    chosen = part(len(lines), CALLS_A_PAGE, asked or (page_of[current.id] if current else 1))
    here = {act for _session, act in chosen.of(lines)}
    shown = []
    for row in sessions:
        every = in_turn(row.acts)
        acts = [act for act in every if act.id in here]
        if acts or (not every and chosen.number == 1):
            shown.append(ShownSession(row, acts, every.index(acts[0]) if acts else 0, len(every)))
    return StagePart(chosen, tuple(shown), page_of)


def on_and_next(sessions: Sequence[Session], shown: int = 2) -> tuple[list[Act], list[Act]]:
    """Who is on the stage (a match: two) and who comes then, of the session that is on, else of the next ones."""
    acts = [act for row in sessions for act in in_turn(row.acts) if act.entry.state is EntryState.ENROLLED]
    on = [act for act in acts if act.state is ActState.ON_STAGE]
    reached = ActState.ON_STAGE if on else ActState.DONE
    last = max((at for at, act in enumerate(acts) if act.state is reached), default=-1)
    waiting = [(at <= last, at, act) for at, act in enumerate(acts) if act.state in (ActState.WAITING, ActState.READY)]
    # who was passed over comes after those still ahead
    return on, [act for _, _, act in sorted(waiting, key=lambda each: each[:2])][:shown]
