"""By how many seconds did acts run over their time, by the clock of the stage? A proposal: what counts the secretary writes."""

from __future__ import annotations

from sqlalchemy import select

from festival.core.database import db
from festival.roster.models import Entry
from festival.schedule.models import Act, ActState
from festival.schedule.stage_day.expected import overtime_s


def clocked_overtimes(contest_id: int) -> dict[int, int]:
    """By entry, of the acts that are over; negative where one ended early."""
    rows = db.session.execute(
        select(Act.entry_id, Act.began_at, Act.ended_at, Act.duration_min)
        .join(Entry, Entry.id == Act.entry_id)
        .where(Entry.contest_id == contest_id, Act.state == ActState.DONE)
    )
    return {row.entry_id: overtime_s(row.began_at, row.ended_at, row.duration_min) for row in rows}
