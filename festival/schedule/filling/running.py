"""How does a search begin, go on, end, and is thrown away or had back? The draft is touched by none of this.

Of a festival one at most waits or runs (`uq_fill_run_under_way`). Whoever searches says so every second; one that has said nothing
for a minute, or has gone on far beyond its limit, is over: its process is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import Conflict, NotFound
from festival.schedule.filling.chosen import FillChoice, FillState
from festival.schedule.filling.laid import LaidOut, asked_of, basis_of, laid_out
from festival.schedule.filling.models import FillRun
from festival.schedule.filling.searching import REASON_S, FillSearch
from festival.schedule.history.steps import next_steps
from festival.schedule.sessions import locked

LIMITS = (10, 60, 180)  # seconds
SILENT = timedelta(seconds=60)  # whoever searches is gone
WORKER_LATE = timedelta(seconds=20)  # nobody has begun yet
KEPT = 5  # searches of a festival; older ones are forgotten


def ask_fill(festival_id: int, choice: FillChoice, limit_s: int, by: int | None) -> FillRun:
    """Let the worker search. Conflict while another search is under way, or when there is nothing to place."""
    locked(festival_id)
    bury(festival_id)
    laid = laid_out(festival_id)
    asked = asked_of(laid.draft, choice)
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.session.connection().dialect.name]
    row = {
        "festival_id": festival_id, "state": FillState.WAITING, "stopping": False, "choice": choice.to_json(), "limit_s": limit_s,
        "step": next_steps(festival_id, by).last, "basis": basis_of(laid.draft, asked), "found": {}, "asked_at": now(), "asked_by": by,
    }  # fmt: skip
    made = db.session.scalar(insert(FillRun).values(**row).on_conflict_do_nothing().returning(FillRun.id))
    if made is None:
        raise Conflict(_("Đang có một lần xếp của ngày hội này. Chờ xong, hoặc dừng lần ấy rồi bắt đầu."))
    _forget_the_oldest(festival_id)
    return db.session.get_one(FillRun, made)


def _forget_the_oldest(festival_id: int) -> None:
    own = select(FillRun.id).where(FillRun.festival_id == festival_id)
    oldest = db.session.scalar(own.order_by(FillRun.id.desc()).offset(KEPT).limit(1))
    if oldest is not None:
        db.session.execute(delete(FillRun).where(FillRun.festival_id == festival_id, FillRun.id <= oldest))


def runs(festival_id: int) -> Sequence[FillRun]:
    """The newest first."""
    return db.session.scalars(
        select(FillRun).where(FillRun.festival_id == festival_id).order_by(FillRun.id.desc()).limit(KEPT)
    ).all()


def own_run(festival_id: int, run_id: int) -> FillRun:
    """A search of this festival; NotFound otherwise."""
    run = db.session.get(FillRun, run_id, populate_existing=True)
    if run is None or run.festival_id != festival_id:
        raise NotFound(_("Lần xếp này không còn được giữ. Xem lần mới nhất ở trang xếp lịch bằng máy."))
    return run


def gone(run: FillRun, at: datetime) -> bool:
    """Whether nobody searches any more though it says so."""
    if run.state is not FillState.RUNNING or run.started_at is None or run.seen_at is None:
        return False
    return at > run.seen_at + SILENT or at > run.started_at + timedelta(seconds=2 * run.limit_s + REASON_S) + SILENT


def bury(festival_id: int) -> None:
    """What nobody searches any more is over: with what it had found, or failed."""
    for run in db.session.scalars(
        select(FillRun).where(FillRun.festival_id == festival_id, FillRun.state == FillState.RUNNING)
    ):
        if gone(run, now()):
            over = FillState.FOUND if "plan" in run.found else FillState.FAILED
            found = {**run.found, "cut": True}
            db.session.execute(
                update(FillRun)
                .where(FillRun.id == run.id, FillRun.state == FillState.RUNNING, FillRun.seen_at == run.seen_at)
                .values(state=over, ended_at=now(), found=found)
            )


# ------------------------------------------------------------------------------------------------ whoever searches


def claim(run_id: int | None = None) -> tuple[int, FillSearch] | None:
    """Begin the oldest that waits (or this one): of two workers one has it. None when none waits."""
    oldest = select(FillRun.id).where(FillRun.state == FillState.WAITING).order_by(FillRun.id).limit(1)
    found = db.session.scalar(oldest) if run_id is None else run_id
    begun = db.session.scalar(
        update(FillRun)
        .where(FillRun.id == found, FillRun.state == FillState.WAITING)
        .values(state=FillState.RUNNING, started_at=now(), seen_at=now())
        .returning(FillRun.id)
    )
    if begun is None:
        return None
    run = db.session.get_one(FillRun, begun, populate_existing=True)
    laid, choice = laid_out(run.festival_id), FillChoice.from_json(run.choice)
    try:
        asked = asked_of(laid.draft, choice)
    except Conflict:  # what was to be placed has gone meanwhile
        _end(run.id, FillState.FAILED, {})
        return None
    run.basis, run.step = basis_of(laid.draft, asked), next_steps(run.festival_id, None).last
    db.session.flush()
    return run.id, FillSearch(laid.draft, asked, choice, laid.wishes, run.limit_s)


def goes_on(run_id: int) -> bool:
    """Whether nobody has stopped it or thrown it away."""
    going = FillRun.id == run_id, FillRun.state == FillState.RUNNING, ~FillRun.stopping
    return db.session.scalar(select(FillRun.id).where(*going)) is not None


def heard(run_id: int, found: dict[str, Any]) -> None:
    """Keep what was found so far."""
    db.session.execute(
        update(FillRun)
        .where(FillRun.id == run_id, FillRun.state == FillState.RUNNING)
        .values(seen_at=now(), found=found)
    )


def over(run_id: int, search: FillSearch) -> None:
    """It has ended by itself, was stopped, or came to nothing."""
    found = search.told()
    has = "plan" in found or bool(found["reasons"] or found["aside"])
    _end(run_id, FillState.FOUND if has and not search.failed else FillState.FAILED, found)


def _end(run_id: int, state: FillState, found: dict[str, Any]) -> None:
    db.session.execute(
        update(FillRun)
        .where(FillRun.id == run_id, FillRun.state == FillState.RUNNING)
        .values(state=state, ended_at=now(), found=found)
    )


# ------------------------------------------------------------------------------------------------ whoever watches


def stop_fill(festival_id: int, run_id: int) -> None:
    """Keep what there is; one that has not begun is thrown away."""
    bury(festival_id)
    run = own_run(festival_id, run_id)
    db.session.execute(
        update(FillRun)
        .where(FillRun.id == run.id, FillRun.state == FillState.WAITING)
        .values(state=FillState.DROPPED, ended_at=now())
    )
    db.session.execute(
        update(FillRun).where(FillRun.id == run.id, FillRun.state == FillState.RUNNING).values(stopping=True)
    )


def drop_fill(festival_id: int, run_id: int, *, back: bool = False) -> None:
    """Throw it away, under way or found; a plan that was thrown away can be had back."""
    bury(festival_id)
    run = own_run(festival_id, run_id)
    if back:
        wanted, of = FillState.FOUND, [FillState.DROPPED]
        if "plan" not in run.found:
            raise Conflict(_("Lần xếp này dừng trước khi có lịch nào, không có gì để lấy lại. Hãy xếp lại."))
    else:
        wanted, of = FillState.DROPPED, [FillState.WAITING, FillState.RUNNING, FillState.FOUND]
    done = db.session.scalar(
        update(FillRun)
        .where(FillRun.id == run.id, FillRun.state.in_(of))
        .values(state=wanted, ended_at=case((FillRun.ended_at.is_(None), now()), else_=FillRun.ended_at))
        .returning(FillRun.id)
    )
    if done is None:
        raise Conflict(_("Lần xếp này vừa đổi trạng thái. Chưa đổi gì: xem lại trang rồi chọn."))
    db.session.expire_all()


def changed_since(run: FillRun, laid: LaidOut) -> bool:
    """Whether the draft, or what it has to keep, is not what it was when this search began."""
    try:
        return basis_of(laid.draft, asked_of(laid.draft, FillChoice.from_json(run.choice))) != run.basis
    except Conflict:
        return True
