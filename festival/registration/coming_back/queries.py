"""Which families of a delegation are withdrawn now?"""

from __future__ import annotations

from sqlalchemy import select

from festival.core.database import db
from festival.roster.models import Family, FamilyState


def withdrawn_in(delegation_id: int) -> list[Family]:
    """The last one first."""
    query = select(Family).where(Family.delegation_id == delegation_id, Family.state == FamilyState.WITHDRAWN)
    return list(db.session.scalars(query.order_by(Family.decided_at.desc(), Family.id.desc())))
