"""A timetable that is changed by hand: acts, sessions and stages, published in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.clock import from_local
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.schedule.editing.draft import fill
from festival.schedule.editing.steps import change_session, remove_session, remove_stage, rename_stage, values_of
from festival.schedule.models import Act, ActState
from festival.schedule.moving.acts import move_act
from festival.schedule.planning import Published, left_out, publish
from festival.schedule.sessions import add_session, add_stage
from tests.house import lived_board


def drawn_up(festival_id: int, staff: int) -> None:
    """An act is moved, a version published, then stages and sessions and the board."""
    with transaction():
        waiting = db.session.scalars(
            select(Act).where(Act.state == ActState.WAITING).order_by(Act.session_id, Act.position.desc())
        ).first()
        assert waiting is not None
        move_act(waiting.id, True, staff)
        without = left_out(festival_id).stamp
        assert isinstance(publish(festival_id, staff, "  đổi   lượt ", without=without), Published)
    _stages_and_sessions(festival_id, staff)


def _stages_and_sessions(festival_id: int, staff: int) -> None:
    """A stage and its sessions come, are changed, moved and go; who lost a place in a session is placed behind others."""
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        wanted = select(Contest).where(Contest.code == "tai-nang", Contest.festival_id == festival_id)
        contest = db.session.scalars(wanted).one()
        last = from_local(datetime.combine(festival.ends_on, time(21)))
        add_stage(festival_id, "san-phu", "Sân phụ", staff)
        stage = rename_stage(festival_id, "san-phu", "Sân phía sau", staff)
        first = add_session(stage.id, contest.id, last, last + timedelta(hours=1), "tối", staff)
        values = values_of(first)
        to = replace(
            values, starts_at=last + timedelta(minutes=30), ends_at=last + timedelta(minutes=90), label="khuya"
        )
        change_session(festival_id, first.id, to, staff, seen=values)
        add_session(stage.id, contest.id, last - timedelta(hours=1), last, "chiều tối", staff)
        remove_session(festival_id, first.id, staff)
        remove_stage(festival_id, "san-phu", staff)
        add_stage(festival_id, "san-phu", "Sân phụ", staff)
        waiting = db.session.scalars(
            select(Act).where(Act.state == ActState.WAITING).order_by(Act.starts_at.desc()).limit(1)
        ).one()
        emptied = waiting.session
        shorter = replace(values_of(emptied), ends_at=waiting.starts_at + timedelta(minutes=1))
        changed = change_session(festival_id, emptied.id, shorter, staff).session
        change_session(festival_id, changed.id, replace(shorter, ends_at=shorter.ends_at + timedelta(hours=1)), staff)
        assert fill(festival_id, staff) > 0
    lived_board.by_hand(festival_id, staff)
