"""Which part of "who has marked what" does a page show, and what of it is new to a reader who polls?

A reader tells what it shows: a few characters for each row (`marks_of`). The answer holds only the rows that differ, so
that it is right whatever moved them: a new sheet, a place that shifted, an entry withdrawn. `version` is cheap: while nothing it
counts has changed, nothing is drawn at all.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select, union_all

from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.clock import local
from festival.core.database import db
from festival.core.ledger import LedgerHead
from festival.core.transaction import once
from festival.core.web.paging import ListPart, asked_number, asked_part
from festival.judging.contest_rules import judging_stream
from festival.judging.models import Measure, Overtime, ScoreSheet
from festival.judging.paper.recording import paper_stream
from festival.judging.paper.waiting import paper_now
from festival.judging.sheets.coming import to_come
from festival.judging.tally import Appearance, Seen, Tally, appearances_of
from festival.judging.ties import tied_pairs
from festival.results.map.seats import seats_of
from festival.roster.models import Entry

WAITING_SEATS = (PanelSeat.RESERVE, PanelSeat.STOOD_DOWN)
ROWS = 50
MARK = 6  # characters a row: 36 bits
SINCE = re.compile(rf"(?:[A-Za-z0-9_-]{{{MARK}}}){{0,{ROWS}}}")


@dataclass(frozen=True, slots=True)
class SessionChoice:
    """A session whose entries can be shown alone."""

    id: int
    label: str
    stage: str
    on: str  # 14/6


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for: a session (0: all), only entries of which something is due, and the part of them."""

    session: int
    due: bool
    appearances: Sequence[Appearance]
    part: ListPart
    sessions: tuple[SessionChoice, ...]
    all_due: int
    coming: frozenset[int]  # entries that were not on stage yet: nothing of them is due

    @property
    def query(self) -> dict[str, int]:
        """The filters for an address, without the page."""
        return ({"session": self.session} if self.session else {}) | ({"due": 1} if self.due else {})


def chosen(tallied: Tally) -> Chosen:
    """Read from the address of this request; what it cannot mean shows everything."""
    sessions = {
        appearance.session_id: SessionChoice(
            appearance.session_id, appearance.session, appearance.stage, f"{local(appearance.starts_at):%-d/%-m}"
        )
        for appearance in tallied.appearances
        if appearance.session_id is not None and appearance.starts_at is not None
    }
    session = asked_number("session")
    session = session if session in sessions else 0
    due = asked_number("due") == 1
    waiting = {appearance.id for appearance, _seat in tallied.missing()} | {
        appearance.id for appearance in tallied.unmeasured()
    }
    coming = to_come(tallied, (entry_id for _judge, entry_id in paper_now(tallied.contest).waiting))
    waiting -= coming
    waiting |= {appearance.id for appearance, _seat in tallied.conflicts()}
    appearances = [
        appearance
        for appearance in tallied.appearances
        if (not session or appearance.session_id == session) and (not due or appearance.id in waiting)
    ]
    part = asked_part(len(appearances), ROWS)
    return Chosen(session, due, part.of(appearances), part, tuple(sessions.values()), len(waiting), coming)


def marks_of(rows: Sequence[str]) -> str:
    """What a reader says of the rows it shows, in their order."""
    return "".join(urlsafe_b64encode(sha256(row.encode()).digest())[:MARK].decode("ascii") for row in rows)


def changed(since: str, rows: Sequence[str]) -> list[tuple[int, str]]:
    """(place from 0, row) of what a reader with these marks does not show; everything to one whose marks are none."""
    known = since if SINCE.fullmatch(since) else ""
    fresh = marks_of(rows)
    return [
        (at, row)
        for at, row in enumerate(rows)
        if known[at * MARK : (at + 1) * MARK] != fresh[at * MARK : (at + 1) * MARK]
    ]


def seen_of(contest: Contest) -> Seen:
    """What `version` asks of a contest and its tally would ask again: who appears, who sits where, who is tied to whom."""
    return once(
        ("seen", contest.id),
        lambda: Seen(appearances_of([contest.id]), {contest.id: seats_of(contest)}, tied_pairs([contest.id])),
    )


def version(contest: Contest) -> str:
    """A digest that changes with everything the matrix is drawn from."""
    seen = seen_of(contest)
    entries = select(Entry.id).where(Entry.contest_id == contest.id)
    # what a reserve marks moves nothing, not even the tag of an answer
    judges = select(Judge.id).where(Judge.contest_id == contest.id, Judge.seat.not_in(WAITING_SEATS))
    flagged = func.sum(case((ScoreSheet.conflict, 1), else_=0))
    # One statement for the three, each row under its own number: a union promises no order.
    sums = union_all(
        select(literal(1), *_sums(ScoreSheet.id, ScoreSheet.version), flagged).where(ScoreSheet.judge_id.in_(judges)),
        select(literal(2), *_sums(Measure.id, Measure.version), literal(0)).where(Measure.entry_id.in_(entries)),
        select(literal(3), *_sums(Overtime.entry_id, Overtime.seconds), literal(0)).where(
            Overtime.entry_id.in_(entries)
        ),
    )
    own = select(LedgerHead.stream, LedgerHead.size, LedgerHead.hash).where(
        LedgerHead.stream.in_((judging_stream(contest), paper_stream(contest)))
    )
    parts: list[object] = [
        contest.state.value,
        *sorted(tuple(map(str, row)) for row in db.session.execute(own)),
        *sorted(tuple(map(str, row)) for row in db.session.execute(sums)),
        seen.seats[contest.id],
        sorted(seen.tied.get(contest.id, ())),
        seen.appearances.get(contest.id, ()),
    ]
    return sha256(repr(parts).encode()).hexdigest()[:32]


def _sums(key: Any, value: Any) -> tuple[ColumnElement[Any], ...]:
    return func.count(), func.max(key), func.sum(value)
