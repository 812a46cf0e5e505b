"""Which steps have been taken on the draft, by whom, and which would be undone or done again next?

Every verb that changes the draft does it inside `a_step`: what stood before and after is compared, and the difference is kept
as one step. Steps are shared by all organisers and stand in one line; a new one ends what could be done again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import defer

from festival.accounts.models import User
from festival.core import ledger
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.editions.models import Festival
from festival.roster.models import Entry
from festival.schedule.history.difference import ACTS, MATCHES, SESSIONS, STAGES, Document, Values, difference
from festival.schedule.history.models import DraftStep
from festival.schedule.history.words import worded
from festival.schedule.later.naming import later_of_code, match_called
from festival.schedule.later.reading import later_matches
from festival.schedule.models import Act, Session, Stage

KEPT = 300  # steps of a festival; older ones are no longer undone, the ledger still tells them
_OPEN = "open step of the draft"


def document(festival_id: int) -> Document:
    """The draft as plain values; the order of the values is that of `STAGE`, `SESSION` and `ACT`."""
    stages = db.session.execute(
        select(Stage.code, Stage.name, Stage.position, Stage.closed).where(Stage.festival_id == festival_id)
    )
    sessions = db.session.execute(
        select(
            Session.id,
            Stage.code,
            Session.contest_id,
            Session.label,
            Session.starts_at,
            Session.ends_at,
            Session.locked,
        )
        .join(Stage, Stage.id == Session.stage_id)
        .where(Stage.festival_id == festival_id)
    )
    acts = db.session.execute(
        select(Act.entry_id, Act.session_id, Act.position, Act.starts_at, Act.duration_min, Act.locked)
        .join(Session, Session.id == Act.session_id)
        .join(Stage, Stage.id == Session.stage_id)
        .where(Stage.festival_id == festival_id)
    )
    matches = [
        (each.code, each.session_id, each.starts_at, each.duration_min, each.locked)
        for each in later_matches(festival_id)
    ]
    return {
        part: {str(key): [_plain(value) for value in values] for key, *values in rows}
        for part, rows in ((STAGES, stages), (SESSIONS, sessions), (ACTS, acts), (MATCHES, matches))
    }


def _plain(value: object) -> object:
    return local(value).isoformat() if isinstance(value, datetime) else value


@contextmanager
def a_step(festival: Festival, kind: str, by: int | None, *, always: bool = False, **said: Any) -> Iterator[None]:
    """What is changed inside is one step; a step inside another belongs to it. Nothing changed: no step, unless `always`
    (numbers changed, and nobody of them has a place yet).

    `said`: values of its words; `entry`: the id of the entry it speaks of, whose name is read when it is told; `match`: the
    code of a match of a later round.
    """
    info = db.session().info
    if info.get(_OPEN):
        yield
        return
    db.session.flush()
    before = document(festival.id)
    info[_OPEN] = True
    try:
        yield
    finally:
        info.pop(_OPEN)
    db.session.flush()
    changed = difference(before, document(festival.id))
    if changed or always:
        record_matches(festival, by, {code: after for code, (_before, after) in changed.get(MATCHES, {}).items()})
        step = DraftStep(festival_id=festival.id, kind=kind, said=said, changed=changed, by=by, at=now())
        db.session.add(step)
        db.session.flush()
        # only now: the number of a step that is gone is never another's, or who saw it there would undo that one
        undone = DraftStep.festival_id == festival.id, DraftStep.undone, DraftStep.id < step.id
        db.session.execute(delete(DraftStep).where(*undone))
        _forget_the_oldest(festival.id)


@contextmanager
def no_step() -> Iterator[None]:
    """What is changed inside is a step that was taken already, turned back or taken again."""
    db.session().info[_OPEN] = True
    try:
        yield
    finally:
        db.session().info.pop(_OPEN)


def record_matches(festival: Festival, by: int | None, matches: Mapping[str, Values | None]) -> None:
    """What became of matches of later rounds, as one line: session, start, minutes, lock; None of one that is gone."""
    if matches:
        said = {code: None if after is None else list(after) for code, after in matches.items()}
        ledger.append(
            f"decisions:{festival.code}", "matches_placed", {"festival": festival.code, "by": by, "matches": said}, {}
        )


def _forget_the_oldest(festival_id: int) -> None:
    own = select(DraftStep.id).where(DraftStep.festival_id == festival_id)
    oldest = db.session.scalar(own.order_by(DraftStep.id.desc()).offset(KEPT).limit(1))
    if oldest is not None:
        db.session.execute(delete(DraftStep).where(DraftStep.festival_id == festival_id, DraftStep.id <= oldest))


@dataclass(frozen=True, slots=True)
class ToldStep:
    """A step as a page tells it; `mine`: whether who reads took it."""

    id: int
    words: Sentence
    who: str
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What undoing would take back and what could be done again; `last`: the number of the newest step."""

    back: ToldStep | None
    again: ToldStep | None
    last: int


def next_steps(festival_id: int, me: int | None) -> NextSteps:
    """Read for the bar of the pages."""
    back = _told(festival_id, me, ~DraftStep.undone, newest=True, most=1)
    again = _told(festival_id, me, DraftStep.undone, newest=False, most=1)
    return NextSteps(next(iter(back), None), next(iter(again), None), back[0].id if back else 0)


def since(festival_id: int, step: int, me: int | None) -> list[ToldStep]:
    """What was done after a page was opened, the newest first."""
    return _told(festival_id, me, ~DraftStep.undone & (DraftStep.id > step), newest=True, most=10)


def _called(said: Mapping[str, Any], names: Mapping[int, str]) -> str | Sentence:
    match = later_of_code(said.get("match", ""))
    return names.get(said.get("entry", 0), "?") if match is None else match_called(match[1])


def _told(festival_id: int, me: int | None, which: Any, *, newest: bool, most: int) -> list[ToldStep]:
    rows = db.session.execute(
        select(DraftStep, User.name)
        .outerjoin(User, User.id == DraftStep.by)
        .where(DraftStep.festival_id == festival_id, which)
        .options(defer(DraftStep.changed, raiseload=True))
        .order_by(DraftStep.id.desc() if newest else DraftStep.id)
        .limit(most)
    ).all()
    ids = [row.DraftStep.said["entry"] for row in rows if "entry" in row.DraftStep.said]
    # asked whatever the step was: a page asks the same at any time
    names = {row.id: row.name for row in db.session.execute(select(Entry.id, Entry.name).where(Entry.id.in_(ids)))}
    return [
        ToldStep(
            step.id,
            worded(step.kind, step.said, _called(step.said, names)),
            name or "",
            step.at,
            step.by == me,
        )
        for step, name in rows
    ]
