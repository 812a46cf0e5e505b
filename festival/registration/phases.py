"""Which editions take registrations now, and on what does sending one depend?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import defer

from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.types import UtcTime
from festival.editions.models import Festival, Phase, PhaseKind
from festival.editions.queries import not_put_away, open_at
from festival.registration.queueing.models import WaitingList
from festival.registration.sending import Ground
from festival.roster.models import (
    ContestPlace,
    Delegation,
)

_OPEN = open_at(PhaseKind.REGISTRATION, bindparam("at", type_=UtcTime()))

# Each registration asks these, so they are put together once; the rule set as imported is a long text nobody reads here.
_OPEN_FESTIVALS = (
    select(Festival)
    .join(Phase)
    .where(_OPEN, not_put_away())
    .options(defer(Festival.ruleset))
    .order_by(Festival.starts_on, Festival.id)
)

_GROUND = (
    select(
        (Delegation.approved_count + Delegation.held_count).label("given"),
        Delegation.families_max,
        exists().where(Phase.festival_id == Delegation.festival_id, _OPEN).label("open"),
        exists().where(WaitingList.delegation_id == Delegation.id, WaitingList.open).label("line"),
        Contest.code,
        ContestPlace.taken,
    )
    .outerjoin(ContestPlace, ContestPlace.delegation_id == Delegation.id)
    .outerjoin(Contest, Contest.id == ContestPlace.contest_id)
    .where(Delegation.id == bindparam("of_delegation"))
)


def festivals_open_for_registration(at: datetime) -> list[Festival]:
    """The editions whose registration is open at a moment."""
    return list(db.session.scalars(_OPEN_FESTIVALS, {"at": at}))


def ground_of(delegation_id: int) -> Ground:
    """What sending a family of this delegation depends on now, by one statement."""
    rows = db.session.execute(_GROUND, {"of_delegation": delegation_id, "at": now()}).all()
    entries = {row.code: row.taken for row in rows if row.code is not None}
    return Ground(bool(rows[0].open), rows[0].given, rows[0].families_max, entries, bool(rows[0].line))
