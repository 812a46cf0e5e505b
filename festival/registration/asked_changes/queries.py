"""Which changes were asked for a family, and which wait in an edition?"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from festival.accounts.models import User
from festival.core.database import db
from festival.core.web.errors import NotFound
from festival.registration.asked_changes.models import ChangeState, FamilyChange
from festival.roster.models import Family


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change with the names of who asked and who decided; '' for a family or nobody."""

    row: FamilyChange
    asked: str
    decided: str


def changes_of(family_id: int) -> list[ToldChange]:
    """All of a family, the last one first."""
    rows = db.session.scalars(
        select(FamilyChange).where(FamilyChange.family_id == family_id).order_by(FamilyChange.number.desc())
    ).all()
    ids = {one for row in rows for one in (row.asked_by, row.decided_by) if one is not None}
    names = {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))}
    return [ToldChange(row, names.get(row.asked_by or 0, ""), names.get(row.decided_by or 0, "")) for row in rows]


def change_of(family_id: int, number: int) -> FamilyChange:
    """One change of this family. NotFound for any other."""
    row = db.session.scalar(
        select(FamilyChange).where(FamilyChange.family_id == family_id, FamilyChange.number == number)
    )
    if row is None:
        raise NotFound()
    return row


def waiting_changes(festival_id: int) -> list[tuple[Family, FamilyChange]]:
    """What waits for the organiser, the oldest first."""
    query = (
        select(Family, FamilyChange)
        .join(FamilyChange, FamilyChange.family_id == Family.id)
        .where(Family.festival_id == festival_id, FamilyChange.state == ChangeState.WAITING)
        .order_by(FamilyChange.asked_at)
    )
    return [(family, change) for family, change in db.session.execute(query).all()]


def count_waiting(festival_id: int) -> int:
    """How many wait."""
    query = select(func.count(FamilyChange.id)).join(Family, Family.id == FamilyChange.family_id)
    return (
        db.session.scalar(query.where(Family.festival_id == festival_id, FamilyChange.state == ChangeState.WAITING))
        or 0
    )
