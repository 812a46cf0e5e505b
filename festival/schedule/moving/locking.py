"""What must stay where it is, whoever plans anew, fills or moves: an act, a session, all sessions of a day?"""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from festival.core.clock import local
from festival.core.database import db
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.schedule.editing.steps import own_session
from festival.schedule.history.locks import note_lock
from festival.schedule.history.steps import a_step
from festival.schedule.later.models import LaterMatch
from festival.schedule.models import Act, Session
from festival.schedule.moving.acts import about, known
from festival.schedule.moving.lying import lying
from festival.schedule.queries import session_title
from festival.schedule.sessions import locked
from festival.schedule.timetable import sessions_alone


def lock_act(festival_id: int, code: str, held: bool, by: int | None) -> str:
    """Answers what it is called; a match is locked whole."""
    festival = locked(festival_id)
    table = lying(festival_id)
    known(table, code)
    rows = table.block(code)
    if not rows:
        raise NotFound(_("Tiết mục này chưa có chỗ trong lịch nên chưa khóa được. Đặt vào lịch trước."))
    with a_step(festival, "act_locked" if held else "act_unlocked", by, **about(table, code)):
        for match in (row for row in rows if row.id < 0):
            db.session.get_one(LaterMatch, -match.id).locked = held
        # also of one that stands apart since its match was paired anew
        for act in db.session.scalars(select(Act).where(Act.entry_id.in_(table.given.entries_of[code]))).all():
            if act.locked is not held:
                act.locked = held
                note_lock(festival, by, held, entry_id=act.entry_id)
    return table.acts[code].title


def lock_session(festival_id: int, session_id: int, held: bool, by: int | None) -> Session:
    """Nothing in it moves, comes in or goes out."""
    festival = locked(festival_id)
    session = own_session(festival_id, session_id)
    kind = "session_locked" if held else "session_unlocked"
    with a_step(festival, kind, by, session=session_title(session)):
        _turn(festival, session, held, by)
    return session


def day_of(number: int) -> date:
    """20240614 → 14/6/2024; NotFound for what is no day."""
    try:
        return date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError as error:
        raise NotFound(_("Ngày này chưa có buổi thi nào.")) from error


def lock_day(festival_id: int, day: date, held: bool, by: int | None) -> int:
    """Every session that begins on that day, as one step; answers how many there are."""
    festival = locked(festival_id)
    rows = [row for row in sessions_alone(festival_id) if local(row.starts_at).date() == day]
    if not rows:
        raise NotFound(_("Ngày này chưa có buổi thi nào."))
    with a_step(festival, "day_locked" if held else "day_unlocked", by, day=f"{day.day}/{day.month}"):
        for row in rows:
            _turn(festival, row, held, by)
    return len(rows)


def _turn(festival: Festival, session: Session, held: bool, by: int | None) -> None:
    if session.locked is not held:
        session.locked = held
        note_lock(festival, by, held, session_id=session.id)
