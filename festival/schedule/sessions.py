"""Which stages are there, and which contests are on them when?

Of two organisers at the same moment one waits for the other (`locked`): what is read afterwards is true until the end of
the transaction, so that no two sessions come to be on one stage at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import local
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import day as day_words
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.schedule import queries
from festival.schedule.history.steps import a_step
from festival.schedule.models import Session, Stage
from festival.schedule.overlaps import Booked, on_one_stage
from festival.schedule.rules.planned import evening_of
from festival.schedule.timetable import sessions_alone
from festival.schedule.wishes.given import contests_taken


def locked(festival_id: int) -> Festival:
    """The festival, its timetable held until the transaction ends: sessions by its row, taps on a stage by the stages'."""
    db.session.flush()
    db.session.expire_all()
    festival = db.session.scalars(select(Festival).where(Festival.id == festival_id).with_for_update()).one_or_none()
    if festival is None:
        raise NotFound()
    db.session.execute(select(Stage.id).where(Stage.festival_id == festival_id).order_by(Stage.id).with_for_update())
    return festival


def add_stage(festival_id: int, code: str, name: str, by: int | None = None) -> Stage:
    """A new stage or ground; Conflict when the code or the name is taken."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) or not name.strip():
        raise BadInput(_("Mã sân khấu chỉ gồm chữ thường không dấu, số và gạch nối; tên không để trống."))
    festival = locked(festival_id)
    name = " ".join(name.split())
    name_free(festival_id, name)
    position = (db.session.scalar(select(func.max(Stage.position)).where(Stage.festival_id == festival_id)) or 0) + 1
    stage = Stage(festival_id=festival_id, code=code, name=name, position=position)
    try:
        with a_step(festival, "stage_added", by, stage=name), db.session.begin_nested():
            db.session.add(stage)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("Đã có sân khấu mã «%(code)s».", code=code)) from error
    ledger.append(
        f"decisions:{festival.code}", "stage_added", {"stage": code, "by": by}, {"name": name, "position": position}
    )
    return stage


def name_free(festival_id: int, name: str, besides: int = 0) -> None:
    """Conflict when another stage is called so: on a programme a stage is its name."""
    taken = db.session.scalar(
        select(Stage.id).where(Stage.festival_id == festival_id, Stage.name == name, Stage.id != besides)
    )
    if taken is not None:
        raise Conflict(_("Đã có sân khấu tên «%(name)s».", name=name))


def add_session(
    stage_id: int, contest_id: int, starts_at: datetime, ends_at: datetime, label: str = "", by: int | None = None
) -> Session:
    """A block of a contest on a stage, inside the days of the festival, while nothing else is on that stage."""
    stage, contest = db.session.get(Stage, stage_id), db.session.get(Contest, contest_id)
    if stage is None or contest is None or stage.festival_id != contest.festival_id:
        raise BadInput(_("Chọn phần thi và sân khấu có trong ngày hội."))
    refuse_without_stage(contest)
    festival = locked(stage.festival_id)
    in_the_days(festival, starts_at, ends_at)
    refuse_closed(stage)
    session = Session(stage=stage, contest=contest, label=" ".join(label.split()), starts_at=starts_at, ends_at=ends_at)
    stage_free(festival.id, block(session))
    with a_step(festival, "session_added", by, session=queries.session_title(session)):
        db.session.add(session)
        db.session.flush()
        record(session, "session_added", by)
    return session


def refuse_closed(stage: Stage) -> None:
    """Conflict for a stage on which nothing more is put."""
    if stage.closed:
        raise Conflict(_("«%(stage)s» đã đóng. Mở lại sân khấu, hoặc chọn sân khấu khác.", stage=stage.name))


def refuse_without_stage(contest: Contest) -> None:
    """BadInput for a contest in which nobody does anything at any time."""
    if not contest.on_stage:
        raise BadInput(_("Phần thi cộng không diễn ra trên sân khấu nên không có buổi thi."))
    if not contest.has_order:
        raise BadInput(_("Phần thi chấm kín theo mâm không có buổi thi: thứ tự trong lịch sẽ cho biết mâm nào của ai."))


def in_the_days(festival: Festival, starts_at: datetime, ends_at: datetime) -> None:
    """BadInput for times turned round or outside the festival."""
    if ends_at <= starts_at:
        raise BadInput(_("Giờ kết thúc phải sau giờ bắt đầu."))
    if local(starts_at).date() < festival.starts_on or evening_of(local(ends_at)) > festival.ends_on:
        raise BadInput(
            _(
                "Buổi thi phải nằm trong ngày hội, từ %(first)s đến %(last)s (buổi tối cuối được qua nửa đêm, đến 3 giờ sáng).",
                first=day_words(festival.starts_on),
                last=day_words(festival.ends_on),
            )
        )


def block(session: Session) -> Booked:
    """A session as the rule of `overlaps` reads it."""
    return Booked(
        queries.session_title(session),
        session.stage.code,
        session.stage.name,
        session.contest.code,
        local(session.starts_at),
        local(session.ends_at),
        frozenset(queries.judges_of(session.stage.festival_id).get(session.contest.id, ())),
        contests_taken(session.stage.festival_id).get(session.stage.name, frozenset()),
    )


def blocks(festival_id: int, besides: int | None = None) -> list[Booked]:
    """All other sessions of the festival."""
    return [block(row) for row in sessions_alone(festival_id) if row.id != besides]


def stage_free(festival_id: int, new: Booked, besides: int | None = None) -> None:
    """BadInput that names what is on the stage at that time."""
    refuse(on_one_stage(new, blocks(festival_id, besides)))


def refuse(found: Iterable[Sentence]) -> None:
    """BadInput in words, when there is anything."""
    said = " ".join(say(each) for each in found)
    if said:
        raise BadInput(_("Trùng giờ trên sân khấu. %(said)s Chọn giờ hoặc sân khấu khác.", said=said))


def record(session: Session, kind: str, by: int | None, **more: object) -> None:
    """One line with all that the session then holds; `more`: what became of its acts."""
    ledger.append(
        f"decisions:{session.stage.festival.code}",
        kind,
        {"session": session.id, "by": by},
        {
            "stage": session.stage.code,
            "contest": session.contest.code,
            "label": session.label,
            "starts_at": local(session.starts_at).isoformat(),
            "ends_at": local(session.ends_at).isoformat(),
            **more,
        },
    )
