"""Which sessions would lie outside the festival if its days were these? Asked before dates are changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from festival.core.clock import local
from festival.core.database import db
from festival.schedule.models import Act
from festival.schedule.rules.planned import evening_of
from festival.schedule.timetable import sessions_alone


@dataclass(frozen=True, slots=True)
class SessionOutside:
    """A session as it is told: where, what, when (Vietnamese time), and how many acts have their time in it."""

    session_id: int
    stage: str
    contest: str
    label: str
    starts_at: datetime
    ends_at: datetime
    acts: int


def sessions_outside(festival_id: int, starts_on: date, ends_on: date) -> list[SessionOutside]:
    """The sessions that begin before the first day or end after the last, in the order of the days; two statements."""
    rows = [
        row
        for row in sessions_alone(festival_id)
        if local(row.starts_at).date() < starts_on or evening_of(local(row.ends_at)) > ends_on
    ]
    placed = select(Act.session_id, func.count(Act.id)).where(Act.session_id.in_([row.id for row in rows]))
    counts = {row[0]: row[1] for row in db.session.execute(placed.group_by(Act.session_id))}
    return [
        SessionOutside(
            row.id,
            row.stage.name,
            row.contest.name,
            row.label,
            local(row.starts_at),
            local(row.ends_at),
            counts.get(row.id, 0),
        )
        for row in rows
    ]
