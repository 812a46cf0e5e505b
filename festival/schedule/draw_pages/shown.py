"""What stands on the page of a draw: the board, who has no number yet, what was changed, the slots on the stage?

A fixed number of statements at any size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from festival.accounts.models import User
from festival.contests.models import Contest, ContestState
from festival.core.clock import local
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.roster.models import Delegation, Entry, EntryState
from festival.schedule import queries
from festival.schedule.drawing import last_voided
from festival.schedule.drawn.changed import DrawChangeKind, TrialTime, block_of
from festival.schedule.drawn.models import DrawChange, StageTrial
from festival.schedule.drawn.trials import trial_of, trials
from festival.schedule.models import Draw, Session, Stage


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A number and who has it; `out`: withdrew and keeps it, `entry` None: there is no such entry any more."""

    number: int
    entry: Entry | None
    out: bool


@dataclass(frozen=True, slots=True)
class BoardPart:
    """The numbers of one session, or all."""

    title: str
    lines: tuple[BoardLine, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change in words, who noted it, and whether it is the one that can be undone."""

    row: DrawChange
    words: Sentence
    by: str
    undone_by: str
    can_undo: bool


@dataclass(frozen=True, slots=True)
class DrawShown:
    """All of it."""

    contest: Contest
    draw: Draw | None
    entries: Sequence[Entry]  # who takes part
    board: tuple[BoardPart, ...]
    late: Sequence[Entry]
    changes: tuple[ChangeLine, ...]
    voided: Draw | None
    sessions: Sequence[Session]
    stages: Sequence[Stage]
    trial: StageTrial | None
    slots: tuple[tuple[TrialTime, str, bool], ...]  # the slot, whose, whether they withdrew

    @property
    def open(self) -> bool:
        """Whether numbers may still change."""
        return self.contest.state is ContestState.OPEN

    @property
    def next_number(self) -> int:
        """Behind the last."""
        return 1 + (len(self.draw.order) if self.draw else 0)


def draw_shown(contest: Contest) -> DrawShown:
    """The page of a contest as it is now."""
    draw = queries.draws(contest.festival_id).get(contest.id)
    entries = queries.enrolled(contest.id)
    sessions = db.session.scalars(
        select(Session).where(Session.contest_id == contest.id).order_by(Session.starts_at, Session.id)
    ).all()
    trial = trial_of(contest.id) if draw else None
    return DrawShown(
        contest,
        draw,
        entries,
        _board(draw, sessions) if draw else (),
        [each for each in entries if each.number is None] if draw else [],
        _changes(draw) if draw else (),
        None if draw else last_voided(contest.id),
        sessions,
        queries.stages(contest.festival_id) if draw else [],
        trial,
        _slots(contest) if trial is not None and not trial.taken_back else (),
    )


def session_named(session: Session) -> str:
    """How a session is called where one is chosen: its own name, its day and hour."""
    at = local(session.starts_at)
    when = f"{at:%H:%M}, {at.day}/{at.month}"
    return f"{session.label} ({when})" if session.label else when


def _board(draw: Draw, sessions: Sequence[Session]) -> tuple[BoardPart, ...]:
    wanted = select(Entry).where(Entry.id.in_(draw.order))
    found = {
        row.id: row
        for row in db.session.scalars(wanted.options(joinedload(Entry.delegation).joinedload(Delegation.unit)))
    }
    lines = [
        BoardLine(number, row := found.get(each), row is None or row.state is not EntryState.ENROLLED)
        for number, each in enumerate(draw.order, start=1)
    ]
    named = {each.id: session_named(each) for each in sessions}
    if not draw.blocks or any(session not in named for session, _many in draw.blocks):
        return (BoardPart("", tuple(lines)),)
    return tuple(
        BoardPart(named[session], tuple(each for each in lines if block_of(each.number, draw.blocks) == session))
        for session, _many in draw.blocks
    )


def _changes(draw: Draw) -> tuple[ChangeLine, ...]:
    """The newest first."""
    rows = db.session.scalars(
        select(DrawChange).where(DrawChange.draw_id == draw.id).order_by(DrawChange.id.desc())
    ).all()
    ids = {each for row in rows for each in row.entries}
    names = {row.id: row.name for row in db.session.execute(select(Entry.id, Entry.name).where(Entry.id.in_(ids)))}
    people = {row.made_by for row in rows} | {row.undone_by for row in rows}
    accounts = {
        row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(people - {None})))
    }
    newest = next((row.id for row in rows if row.undone_at is None), None)
    return tuple(
        ChangeLine(
            row,
            change_words(row, names),
            accounts.get(row.made_by or 0, "–"),
            accounts.get(row.undone_by or 0, "–"),
            row.id == newest,
        )
        for row in rows
    )


def change_words(row: DrawChange, names: Mapping[int, str]) -> Sentence:
    """What was changed, as the office reads it."""
    called = [names.get(each, "–") for each in row.entries]
    if row.kind is DrawChangeKind.ADDED:
        return N_("Được duyệt sau khi bốc thăm, nhận số tiếp theo: %(names)s.", names=", ".join(called))
    if row.kind is DrawChangeKind.CORRECTED:
        return N_("Sửa số gõ nhầm của «%(one)s» và «%(other)s».", one=called[0], other=called[1])
    return N_(
        "«%(one)s» và «%(other)s» đổi số cho nhau; %(head)s và %(second)s đồng ý.",
        one=called[0],
        other=called[1],
        head=row.heads[0] if row.heads else "–",
        second=row.heads[1] if row.heads else "–",
    )


def _slots(contest: Contest) -> tuple[tuple[TrialTime, str, bool], ...]:
    own = next((each for each in trials(contest.festival_id) if each.contest.id == contest.id), None)
    if own is None:
        return ()
    ids = [slot.delegation for slot in own.slots]
    wanted = select(Delegation.id, Delegation.name).where(Delegation.id.in_(ids))
    names = {row.id: row.name for row in db.session.execute(wanted)}
    return tuple((slot, names.get(slot.delegation, "–"), slot.delegation in own.out) for slot in own.slots)
