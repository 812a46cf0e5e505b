"""Which editions and delegations take registrations now, and on what does sending one depend?

A delegation registers while the phase is open, and after its end until the day to which the organiser has extended it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import defer

from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.driver.prepared import Prepared
from festival.core.transaction import open_connection
from festival.core.types import UtcTime
from festival.editions.models import Festival, Phase, PhaseKind
from festival.editions.queries import not_put_away, open_at
from festival.registration.queueing.models import WaitingList
from festival.registration.sending import Ground
from festival.roster.models import ContestPlace, Delegation
from festival.roster.quotas.taken import COLUMNS, taken_of_rows

_AT = bindparam("at", type_=UtcTime())
_OPEN = open_at(PhaseKind.REGISTRATION, _AT)
_EXTENDED = and_(
    Phase.kind == PhaseKind.REGISTRATION,
    Phase.opens_at <= _AT,
    Phase.festival_id == Delegation.festival_id,
    Delegation.extended_until > _AT,
)


def _takes() -> ColumnElement[bool]:
    """Whether the delegation of the statement around it registers at the moment `at`."""
    return exists().where(Phase.festival_id == Delegation.festival_id, or_(_OPEN, _EXTENDED)).correlate(Delegation)


# Each registration asks these, so they are put together once; the rule set as imported is a long text nobody reads here.
_OPEN_FESTIVALS = (
    select(Festival)
    .join(Phase)
    .where(
        or_(_OPEN, exists().where(_EXTENDED, Delegation.self_registration).correlate(Phase)),
        not_put_away(),
    )
    .options(defer(Festival.ruleset))
    .order_by(Festival.starts_on, Festival.id)
)

_TAKING = select(Delegation.code).where(Delegation.festival_id == bindparam("festival"), _takes())

_GROUND = Prepared(
    lambda _database: (
        select(
            *COLUMNS,
            _takes().label("open"),
            exists().where(WaitingList.delegation_id == Delegation.id, WaitingList.open).label("line"),
        )
        .outerjoin(ContestPlace, ContestPlace.delegation_id == Delegation.id)
        .outerjoin(Contest, Contest.id == ContestPlace.contest_id)
        .where(Delegation.id == bindparam("of_delegation"))
    )
)


def festivals_open_for_registration(at: datetime) -> list[Festival]:
    """The editions in which some delegation registers at a moment."""
    return list(db.session.scalars(_OPEN_FESTIVALS, {"at": at}))


def taking(festival_id: int) -> frozenset[str]:
    """The codes of the delegations of an edition that register now."""
    return frozenset(db.session.scalars(_TAKING, {"festival": festival_id, "at": now()}))


def ground_of(delegation_id: int) -> Ground:
    """What sending a family of this delegation depends on now, by one statement."""
    rows = _GROUND(open_connection(), {"of_delegation": delegation_id, "at": now()})
    found = taken_of_rows(rows)[delegation_id]
    return Ground(
        bool(rows[0].open),
        found.families,
        rows[0].families_max,
        found.entries,
        found.people,
        found.performers,
        found.own,
        bool(rows[0].line),
    )
