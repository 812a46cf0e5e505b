"""What pages of substitutions are opened with: one that waits. What could be chosen is asked in tests/registration/test_substituting.py."""

from __future__ import annotations

from sqlalchemy import func, select

from festival.core.clock import now
from festival.core.database import db
from festival.judging.substituting.models import Substitution, SubstitutionKind, SubstitutionState
from festival.roster.families import family_by_id
from festival.roster.models import Entry, EntryPerson, Family, FamilyState, Person


def substituted(officer: int) -> dict[str, object]:
    """Of the first approved family with an entry of its own."""
    first = select(func.min(Family.id)).where(Family.state == FamilyState.APPROVED)
    family = family_by_id(db.session.scalar(first) or 0)
    delegation = family.delegation
    made = select(Substitution.id).where(Substitution.delegation_id == delegation.id)
    performs = (
        select(EntryPerson.entry_id, Person.code)
        .join(Person, Person.id == EntryPerson.person_id)
        .join(Entry, Entry.id == EntryPerson.entry_id)
        .where(Person.family_id == family.id)
        .order_by(EntryPerson.entry_id, Person.id)
    )
    row = db.session.execute(performs.limit(1)).first()
    if row is not None and db.session.scalar(made) is None:
        other = next(each.code for each in reversed(family.members) if each.code != row.code)
        db.session.add(
            Substitution(
                delegation_id=delegation.id, number=1, kind=SubstitutionKind.PERSON, entry_id=row.entry_id,
                out_family_id=family.id, in_family_id=family.id, out_code=row.code, in_code=other, why="ốm",
                road="officer", asked_by=officer, asked_at=now(), state=SubstitutionState.WAITING, kept={},
            )
        )  # fmt: skip
    return {"substitutions": [delegation.code], "choice": "khong-co-gi"}
