"""Which editions take registrations now, and on what does sending one depend?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import defer

from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.types import UtcTime
from festival.editions.models import Festival, Phase, PhaseKind
from festival.registration.sending import Ground
from festival.roster.models import (
    ContestPlace,
    Delegation,
)

_OPEN = (
    (Phase.kind == PhaseKind.REGISTRATION)
    & (Phase.opens_at <= bindparam("at", type_=UtcTime()))
    & or_(Phase.closes_at.is_(None), Phase.closes_at > bindparam("at", type_=UtcTime()))
)

# Each registration asks these, so they are put together once; the rule set as imported is a long text nobody reads here.
_OPEN_FESTIVALS = (
    select(Festival).join(Phase).where(_OPEN).options(defer(Festival.ruleset)).order_by(Festival.starts_on, Festival.id)
)

_GROUND = (
    select(
        Delegation.approved_count,
        Delegation.families_max,
        exists().where(Phase.festival_id == Delegation.festival_id, _OPEN).label("open"),
        Contest.code,
        ContestPlace.taken,
    )
    .outerjoin(ContestPlace, ContestPlace.delegation_id == Delegation.id)
    .outerjoin(Contest, Contest.id == ContestPlace.contest_id)
    .where(Delegation.id == bindparam("of_delegation"))
)

_OPEN_PHASE = select(Phase.id).where(Phase.festival_id == bindparam("of_festival"), _OPEN)


def festivals_open_for_registration(at: datetime) -> list[Festival]:
    """The editions whose registration is open at a moment."""
    return list(db.session.scalars(_OPEN_FESTIVALS, {"at": at}))


def registration_is_open(festival_id: int, at: datetime) -> bool:
    """Whether families can be sent in now."""
    return db.session.scalar(_OPEN_PHASE, {"of_festival": festival_id, "at": at}) is not None


def ground_of(delegation_id: int) -> Ground:
    """What sending a family of this delegation depends on now, by one statement."""
    rows = db.session.execute(_GROUND, {"of_delegation": delegation_id, "at": now()}).all()
    entries = {row.code: row.taken for row in rows if row.code is not None}
    return Ground(bool(rows[0].open), rows[0].approved_count, rows[0].families_max, entries)


def registration_phase(festival_id: int) -> Phase | None:
    """When registration opens and closes; None if nobody said."""
    return db.session.scalar(
        select(Phase).where(Phase.festival_id == festival_id, Phase.kind == PhaseKind.REGISTRATION)
    )
