"""What does a family, or the head of its delegation, see of its own festival?

The family's registration comes from its own rows, its turns from the published programme only: a plan that is still
being moved about would send people to the wrong hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from festival.checkin.models import Admission
from festival.core.database import db
from festival.core.names import sort_key
from festival.passes.models import Pass
from festival.portal.turns import Turn, turns_of
from festival.programme.queries import PublicView
from festival.roster.models import Delegation, Entry, EntryPerson, EntryState, Family, FamilyState, Person

ENTRY_PURPOSE = "entry"


def standing_pass(family_id: int) -> Pass | None:
    """The family's pass that opens gates; an older issue is a tombstone."""
    return db.session.scalars(select(Pass).where(Pass.family_id == family_id, Pass.replaced_at.is_(None))).first()


def entry_codes(family_id: int) -> frozenset[str]:
    """Entries of the family itself and mixed teams one of its members is in."""
    in_team = (
        select(EntryPerson.entry_id)
        .join(Person, Person.id == EntryPerson.person_id)
        .where(Person.family_id == family_id)
    )
    own = select(Entry.code).where(
        Entry.state == EntryState.ENROLLED, or_(Entry.family_id == family_id, Entry.id.in_(in_team))
    )
    return frozenset(db.session.scalars(own))


def entries(family_id: int) -> list[Entry]:
    """The family's own entries with their contests."""
    own = select(Entry).where(Entry.family_id == family_id).options(joinedload(Entry.contest)).order_by(Entry.id)
    return list(db.session.scalars(own))


@dataclass(frozen=True, slots=True)
class FamilyOnDay:
    """One family on its head's page."""

    name: str
    people: int
    here: int
    turns: tuple[Turn, ...]


def delegation_day(delegation: Delegation, view: PublicView | None, window: str, at: datetime) -> list[FamilyOnDay]:
    """The delegation's approved families in the order of their names, who is here, and their turns; four queries."""
    families = list(
        db.session.scalars(
            select(Family).where(Family.delegation_id == delegation.id, Family.state == FamilyState.APPROVED)
        )
    )
    ids = [family.id for family in families]
    people: dict[int, list[int]] = {family_id: [] for family_id in ids}
    family_of: dict[int, int] = {}
    for person_id, home in db.session.execute(
        select(Person.id, Person.family_id).where(Person.family_id.in_(ids), ~Person.out)
    ):
        if home is not None:
            people[home].append(person_id)
            family_of[person_id] = home
    here = set(
        db.session.scalars(
            select(Admission.person_id).where(
                Admission.person_id.in_(family_of),
                Admission.purpose == ENTRY_PURPOSE,
                Admission.day_window == window,
            )
        )
    )
    codes: dict[int, set[str]] = {family_id: set() for family_id in ids}
    rows = db.session.execute(
        select(Entry.code, Entry.family_id, EntryPerson.person_id)
        .outerjoin(EntryPerson, EntryPerson.entry_id == Entry.id)
        .where(Entry.delegation_id == delegation.id, Entry.state == EntryState.ENROLLED)
    )
    for code, family_id, person_id in rows:
        for owner in (family_id, family_of.get(person_id)):
            if owner is not None:
                codes.setdefault(owner, set()).add(code)
    every = turns_of(view, frozenset().union(*codes.values()), at)
    return [
        FamilyOnDay(
            family.name,
            len(people[family.id]),
            len(here.intersection(people[family.id])),
            tuple(turn for turn in every if turn.line.entry in codes[family.id]),
        )
        for family in sorted(families, key=lambda row: sort_key(row.name))
    ]
