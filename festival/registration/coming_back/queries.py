"""Which families of a delegation are withdrawn now, and which contests keep the result of one?"""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from festival.contests.models import Contest, ContestState
from festival.contests.queries import entries_told
from festival.core.database import db
from festival.roster.models import Entry, EntryPerson, EntryState, Family, FamilyState, Person


def withdrawn_in(delegation_id: int) -> list[Family]:
    """The last one first."""
    query = select(Family).where(Family.delegation_id == delegation_id, Family.state == FamilyState.WITHDRAWN)
    return list(db.session.scalars(query.order_by(Family.decided_at.desc(), Family.id.desc())))


def kept_results(family_id: int) -> list[str]:
    """Contests that were locked while the family took part, alone or in a team: withdrawing changes nothing there."""
    performs = exists().where(EntryPerson.entry_id == Entry.id, EntryPerson.person_id == Person.id)
    query = (
        select(Contest.name)
        .join(Entry, Entry.contest_id == Contest.id)
        .where(
            Contest.state != ContestState.OPEN,
            entries_told(),
            Entry.state == EntryState.ENROLLED,
            or_(Entry.family_id == family_id, performs.where(Person.family_id == family_id)),
        )
        .distinct()
        .order_by(Contest.name)
    )
    return list(db.session.scalars(query))
