"""What pages of substitutions are opened with: one that waits, and what could be chosen for the same family."""

from __future__ import annotations

from sqlalchemy import func, select

from festival.core.database import db
from festival.judging.substituting import doing
from festival.judging.substituting.models import Substitution, SubstitutionKind
from festival.judging.substituting.wanted import AskedSubstitution, choices
from festival.roster.families import family_by_id
from festival.roster.models import Family, FamilyState
from festival.roster.rules import rules_of


def substituted(officer: int) -> dict[str, object]:
    """Of the first approved family, whose address the others use too."""
    first = select(func.min(Family.id)).where(Family.state == FamilyState.APPROVED)
    family = family_by_id(db.session.scalar(first) or 0)
    found = [each for each in choices(family, all_told=False) if each.performers and each.others]
    values: dict[str, object] = {"substitutions": [family.delegation.code], "choice": "khong-co-gi"}
    if not found:
        return values
    entry = db.session.merge(found[0].entry)
    leaves, comes = found[0].performers[0], found[0].others[0]
    asked = AskedSubstitution(SubstitutionKind.PERSON, family, family_by_id(comes.family_id or 0), entry, leaves, comes)
    if db.session.scalar(select(Substitution.id).where(Substitution.delegation_id == family.delegation_id)) is None:
        rules = rules_of(family.delegation.festival)
        doing.ask(rules, asked, family.version, "ốm", "officer", officer)
    return values | {"choice": asked.choice}
