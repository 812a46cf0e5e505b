"""Of whom may no picture be published? Asked anew each time, so whoever agrees or takes it back is obeyed at once.

Publication is asked by itself and is never a condition (consent/rules): who has not agreed to it stands here, whether it
was refused, taken back or never asked. Whoever takes a photograph needs a sign, not a name. People outside families (guests, officers,
press) are told in their invitation and never asked: a sign on every one of them would say nothing.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from festival.consent.published import may_be_published
from festival.contests.models import Contest
from festival.core.database import db
from festival.roster.models import Entry, EntryPerson, Family, Person


def without_pictures(festival_id: int, delegation_id: int | None = None) -> dict[int, int | None]:
    """Every member of a family who has not agreed, with the family. One statement."""
    in_family = Person.family_id.is_not(None)
    query = select(Person.id, Person.family_id).where(Person.festival_id == festival_id, in_family, _not_agreed())
    if delegation_id is not None:
        families = select(Family.id).where(Family.delegation_id == delegation_id)
        query = query.where(or_(Person.delegation_id == delegation_id, Person.family_id.in_(families)))
    return {row.id: row.family_id for row in db.session.execute(query)}


def entries_without_pictures(*contest_ids: int) -> dict[int, int]:
    """By entry of these contests, of how many people: of the family that enters, of the people of a team. One statement."""
    in_team = exists().where(EntryPerson.entry_id == Entry.id, EntryPerson.person_id == Person.id)
    theirs = or_(Person.family_id == Entry.family_id, and_(Entry.family_id.is_(None), in_team))
    query = (
        select(Entry.id, func.count(Person.id))
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Person, and_(Person.festival_id == Contest.festival_id, theirs))
        .where(Entry.contest_id.in_(contest_ids), _not_agreed())
        .group_by(Entry.id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _not_agreed() -> ColumnElement[bool]:
    return and_(~Person.out, ~may_be_published(Person.id, Person.festival_id, Person.birth_year))
