"""Matches after the first round of the knock-out come into the timetable; one is put, taken back, locked, and called on the day."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.clock import from_local
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.schedule.history.steps import next_steps
from festival.schedule.later.reading import later_matches
from festival.schedule.models import ActState
from festival.schedule.moving import acts, locking
from festival.schedule.moving.foreseen import places
from festival.schedule.moving.lying import lying
from festival.schedule.moving.undoing import turn
from festival.schedule.rounds.adding import add_later_rounds, drop_later_rounds
from festival.schedule.sessions import add_session, add_stage
from festival.schedule.stage_day.matches import take_match_step


def planned(festival_id: int, staff: int) -> None:
    """On a court of its own, in the evening of the last day."""
    with transaction():
        wanted = select(Contest).where(Contest.festival_id == festival_id, Contest.code == "cau-long")
        contest = db.session.scalars(wanted).one()
        contest_id, festival = contest.id, db.session.get_one(Festival, festival_id)
        stage = add_stage(festival_id, "san-chung-ket", "Sân chung kết", staff)
        begins = from_local(datetime.combine(festival.ends_on, time(20)))
        session_id = add_session(stage.id, contest_id, begins, begins + timedelta(hours=3), "tối", staff).id
        add_later_rounds(festival_id, contest_id, staff)
    with transaction():
        drop_later_rounds(festival_id, contest_id, staff)
    with transaction():
        last = next_steps(festival_id, staff).last
        turn(festival_id, last, staff, back=True)
    with transaction():
        final = later_matches(festival_id)[-1].code
        table = lying(festival_id)
        spot = places(table, final, [table.sessions[session_id]])[-1]
        acts.put(festival_id, final, session_id, spot.before, spot.stamp, staff)
        locking.lock_act(festival_id, final, True, staff)
    for was, to in (
        (ActState.WAITING, ActState.ABSENT),
        (ActState.ABSENT, ActState.WAITING),
        (ActState.WAITING, ActState.ABSENT),
    ):
        with transaction():
            take_match_step(later_matches(festival_id)[-1].id, was, to, by={"by": staff})
