"""After the draw: a swap, a wrong number, late numbers, each undone; voided and restored; slots on the stage; a meeting and its minutes."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.clock import from_local
from festival.core.database import db
from festival.core.transaction import transaction
from festival.roster.models import Entry
from festival.schedule import drawing
from festival.schedule.drawn import changing, meetings, trials
from festival.schedule.models import Stage
from tests.house.filling_draws import kept, letter, meeting_typed, open_contest, sent, two_waiting


def changed(festival_id: int, staff: int) -> None:
    """Every step and every way back, each recorded."""
    with transaction():
        contest = open_contest(Contest.rules_fixed_at.is_(None))
        pair = two_waiting(contest.id)
        changing.swap(contest.id, pair, ("Danh Văn Một", "Thị Hai"), "bận việc", staff)
        other = db.session.scalars(select(Entry).where(Entry.code == pair[1])).one()
        changing.correct_number(contest.id, pair[0], other.number or 0, "gõ nhầm", staff)
        change = changing.swap(contest.id, pair, ("Danh Văn Một", "Thị Hai"), "đổi ý", staff)
        changing.undo(contest.id, change.id, "hai bên thôi", staff)
        drawing.cancel_draw(contest.id, "hủy nhầm", staff)
        drawing.restore_draw(contest.id, staff)
    with transaction():
        stage = db.session.scalars(select(Stage).where(Stage.festival_id == festival_id).order_by(Stage.id)).first()
        assert stage is not None
        eve = from_local(datetime.combine(contest.festival.starts_on - timedelta(days=1), time(8)))
        trials.set_trial(contest.id, stage.code, eve, 10, 0, staff)
        trials.set_trial(contest.id, stage.code, eve, 12, 1, staff)
        trials.take_trial_back(contest.id, 2, staff)
        trials.set_trial(contest.id, stage.code, eve, 12, 3, staff)
    _minuted(festival_id, staff)


def _minuted(festival_id: int, staff: int) -> None:
    with transaction():
        contest = open_contest(Contest.rules_fixed_at.is_(None))
        number = meetings.note_meeting(festival_id, 0, 0, meeting_typed(festival_id, contest, 0), staff).number
        meetings.note_meeting(festival_id, number, 1, meeting_typed(festival_id, contest, 2), staff)
        meetings.drop_meeting(festival_id, number, 2, True, staff)
        meetings.drop_meeting(festival_id, number, 3, False, staff)
    first = kept(festival_id, number, staff)
    with transaction():
        meetings.sign_minutes(festival_id, first, letter(), sent(), staff)
        meetings.correct_minutes(festival_id, first, 1, letter("13/BB-BTC"), sent("black"), None, staff)
        meetings.correct_minutes(festival_id, first, 2, letter("13/BB-BTC"), None, 1, staff)
        pair = two_waiting(contest.id)
        changing.swap(contest.id, pair, ("Danh Văn Một", "Thị Hai"), "trước giờ thi", staff)
    second = kept(festival_id, number, staff)
    with transaction():
        meetings.sign_minutes(festival_id, second, letter("14/BB-BTC"), sent("red"), staff)
        meetings.take_back_minutes(festival_id, second, 1, "ký nhầm tờ", staff)
        meetings.reinstate_minutes(festival_id, second, 2, staff)
