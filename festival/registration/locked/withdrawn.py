"""Which contests were locked with a family in them when it withdrew? Their results stay as they are.

The line of the withdrawal tells it, so that one that is undone finds the family in them again.
"""

from __future__ import annotations

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from festival.contests.models import Contest, ContestState
from festival.contests.queries import entries_told
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.roster.models import Entry, EntryPerson, EntryState, Family, Person
from festival.roster.steps import stream


def locked_with(family_id: int) -> list[str]:
    """Their codes: the family performs in them, alone or in a team."""
    return _locked(family_id, Contest.code)


def kept_results(family_id: int) -> list[str]:
    """Their names, of those everybody may know the entries of."""
    return _locked(family_id, Contest.name, told=True)


def _locked(family_id: int, column: InstrumentedAttribute[str], *, told: bool = False) -> list[str]:
    performs = exists().where(EntryPerson.entry_id == Entry.id, EntryPerson.person_id == Person.id)
    query = (
        select(column)
        .join(Entry, Entry.contest_id == Contest.id)
        .where(
            Contest.state != ContestState.OPEN,
            Entry.state == EntryState.ENROLLED,
            or_(Entry.family_id == family_id, performs.where(Person.family_id == family_id)),
        )
        .distinct()
        .order_by(column)
    )
    return list(db.session.scalars(query.where(entries_told()) if told else query))


def locked_at_withdrawal(family: Family) -> list[str]:
    """What the last withdrawal told of this family."""
    lines = select(LedgerEntry.subject).where(
        LedgerEntry.stream == stream(family.delegation.festival), LedgerEntry.kind == "registration.withdrawn"
    )
    for subject in db.session.scalars(lines.order_by(LedgerEntry.seq.desc())):
        if subject["family"] == family.code:
            return str(subject.get("locked", "")).split()
    return []
