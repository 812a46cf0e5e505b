"""Who may be meant by what the desk types, when a blank pass is claimed: families, delegations, people with badges."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, select

from festival.core.database import db
from festival.core.names import fold
from festival.passes.tokens import Owner
from festival.roster.models import Delegation, Family, FamilyState, Person
from festival.roster.searching.finding import found_by

MOST = 8


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who can hold a pass."""

    owner: Owner
    code: str
    name: str
    unit: str


def receivers(festival_id: int, search: str) -> list[Receiver]:
    """At most eight of each kind; nothing for an empty search."""
    words = fold(search).split()
    if not words:
        return []
    families = (
        select(Family.code, Family.name, Delegation.name.label("unit"))
        .join(Delegation, Delegation.id == Family.delegation_id)
        .where(Family.festival_id == festival_id, Family.state == FamilyState.APPROVED, *found_by(festival_id, search))
        .order_by(Family.name)
        .limit(MOST)
    )
    of_word = [Person.folded.contains(word, autoescape=True) for word in words]
    people = (
        select(Person.code, Person.name, Delegation.name.label("unit"))
        .outerjoin(Delegation, Delegation.id == Person.delegation_id)
        .where(Person.festival_id == festival_id, Person.family_id.is_(None), ~Person.out, and_(*of_word))
        .order_by(Person.name)
        .limit(MOST)
    )
    delegations = select(Delegation.code, Delegation.name).where(Delegation.festival_id == festival_id)
    meant = [row for row in db.session.execute(delegations) if all(word in fold(row.name).split() for word in words)]
    return [
        *(Receiver("family", row.code, row.name, row.unit) for row in db.session.execute(families)),
        *(Receiver("delegation", row.code, row.name, "") for row in meant[:MOST]),
        *(Receiver("person", row.code, row.name, row.unit or "") for row in db.session.execute(people)),
    ]


def receiver_id(festival_id: int, owner: str, code: str) -> tuple[Owner, int] | None:
    """Whom the desk chose; None when the choice is none of this edition's."""
    kinds: dict[str, tuple[Owner, type[Family | Delegation | Person]]] = {
        "family": ("family", Family),
        "delegation": ("delegation", Delegation),
        "person": ("person", Person),
    }
    if owner not in kinds:
        return None
    kind, model = kinds[owner]
    found = db.session.scalar(select(model.id).where(model.festival_id == festival_id, model.code == code))
    return None if found is None else (kind, found)
