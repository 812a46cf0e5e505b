"""How are sessions and stages changed and taken out while acts have their places in them?

An act moves with its session. It loses its place, and is told by name, when its session goes, becomes another contest's
or ends before the act does. What has been on a stage stays where it was: such a session keeps its contest and its start.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import say
from festival.schedule.editing.along import goes_along
from festival.schedule.history.steps import a_step
from festival.schedule.later.models import BEGUN, LaterMatch
from festival.schedule.later.naming import match_called
from festival.schedule.later.reading import matches_in, on_this_stage
from festival.schedule.later.writing import follow, take_places
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.overlaps import told
from festival.schedule.queries import session_title
from festival.schedule.sessions import (
    block,
    blocks,
    in_the_days,
    locked,
    name_free,
    record,
    refuse_closed,
    refuse_without_stage,
    stage_free,
)


@dataclass(frozen=True, slots=True)
class SessionValues:
    """All that can be said of a session; what a form showed and what it brings back."""

    contest_id: int
    stage_id: int
    starts_at: datetime
    ends_at: datetime
    label: str = ""


def values_of(session: Session) -> SessionValues:
    return SessionValues(session.contest_id, session.stage_id, session.starts_at, session.ends_at, session.label)


@dataclass(frozen=True, slots=True)
class Changed:
    """The session as it is now, and what an organiser is asked about it that was not so before."""

    session: Session
    told: tuple[Sentence, ...]


class TimetableChanged(Conflict):
    """Somebody else changed the session after the form was opened."""


def own_session(festival_id: int, session_id: int) -> Session:
    """A session of this festival; NotFound otherwise."""
    session = db.session.get(Session, session_id)
    if session is None or session.stage.festival_id != festival_id:
        raise NotFound(_("Buổi thi này không còn trong lịch. Về trang lịch thi để xem các buổi đang có."))
    return session


def own_stage(festival_id: int, code: str) -> Stage:
    """A stage of this festival; NotFound otherwise."""
    stage = db.session.scalars(select(Stage).where(Stage.festival_id == festival_id, Stage.code == code)).one_or_none()
    if stage is None:
        raise NotFound(_("Sân khấu này không còn trong lịch. Về trang lịch thi để xem các sân khấu đang có."))
    return stage


def change_session(
    festival_id: int, session_id: int, to: SessionValues, by: int | None, *, seen: SessionValues | None = None
) -> Changed:
    """The session becomes what `to` says, its acts with it. `seen`: what the form showed when it was opened."""
    festival = locked(festival_id)
    session = own_session(festival_id, session_id)
    was = values_of(session)
    if seen is not None and seen != was:
        raise TimetableChanged(_("Có người vừa sửa buổi thi này. Chưa ghi gì: xem cả hai bản dưới đây rồi ghi lại."))
    stage, contest = db.session.get(Stage, to.stage_id), db.session.get(Contest, to.contest_id)
    if stage is None or contest is None or {stage.festival_id, contest.festival_id} != {festival_id}:
        raise BadInput(_("Chọn phần thi và sân khấu có trong ngày hội."))
    refuse_without_stage(contest)
    in_the_days(festival, to.starts_at, to.ends_at)
    _refuse_begun(session, was, to)
    _refuse_held(session, was, to)
    if to.stage_id != was.stage_id:
        refuse_closed(stage)
    told_before = told_about(session)
    with a_step(festival, "session_changed", by, session=session_title(session)):
        session.stage, session.contest = stage, contest
        session.label, session.starts_at, session.ends_at = " ".join(to.label.split()), to.starts_at, to.ends_at
        stage_free(festival_id, block(session), besides=session.id)
        db.session.flush()
        _acts_follow(session, was)
        record(session, "session_changed", by, places=places_of(session))
    return Changed(session, tuple(each for each in told_about(session) if each not in told_before))


def places_of(session: Session) -> list[list[int]]:
    """Its acts as the ledger writes them."""
    return [[act.entry_id, act.session_id, act.position] for act in session.acts]


def told_about(session: Session) -> list[Sentence]:
    """The same contest or the same judges elsewhere at the same time."""
    return told(block(session), blocks(session.stage.festival_id, besides=session.id))


def _refuse_begun(session: Session, was: SessionValues, to: SessionValues) -> None:
    begun = [act for act in standing_in(session) if act.state in BEGUN]
    if begun and to.contest_id != was.contest_id:
        raise Conflict(_("Buổi này đã có tiết mục lên sân khấu, không đổi sang phần thi khác được."))
    if begun and to.starts_at != was.starts_at:
        raise Conflict(
            _(
                "Buổi này đã có tiết mục lên sân khấu, giờ bắt đầu không đổi được nữa. Giờ kết thúc, sân khấu và tên buổi "
                "vẫn đổi được; tiết mục chưa thi thì chuyển sang buổi mới bằng cách rút ngắn buổi này."
            )
        )
    on = next((act for act in begun if act.state is ActState.ON_STAGE), None)
    if on is not None and to.stage_id != was.stage_id:
        raise Conflict(_("«%(name)s» đang thi trên sân khấu này. Chờ thi xong rồi chuyển.", name=_called(on)))


def _refuse_held(session: Session, was: SessionValues, to: SessionValues) -> None:
    """What is locked does not move: the name of its session may change, and more room may come behind it."""
    moved = (to.contest_id, to.stage_id, to.starts_at) != (was.contest_id, was.stage_id, was.starts_at)
    if (session.locked and (moved or to.ends_at != was.ends_at)) or (moved and _any_locked(session)):
        raise held(session)


def standing_in(session: Session) -> list[Act | LaterMatch]:
    """Its acts and its matches of later rounds."""
    return [*session.acts, *matches_in([session.id])]


def _any_locked(session: Session) -> bool:
    return any(each.locked for each in standing_in(session))


def _called(each: Act | LaterMatch) -> str:
    """As whoever leads the stage knows it."""
    return each.entry.name if isinstance(each, Act) else say(match_called(each.at))


def held(session: Session) -> Conflict:
    return Conflict(
        _(
            "Buổi «%(session)s» ở %(stage)s đã khóa, hoặc có tiết mục đã khóa. Mở khóa ở bảng lịch rồi làm lại.",
            session=session_title(session),
            stage=session.stage.name,
        )
    )


def _acts_follow(session: Session, was: SessionValues) -> None:
    """The acts move as far as the beginning did; those the session has no room for any more lose their place."""
    if session.contest_id != was.contest_id:
        _take_out(session.acts)
        _take_matches(matches_in([session.id]))
    else:
        by = session.starts_at - was.starts_at
        over = {act.id: _over(act.starts_at, act.duration_min, was.ends_at) for act in session.acts}
        for act in session.acts:
            act.starts_at += by
        db.session.flush()
        _take_out(
            act
            for act in session.acts
            if act.state not in BEGUN and _over(act.starts_at, act.duration_min, session.ends_at) > over[act.id]
        )
        _take_matches(follow(session, by, was.ends_at))
    db.session.refresh(session, ["acts"])


def _over(starts_at: datetime, minutes: int, ends_at: datetime) -> timedelta:
    """How long after the end of its session an act ends; nothing when it ends before."""
    return max(starts_at + timedelta(minutes=minutes) - ends_at, timedelta())


def _take_out(acts: Iterable[Act]) -> None:
    acts = list(acts)
    ids = [act.id for act in acts]
    for act in acts:
        if act.locked:
            raise held(act.session)
    gone = db.session.execute(delete(Act).where(Act.id.in_(ids), Act.state.not_in(BEGUN)))
    if gone.rowcount != len(ids):  # type: ignore[attr-defined]
        raise Conflict(_("Có tiết mục vừa lên sân khấu. Chưa ghi gì: mở lại trang rồi xem."))


def _take_matches(matches: Sequence[LaterMatch]) -> None:
    for each in matches:
        if each.locked and each.session is not None:
            raise held(each.session)
    take_places(matches)


def remove_session(festival_id: int, session_id: int, by: int | None) -> str:
    """The session goes, and its acts lose their place; answers what it was called. Conflict once an act has begun."""
    festival = locked(festival_id)
    session = own_session(festival_id, session_id)
    called = session_title(session)
    with a_step(festival, "session_removed", by, session=called):
        _remove([session], by)
    return called


def _remove(sessions: Sequence[Session], by: int | None) -> None:
    for session in sessions:
        if any(each.state in BEGUN for each in standing_in(session)):
            raise Conflict(
                _(
                    "«%(session)s» ở %(stage)s đã có tiết mục lên sân khấu, không bỏ được. Tiết mục chưa thi thì chuyển "
                    "sang buổi khác bằng cách rút ngắn buổi này.",
                    session=session_title(session),
                    stage=session.stage.name,
                )
            )
        if session.locked:
            raise held(session)
        record(session, "session_removed", by)
        _take_out(session.acts)
        _take_matches(matches_in([session.id]))
        db.session.expire(session, ["acts"])
        db.session.execute(delete(Session).where(Session.id == session.id))
        db.session.expunge(session)
    db.session.expire_all()


def rename_stage(festival_id: int, code: str, name: str, by: int | None, *, seen: str | None = None) -> Stage:
    """Another name; the code, which stands in addresses, stays. `seen`: the name the form showed."""
    festival = locked(festival_id)
    stage = own_stage(festival_id, code)
    name = " ".join(name.split())
    if not name:
        raise BadInput(_("Tên sân khấu không để trống."))
    if seen is not None and stage.name != seen:
        raise TimetableChanged(
            _("Có người vừa đổi tên sân khấu này thành «%(name)s». Chưa ghi gì: xem rồi ghi lại.", name=stage.name)
        )
    name_free(festival_id, name, besides=stage.id)
    if name != stage.name:
        with a_step(festival, "stage_renamed", by, stage=stage.name):
            stage.name = name
        ledger.append(f"decisions:{festival.code}", "stage_renamed", {"stage": code, "by": by}, {"name": name})
    return stage


@dataclass(frozen=True, slots=True)
class StageRemoved:
    """What it was called, and what else went with it."""

    name: str
    told: tuple[Sentence, ...]


def remove_stage(festival_id: int, code: str, by: int | None) -> StageRemoved:
    """The stage goes with its sessions, and with what else stood on it. Conflict once an act has begun there."""
    festival = locked(festival_id)
    stage = own_stage(festival_id, code)
    name, along = stage.name, goes_along(stage)
    with a_step(festival, "stage_removed", by, stage=name, along=along.kept):
        _remove(list(db.session.scalars(select(Session).where(Session.stage_id == stage.id).order_by(Session.id))), by)
        stage = own_stage(festival_id, code)
        db.session.delete(stage)
        db.session.flush()
    ledger.append(f"decisions:{festival.code}", "stage_removed", {"stage": code, "by": by}, {"name": name})
    return StageRemoved(name, along.told)


def close_stage(festival_id: int, code: str, closed: bool, by: int | None) -> Stage:
    """Nothing more is put on it until it is opened again; what stands there stays as it is."""
    festival = locked(festival_id)
    stage = own_stage(festival_id, code)
    on: Act | LaterMatch | None = db.session.scalars(
        select(Act).join(Session).where(Session.stage_id == stage.id, Act.state == ActState.ON_STAGE)
    ).first()
    on = on or on_this_stage(stage.id)
    if closed and on is not None:
        raise Conflict(_("«%(name)s» đang thi trên sân khấu này. Chờ thi xong rồi đóng.", name=_called(on)))
    if stage.closed is not closed:
        with a_step(festival, "stage_closed" if closed else "stage_reopened", by, stage=stage.name):
            stage.closed = closed
        ledger.append(f"decisions:{festival.code}", "stage_closed", {"stage": code, "by": by}, {"closed": closed})
    return stage
