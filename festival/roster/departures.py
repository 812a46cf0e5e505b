"""Who does not take part any more that the organiser has not looked at yet? The family and when, never why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.roster.models import Departure, Family, Person


@dataclass(frozen=True, slots=True)
class Left:
    """One departure to look at."""

    id: int
    family: str
    code: str
    at: datetime


def unseen_departures(festival_id: int) -> list[Left]:
    """The latest first, at most a hundred."""
    columns = select(Departure.id, Family.name, Family.code, Departure.left_at)
    rows = db.session.execute(_unseen(columns, festival_id).order_by(Departure.id.desc()).limit(100))
    return [Left(row.id, row.name, row.code, row.left_at) for row in rows]


def unseen_count(festival_id: int) -> Any:
    """How many, as a column of somebody's statement."""
    return _unseen(select(func.count(Departure.id)), festival_id).scalar_subquery()


def _unseen(columns: Any, festival_id: int) -> Any:
    return (
        columns.select_from(Departure)
        .join(Person, Person.id == Departure.person_id)
        .join(Family, Family.id == Person.family_id)
        .where(Person.festival_id == festival_id, Departure.seen_at.is_(None), Departure.back_at.is_(None))
    )


def mark_seen(festival: Festival, departure_id: int, by: int) -> None:
    """It is looked at. NotFound for another edition's."""
    own = select(Person.id).where(Person.festival_id == festival.id)
    found = db.session.scalar(
        update(Departure)
        .where(Departure.id == departure_id, Departure.person_id.in_(own))
        .values(seen_at=now(), seen_by=by)
        .returning(Departure.id)
        .execution_options(synchronize_session=False)
    )
    if found is None:
        raise NotFound()
