"""What the timetable has to keep: made, changed, taken back, had again; a stage that takes some contests; one that goes with its pause."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from festival.contests.models import Judge
from festival.core.clock import from_local
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.roster.models import Entry, EntryState, Family, FamilyState
from festival.schedule.editing.steps import remove_stage
from festival.schedule.models import Stage
from festival.schedule.sessions import add_stage
from festival.schedule.wishes.models import WishKind
from festival.schedule.wishing.deciding import (
    WishValues,
    add_wish,
    bring_back_wish,
    change_wish,
    set_takes,
    take_back_wish,
)


def wished(festival_id: int, staff: int) -> None:
    """One of every kind; what is away, and a pause, on the last day."""
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        begins = from_local(datetime.combine(festival.ends_on, time(22)))
        ends = begins + timedelta(hours=1)
        family = db.session.scalars(select(Family.id).where(Family.state == FamilyState.APPROVED)).first()
        judge = db.session.scalars(select(Judge.user_id).order_by(Judge.id)).first()
        of_one = select(Entry.id).where(Entry.state == EntryState.ENROLLED, Entry.number.is_not(None))
        first, second, third = db.session.scalars(of_one.order_by(Entry.contest_id, Entry.number).limit(3)).all()
        contest = db.session.get_one(Entry, first).contest
        stage = add_stage(festival_id, "san-nho", "Sân nhỏ", staff).id
        other = db.session.scalars(select(Stage.code).where(Stage.id != stage).order_by(Stage.id)).first()
        away = WishValues(WishKind.AWAY, family_id=family, starts_at=begins, ends_at=ends, note="về quê")
        made = [
            add_wish(festival_id, values, staff).id
            for values in (
                away,
                WishValues(WishKind.AWAY, user_id=judge, starts_at=begins, ends_at=ends),
                WishValues(WishKind.AWAY, contest_id=contest.id, starts_at=begins, ends_at=ends),
                WishValues(WishKind.PAUSE, stage_id=stage, starts_at=begins, ends_at=ends, note="Nghỉ"),
                WishValues(WishKind.PAUSE, starts_at=begins, ends_at=ends, note="Nghỉ chung"),
                WishValues(WishKind.WINDOW, first, starts_at=begins - timedelta(days=1)),
                WishValues(WishKind.BEFORE, first, second),
                WishValues(WishKind.OPENING, first),
                WishValues(WishKind.CLOSING, third),
                WishValues(WishKind.MINUTES, third, minutes=contest.duration_min),
                WishValues(WishKind.CHANGE, contest_id=contest.id, minutes=5),
            )
        ]
        change_wish(festival_id, made[0], WishValues(WishKind.AWAY, family_id=family, starts_at=begins,
                    ends_at=ends + timedelta(minutes=30), note="về muộn"), 1, staff)  # fmt: skip
        for wish in made[5:]:
            take_back_wish(festival_id, wish, 1, staff)
        bring_back_wish(festival_id, made[7], 2, staff)
        take_back_wish(festival_id, made[7], 3, staff)
        assert other is not None
        set_takes(festival_id, "san-nho", [contest.code], staff)
        set_takes(festival_id, other, [contest.code], staff)
        set_takes(festival_id, other, [], staff)
    with transaction():
        remove_stage(festival_id, "san-nho", staff)
        add_stage(festival_id, "san-nho", "Sân nhỏ", staff)
        set_takes(festival_id, "san-nho", [contest.code], staff)
