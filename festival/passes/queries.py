"""Which passes are valid now?"""

from __future__ import annotations

from sqlalchemy import or_, select

from festival.core.database import db
from festival.passes.models import Pass
from festival.roster.models import (
    Family,
    Person,
)


def passes(festival_id: int, delegation_id: int | None = None) -> list[Pass]:
    """Valid passes of a festival or of one delegation (its own, its families', its people's)."""
    query = select(Pass).where(Pass.festival_id == festival_id, Pass.replaced_at.is_(None)).order_by(Pass.id)
    if delegation_id is not None:
        query = query.where(
            or_(
                Pass.delegation_id == delegation_id,
                Pass.family_id.in_(select(Family.id).where(Family.delegation_id == delegation_id)),
                Pass.person_id.in_(select(Person.id).where(Person.delegation_id == delegation_id)),
            )
        )
    return list(db.session.scalars(query))


def family_pass(family_id: int) -> Pass | None:
    """The family's valid pass, None before approval."""
    return db.session.scalar(select(Pass).where(Pass.family_id == family_id, Pass.replaced_at.is_(None)))
