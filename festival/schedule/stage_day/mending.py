"""An act is not ready, a family comes late: behind whom does it go, what does that change, and how is it taken back?

The published programme stays as it is: the order of the day stands beside it. What is taken is what was shown; whoever was
slower than another hand is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.contests.models import ResultKind
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.roster.models import EntryState
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.stage_day.expected import PENDING, is_called, moved, starts_from
from festival.schedule.stage_day.models import TurnChange
from festival.schedule.stage_day.reading import changes_of, day_act, session_in_order
from festival.schedule.stage_day.taking import take_step

STAMP = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class TurnShift:
    """Who comes when after the change, and when it was before; both as expected."""

    act: Act
    was: datetime
    begins: datetime


@dataclass(frozen=True, slots=True)
class TurnsProposed:
    """One act behind another. `seen` stands for what was shown: it agrees to this and nothing else."""

    act: Act
    after: Act
    choices: tuple[Act, ...]
    shifts: tuple[TurnShift, ...]
    before: tuple[int, ...]
    order: tuple[int, ...]
    seen: str


def propose(act_id: int, after_id: int, at: datetime) -> TurnsProposed:
    """What changes when this act goes behind that one; 0: behind the next one. Nothing is written."""
    act = db.session.get(Act, act_id)
    if act is None:
        raise NotFound()
    if act.entry.state is not EntryState.ENROLLED:
        raise Conflict(_("«%(name)s» đã rút, không còn lượt để lùi.", name=act.entry.name))
    if act.state in (ActState.ON_STAGE, ActState.DONE):
        raise Conflict(_("«%(name)s» đang thi hoặc đã thi, không lùi lượt được nữa.", name=act.entry.name))
    if act.session.contest.result_kind is ResultKind.MATCH:
        raise Conflict(_("Trận đấu theo bảng đấu: hai bên lên cùng lúc, không lùi riêng một bên được."))
    if act.session.contest.lanes > 1:
        raise Conflict(
            _(
                "Cả đợt lên cùng lúc, không lùi riêng một gia đình. Ai chưa đến thì ghi vắng; đổi giờ cả đợt thì dùng «Vá lịch»."
            )
        )
    acts = session_in_order(act)
    act = next(each for each in acts if each.id == act_id)
    others = [each for each in acts if each is not act and each.state.value in PENDING | {"on_stage"}]
    behind = [each for each in others if acts.index(each) > acts.index(act)] or others
    if not behind:
        raise Conflict(_("Buổi này không còn gia đình nào sau «%(name)s» để nhường lượt.", name=act.entry.name))
    after = next((each for each in others if each.id == after_id), None) if after_id else behind[0]
    if after is None:
        raise BadInput(_("Gia đình vừa chọn đã thi hoặc không còn trong buổi. Chọn lại trong danh sách."))
    order = moved([str(each.id) for each in acts], str(act.id), str(after.id))
    stamp = repr([(each.id, each.state.value) for each in acts] + [act.id, after.id])
    entry_of = {str(each.id): each.entry_id for each in acts}
    return TurnsProposed(
        act,
        after,
        tuple(others),
        tuple(_shifts(acts, order, act, at)),
        tuple(each.entry_id for each in acts),
        tuple(entry_of[key] for key in order),
        sha256(stamp.encode()).hexdigest()[:16],
    )


def _shifts(acts: list[Act], order: list[str], moving: Act, at: datetime) -> list[TurnShift]:
    """Each act whose expected start is another one; the one that moves always. Before the day is led by taps, by the plan."""
    plain = [day_act(act) for act in acts]
    turn = {key: place for place, key in enumerate(order, start=1)}
    clock = at if is_called(plain) else min(each.starts_at for each in plain)
    was = starts_from(plain, clock)
    after = [replace(each, turn=turn[each.key]) for each in plain]
    # who was absent is expected again, at its new place
    after = [replace(each, state="waiting") if each.key == str(moving.id) else each for each in after]
    then = starts_from(after, clock)
    by_id = {str(act.id): act for act in acts}
    shifts = [
        TurnShift(by_id[key], was.get(key, by_id[key].starts_at), begins)
        for key, begins in then.items()
        if by_id[key] is moving or was.get(key) != begins
    ]
    return sorted(shifts, key=lambda each: each.begins)


def take(act_id: int, after_id: int, seen: str, by: int | None) -> TurnChange:
    """Do what was shown. Overtaken when the session looks otherwise by now."""
    act = db.session.get(Act, act_id)
    if act is None:
        raise NotFound()
    _hold(act.session)
    shown = propose(act_id, after_id, now())
    if shown.seen != seen:
        raise Overtaken(_("Buổi thi vừa đổi trong lúc xem. Xem lại thay đổi rồi bấm lần nữa."))
    session = db.session.get_one(Session, shown.act.session_id)
    change = TurnChange(
        session_id=session.id,
        entry_id=act.entry_id,
        before=list(shown.before),
        after=list(shown.order),
        changed_at=now(),
        changed_by=by,
    )
    db.session.add(change)
    if act.state is ActState.ABSENT:
        take_step(act.id, ActState.ABSENT, ActState.WAITING, by={"by": by})
    _turn(shown.order)
    _note(change, session, "turns_changed", by)
    return change


def undo(change_id: int, by: int | None) -> TurnChange:
    """The order before the last change of a session. Conflict when a later one stands, or the plan was changed since."""
    change = db.session.get(TurnChange, change_id)
    if change is None:
        raise NotFound()
    session = db.session.get_one(Session, change.session_id)
    _hold(session)
    standing = changes_of([session.id])
    if standing and standing[0].id != change_id and change.undone_at is None:
        raise Conflict(_("Sau lần này còn một lần đổi lượt nữa. Hoàn tác lần sau trước."))
    if any(act.turn is None for act in session.acts if act.entry_id in change.after):
        raise Conflict(_("Lịch thi của buổi đã được xếp lại từ đó, không hoàn tác lần đổi lượt này được."))
    undone = update(TurnChange).where(TurnChange.id == change_id, TurnChange.undone_at.is_(None))
    if db.session.execute(undone.values(undone_at=now(), undone_by=by)).rowcount == 0:  # type: ignore[attr-defined]
        raise Overtaken(_("Lần đổi lượt này vừa được hoàn tác ở máy khác."))
    db.session.refresh(change)
    _turn(tuple(change.before))
    _note(change, session, "turns_restored", by)
    return change


def act_of(change: TurnChange) -> Act:
    """Whose turn was changed."""
    return db.session.scalars(select(Act).where(Act.entry_id == change.entry_id)).one()


def _hold(session: Session) -> None:
    """Of two hands at one session one waits, and then sees what the other did."""
    db.session.execute(select(Stage.id).where(Stage.id == session.stage_id).with_for_update())
    db.session.expire_all()


def _turn(order: tuple[int, ...]) -> None:
    turn = {entry_id: place for place, entry_id in enumerate(order, start=1)}
    for act in db.session.scalars(select(Act).where(Act.entry_id.in_(turn))):
        act.turn = turn[act.entry_id]
    db.session.flush()


def _note(change: TurnChange, session: Session, kind: str, by: int | None) -> None:
    db.session.flush()
    ledger.append(
        f"decisions:{session.contest.festival.code}",
        kind,
        {"change": change.id, "session": session.id, "entry_id": change.entry_id, "by": by},
        {"before": change.before, "after": change.after},
    )
