"""What the secretary took off by name, and took back."""

from __future__ import annotations

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import transaction
from festival.judging.deductions.giving import give, take_back
from festival.judging.measuring import note_overtime
from festival.roster.models import Entry, EntryState


def taken_off(staff: int) -> None:
    """Two deductions, one taken back and given again; an act that ended before its time."""
    with transaction():
        contest = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
        first, second = db.session.scalars(
            select(Entry.id)
            .where(Entry.contest_id == contest.id, Entry.state == EntryState.ENROLLED)
            .order_by(Entry.id)
            .limit(2)
        )
        give(contest.id, first, "dao-cu", "hai cây pháo", 0, staff)
        give(contest.id, second, "dao-cu", "đốt nến", 0, staff)
        take_back(contest.id, second, 1, "nến điện", staff)
        give(contest.id, second, "dao-cu", "một cây nến thật", 1, staff)
        note_overtime(contest.id, second, -75, staff)
