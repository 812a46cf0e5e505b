"""Which standings stand in the database?"""

from __future__ import annotations

from sqlalchemy import select

from festival.core.database import db
from festival.results.models import Standing


def stored_standings(contest_id: int) -> list[Standing]:
    """The standings as they were stored at the lock or after the last decision, best first."""
    rows = db.session.scalars(select(Standing).where(Standing.contest_id == contest_id)).all()
    return sorted(rows, key=lambda row: (row.place is None, row.place or 0, row.entry_id))
