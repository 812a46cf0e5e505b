"""Whose link is asked for: which families, which heads of delegations have this phone number?"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from festival.core.database import db
from festival.core.names import fold
from festival.core.phones import searched_digits
from festival.registration.lost_link.asked import AskedPhone
from festival.roster.models import Delegation, Family, Person

FOUND_MAX = 6  # an officer's own number may stand at many families; more than this is browsing


@dataclass(frozen=True, slots=True)
class LinkOwner:
    """Somebody whose link may be given anew: a family, or a delegation for its head."""

    kind: str  # "family" | "delegation"
    code: str
    name: str
    beside: str  # the delegation of a family, the head of a delegation
    phone: str
    issue: int


def owners(festival_id: int, asked: AskedPhone, delegation_id: int | None = None) -> tuple[list[LinkOwner], bool]:
    """At most six, and whether there are more; of one delegation only its families."""
    query = select(Family).where(
        Family.festival_id == festival_id, Family.link_hash.is_not(None), *_of_phone(asked), *map(_named, asked.words)
    )
    if delegation_id is not None:
        query = query.where(Family.delegation_id == delegation_id)
    families = list(
        db.session.scalars(query.options(joinedload(Family.delegation)).order_by(Family.id).limit(FOUND_MAX + 1))
    )
    found = [owner_of_family(each) for each in families]
    if delegation_id is None:
        found += _heads(festival_id, asked)
    return found[:FOUND_MAX], len(found) > FOUND_MAX


def owner_of_family(family: Family) -> LinkOwner:
    return LinkOwner("family", family.code, family.name, family.delegation.name, family.phone, family.link_issue)


def owner_of_delegation(delegation: Delegation) -> LinkOwner:
    digits = searched_digits(delegation.head_phone)
    return LinkOwner(
        "delegation", delegation.code, delegation.name, delegation.head_name, digits, delegation.link_issue
    )


def _of_phone(asked: AskedPhone) -> list[ColumnElement[bool]]:
    if asked.whole:
        return [Family.phone == asked.digits]
    return [Family.phone.endswith(asked.digits, autoescape=True)]


def _named(word: str) -> ColumnElement[bool]:
    somebody = select(Person.family_id).where(
        Person.folded.contains(word, autoescape=True), Person.family_id.is_not(None)
    )
    return or_(Family.folded.contains(word, autoescape=True), Family.id.in_(somebody))


def _heads(festival_id: int, asked: AskedPhone) -> list[LinkOwner]:
    """By the number as its digits are, however it was typed; a festival has some dozens of delegations."""
    query = select(Delegation).where(Delegation.festival_id == festival_id, Delegation.head_phone != "")
    found = []
    for delegation in db.session.scalars(query.order_by(Delegation.position, Delegation.id)):
        owner = owner_of_delegation(delegation)
        fits = owner.phone == asked.digits if asked.whole else owner.phone.endswith(asked.digits)
        named = f"{fold(owner.name)} {fold(owner.beside)}"
        if fits and all(word in named for word in asked.words):
            found.append(owner)
    return found
