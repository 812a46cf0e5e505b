"""Of whom may no picture be published? Asked anew each time, so whoever agrees or takes it back is obeyed at once.

Publication is asked by itself and is never a condition (consent/rules): who has not agreed to it stands here, whether it
was refused, taken back or never asked. Whoever takes a photograph needs a sign, not a name.
"""

from __future__ import annotations

from collections import Counter

from sqlalchemy import exists, select

from festival.consent.models import Consent, ConsentPurpose
from festival.core.database import db
from festival.roster.models import Person


def without_pictures(festival_id: int, delegation_id: int | None = None) -> dict[int, int | None]:
    """Everybody who has not agreed, with the family if there is one. One statement."""
    agreed = exists().where(
        Consent.person_id == Person.id, Consent.purpose == ConsentPurpose.PUBLISH, Consent.withdrawn_at.is_(None)
    )
    query = select(Person.id, Person.family_id).where(Person.festival_id == festival_id, ~Person.out, ~agreed)
    if delegation_id is not None:
        query = query.where(Person.delegation_id == delegation_id)
    return {row.id: row.family_id for row in db.session.execute(query)}


def counted(people: dict[int, int | None]) -> Counter[int]:
    """How many of each family."""
    return Counter(family_id for family_id in people.values() if family_id is not None)
