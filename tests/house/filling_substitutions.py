"""What pages of substitutions are opened with: one that waits, and what could be chosen for the same family."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from festival.core.clock import now
from festival.core.database import db
from festival.judging.substituting.models import Substitution, SubstitutionKind, SubstitutionState
from festival.judging.substituting.wanted import EntryChoice, choices
from festival.roster.families import family_by_id
from festival.roster.models import EntryPerson, Family, FamilyState


def substituted(officer: int) -> dict[str, object]:
    """Of the first approved family, whose address the others use too."""
    first = select(func.min(Family.id)).where(Family.state == FamilyState.APPROVED)
    family = family_by_id(db.session.scalar(first) or 0)
    delegation = family.delegation
    values: dict[str, object] = {"substitutions": [delegation.code], "choice": "khong-co-gi"}
    found = _possible(family)
    if not found:
        # everybody performs: one of several does not any more
        each = next(each for each in choices(family, all_told=False) if len(each.performers) > 1)
        gone = (EntryPerson.entry_id == each.entry.id, EntryPerson.person_id == each.performers[-1].id)
        db.session.execute(delete(EntryPerson).where(*gone))
        found = _possible(family)
    entry, leaves, comes = found[0].entry, found[0].performers[0], found[0].others[0]
    if db.session.scalar(select(Substitution.id).where(Substitution.delegation_id == delegation.id)) is None:
        db.session.add(
            Substitution(
                delegation_id=delegation.id, number=1, kind=SubstitutionKind.PERSON, entry_id=entry.id,
                out_family_id=family.id, in_family_id=comes.family_id, out_code=leaves.code, in_code=comes.code,
                why="ốm", road="officer", asked_by=officer, asked_at=now(), state=SubstitutionState.WAITING, kept={},
            )
        )  # fmt: skip
    return values | {"choice": f"{entry.code}-{leaves.code}-{comes.code}"}


def _possible(family: Family) -> list[EntryChoice]:
    return [each for each in choices(family, all_told=False) if each.performers and each.others]
