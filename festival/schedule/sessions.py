"""Which stages are there, and which contests are on them when?"""

from __future__ import annotations

import re
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.schedule.models import Session, Stage


def add_stage(festival_id: int, code: str, name: str) -> Stage:
    """A new stage or ground; Conflict when the code is taken."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) or not name.strip():
        raise BadInput(_("Mã sân khấu chỉ gồm chữ thường không dấu, số và gạch nối; tên không để trống."))
    position = (db.session.scalar(select(func.max(Stage.position)).where(Stage.festival_id == festival_id)) or 0) + 1
    stage = Stage(festival_id=festival_id, code=code, name=" ".join(name.split()), position=position)
    try:
        with db.session.begin_nested():
            db.session.add(stage)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("Đã có sân khấu mã «%(code)s».", code=code)) from error
    return stage


def add_session(stage_id: int, contest_id: int, starts_at: datetime, ends_at: datetime, label: str = "") -> Session:
    """A block of a contest on a stage, inside the days of the festival."""
    stage, contest = db.session.get(Stage, stage_id), db.session.get(Contest, contest_id)
    if stage is None or contest is None or stage.festival_id != contest.festival_id:
        raise NotFound()
    if ends_at <= starts_at:
        raise BadInput(_("Giờ kết thúc phải sau giờ bắt đầu."))
    festival = stage.festival
    if local(starts_at).date() < festival.starts_on or local(ends_at).date() > festival.ends_on:
        raise BadInput(
            _(
                "Buổi thi phải nằm trong ngày hội, từ %(first)s đến %(last)s.",
                first=festival.starts_on.strftime("%d/%m/%Y"),
                last=festival.ends_on.strftime("%d/%m/%Y"),
            )
        )
    session = Session(
        stage_id=stage_id, contest_id=contest_id, label=" ".join(label.split()), starts_at=starts_at, ends_at=ends_at
    )
    db.session.add(session)
    db.session.flush()
    return session


def remove_session(session_id: int) -> None:
    """Take out a session nobody is placed in; Conflict otherwise."""
    if db.session.get(Session, session_id) is None:
        raise NotFound()
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Session).where(Session.id == session_id))
    except IntegrityError as error:
        raise Conflict(_("Buổi này đã có tiết mục. Xếp lại lịch trước khi bỏ buổi.")) from error
