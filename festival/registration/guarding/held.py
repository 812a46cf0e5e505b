"""Which registrations wait for an officer's look before anybody approves them, and beside which others?

A registration that resembles one that is there already is taken like any other: same answer, same link, same letter, so
that nobody learns by registering who else has. Only its approval waits, until the officer of the delegation (or the organiser) has
said whether it is the same family once more (`settling`). `why` is a word of `HeldWhy`, or of `Likeness` where the people
are the same (`resembling`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.editions.models import Festival
from festival.registration.models import HeldDecision, HeldRegistration
from festival.roster.families import WITH_MEMBERS
from festival.roster.models import Family, FamilyState
from festival.roster.searching.twins import Likeness
from festival.roster.steps import stream

# What was sent but not yet decided: only there the officer's word still changes anything.
UNDECIDED = (FamilyState.DRAFT, FamilyState.SUBMITTED, FamilyState.RETURNED)


@dataclass(frozen=True, slots=True)
class Held:
    """One that waits: the registration, the one it stands beside (None: none is named), and why."""

    row: HeldRegistration
    family: Family
    beside: Family | None


def hold(festival: Festival, family_id: int, code: str, why: str, beside: Family | None = None) -> None:
    """Let an officer look first; noted in the ledger."""
    db.session.add(
        HeldRegistration(family_id=family_id, beside_id=beside.id if beside else None, why=str(why), held_at=now())
    )
    db.session.flush()
    payload = {"why": str(why), "beside": beside.code if beside else ""}
    ledger.append(stream(festival), "registration.held", {"family": code}, payload)


def hold_again(festival: Festival, family: Family) -> None:
    """It was withdrawn as the same family once more and is restored: somebody says once more which of the two it is."""
    rows = select(HeldRegistration).where(HeldRegistration.family_id == family.id)
    last = db.session.scalars(rows.order_by(HeldRegistration.id.desc()).limit(1)).first()
    if last is not None and last.decision == HeldDecision.SAME:
        beside = db.session.get(Family, last.beside_id) if last.beside_id is not None else None
        hold(festival, family.id, family.code, last.why, beside)


def standing_with(festival_id: int, identity: str) -> Family | None:
    """The registration that has this identity now; None when it was withdrawn meanwhile."""
    return db.session.scalar(
        select(Family).where(
            Family.festival_id == festival_id, Family.identity == identity, Family.state != FamilyState.WITHDRAWN
        )
    )


def apart(identity: str, code: str) -> str:
    """The identity of a registration that stands beside another of the same one."""
    return f"{identity}#{code}" if identity else ""


def is_apart(family: Family) -> bool:
    """Whether it was let stand beside another."""
    return family.identity.endswith(f"#{family.code}")


def is_held(family_id: int) -> bool:
    """Whether somebody still has to look at it."""
    return bool(held_among(Family.id == family_id))


def held_among(which: ColumnElement[bool]) -> set[int]:
    """Of these families those somebody still has to look at."""
    mine, undecided = select(Family.id).where(which), select(Family.id).where(Family.state.in_(UNDECIDED))
    # Of two that are the same people for certain neither goes on, as long as the later one may.
    both = HeldRegistration.why == Likeness.CERTAIN, HeldRegistration.family_id.in_(undecided)
    open_ = HeldRegistration.decision.is_(None)
    later = select(HeldRegistration.family_id).where(HeldRegistration.family_id.in_(mine), open_)
    earlier = select(HeldRegistration.beside_id).where(HeldRegistration.beside_id.in_(mine), *both, open_)
    return set(db.session.scalars(later.union(earlier)))


def with_people(family_ids: Iterable[int]) -> list[Family]:
    """These families with their people and delegation."""
    return list(db.session.scalars(select(Family).where(Family.id.in_(list(family_ids))).options(*WITH_MEMBERS)))


def to_look_at(delegation_ids: Iterable[int]) -> list[Held]:
    """What waits in these delegations, the oldest first, each with the people of both; five statements however many."""
    mine = select(Family.id).where(Family.delegation_id.in_(list(delegation_ids)), Family.state.in_(UNDECIDED))
    rows = db.session.scalars(
        select(HeldRegistration)
        .where(HeldRegistration.family_id.in_(mine), HeldRegistration.decision.is_(None))
        .order_by(HeldRegistration.held_at, HeldRegistration.id)
    ).all()
    wanted = {row.family_id for row in rows} | {row.beside_id for row in rows if row.beside_id is not None}
    query = select(Family).where(Family.id.in_(wanted)).options(*WITH_MEMBERS)
    found = {family.id: family for family in db.session.scalars(query)} if wanted else {}
    return [Held(row, found[row.family_id], found.get(row.beside_id or 0)) for row in rows]


def held_ids(delegation_ids: Iterable[int]) -> set[int]:
    """The families of these delegations that wait for a look."""
    mine = select(Family.id).where(Family.delegation_id.in_(list(delegation_ids)))
    query = select(HeldRegistration.family_id)
    return set(
        db.session.scalars(query.where(HeldRegistration.family_id.in_(mine), HeldRegistration.decision.is_(None)))
    )
