"""What the secretary counted on the tables of a cooking contest: typed, typed again, taken back."""

from __future__ import annotations

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import transaction
from festival.judging.kitchen.kitchen_rule import TableCount
from festival.judging.kitchen.noting import note_table
from festival.roster.models import Entry, EntryState


def counted(staff: int) -> None:
    """Two tables; of one the money is mended, the other is taken back and typed again."""
    with transaction():
        contest = db.session.scalars(select(Contest).where(Contest.code == "nau-an")).one()
        first, second = db.session.scalars(
            select(Entry.id)
            .where(Entry.contest_id == contest.id, Entry.state == EntryState.ENROLLED)
            .order_by(Entry.id)
            .limit(2)
        )
        note_table(contest.id, first, TableCount(4, 870_000), 0, staff)
        note_table(contest.id, first, TableCount(4, 780_000), 1, staff)
        note_table(contest.id, second, TableCount(5, None), 0, staff)
        note_table(contest.id, second, TableCount(), 1, staff)
        note_table(contest.id, second, TableCount(5, 640_000), 2, staff)
