"""Which delegations are there, and which of them may the asking officer see?

Loaders take the actor and answer *not found* for what is not yours: whether another unit has registered somebody is
nobody's business.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import bindparam, case, or_, select
from sqlalchemy.orm import joinedload

from festival.accounts.models import User, UserRole
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.names import sort_key
from festival.core.web.access import Actor, Permission
from festival.core.web.errors import NotFound
from festival.editions.models import EditionIs, EditionState, Festival, Unit
from festival.editions.queries import not_put_away
from festival.roster.models import (
    Delegation,
    DelegationOfficer,
)


def delegations_of(actor: Actor) -> list[Delegation]:
    """The delegations this officer registers: those of the current edition first, then the latest; none that is put away."""
    chosen_first = case((EditionState.state == EditionIs.CURRENT, 0), else_=1)
    query = (
        select(Delegation)
        .join(DelegationOfficer)
        .join(Delegation.festival)
        .outerjoin(Festival.in_state)
        .where(DelegationOfficer.user_id == actor.user_id, not_put_away())
        .options(joinedload(Delegation.festival), joinedload(Delegation.unit))
        .order_by(chosen_first, Festival.starts_on.desc(), Delegation.position, Delegation.id)
    )
    return list(db.session.scalars(query))


def delegation_of(actor: Actor, code: str) -> Delegation:
    """One of the officer's own delegations. NotFound for any other."""
    query = (
        select(Delegation)
        .join(DelegationOfficer)
        .where(Delegation.code == code, DelegationOfficer.user_id == actor.user_id)
        .options(joinedload(Delegation.festival), joinedload(Delegation.unit))
    )
    found = db.session.scalar(query)
    if found is None or not actor.may(Permission.DELEGATION):
        raise NotFound()
    return found


_OPEN_TO_FAMILIES = (
    select(Delegation)
    .where(
        Delegation.festival_id == bindparam("festival"),
        Delegation.code == bindparam("code"),
        Delegation.self_registration,
    )
    .options(joinedload(Delegation.unit))
)


def open_to_families(festival_id: int, code: str) -> Delegation | None:
    """The delegation with this code, if families may register there themselves."""
    return db.session.scalar(_OPEN_TO_FAMILIES, {"festival": festival_id, "code": code})


def delegations(festival_id: int, *, self_registration: bool = False) -> list[Delegation]:
    """A festival's delegations in their order; only those open to families themselves if asked."""
    query = select(Delegation).where(Delegation.festival_id == festival_id).options(joinedload(Delegation.unit))
    if self_registration:
        query = query.where(Delegation.self_registration)
    found = list(db.session.scalars(query))
    return sorted(found, key=lambda item: (item.position, sort_key(item.name)))


def delegation_by_code(code: str) -> Delegation:
    """Any delegation by the code that leaves the house. NotFound."""
    found = db.session.scalar(
        select(Delegation)
        .where(Delegation.code == code)
        .options(joinedload(Delegation.festival), joinedload(Delegation.unit))
    )
    if found is None:
        raise NotFound()
    return found


def delegation_by_id(delegation_id: int) -> Delegation:
    """The delegation with this id. NotFound."""
    found = db.session.get(Delegation, delegation_id, options=[joinedload(Delegation.festival)])
    if found is None:
        raise NotFound()
    return found


def delegation_of_unit(festival_id: int, unit: str) -> Delegation:
    """A festival's delegation by its code, or by the key or official code of its unit (for commands). NotFound."""
    query = (
        select(Delegation)
        .join(Delegation.unit)
        .where(
            Delegation.festival_id == festival_id,
            or_(Delegation.code == unit, Unit.key == unit, Unit.official_code == unit),
        )
    )
    found = list(db.session.scalars(query))
    if len(found) != 1:
        raise NotFound()
    return found[0]


def officers(festival_id: int) -> dict[int, list[User]]:
    """Delegation → the accounts that register its families."""
    query = (
        select(DelegationOfficer.delegation_id, User)
        .join(User, User.id == DelegationOfficer.user_id)
        .join(Delegation, Delegation.id == DelegationOfficer.delegation_id)
        .where(Delegation.festival_id == festival_id)
        .order_by(User.login)
    )
    found: dict[int, list[User]] = defaultdict(list)
    for delegation_id, user in db.session.execute(query):
        found[delegation_id].append(user)
    return found


def officer_accounts() -> list[User]:
    """All active accounts that may be given a delegation."""
    query = select(User).join(User.roles).where(UserRole.role == Role.OFFICER, User.active).order_by(User.login)
    return list(db.session.scalars(query))
