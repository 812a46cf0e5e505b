"""Which families of the last edition does an officer find again, and how do they become drafts of this one?

Only those who agreed to be kept, of the delegation of the same unit, or of the unit this one alone came out of. A copy is a draft
without agreements: it is confirmed by the family like every other, or dropped when nobody agrees. It is thrown away and brought back as
every draft is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from festival.consent.models import ConsentPurpose
from festival.core.database import db
from festival.editions.models import Festival, UnitSuccession
from festival.editions.queries import not_put_away
from festival.registration.agreeing import withdraw_consent
from festival.registration.copying.offered import fitting
from festival.registration.guarding import resembling
from festival.registration.kept.copies import key_of
from festival.registration.kept.keeping import kept_households
from festival.registration.registering import register_families
from festival.roster.families import family_by_id
from festival.roster.household import Household
from festival.roster.models import Delegation, Family, FamilyState, Origin
from festival.roster.rules import Rules, rules_of


@dataclass(frozen=True, slots=True)
class Offered:
    """A family of the last edition: what would be copied, which contests are gone, until when it is kept, its copy if there is one."""

    source: Family
    household: Household
    gone: int
    until: date
    copy: Family | None


def last_delegations(delegation: Delegation) -> list[Delegation]:
    """The delegations of the same unit in the latest edition before this one; several where units were joined."""
    alone = select(UnitSuccession.old_id).group_by(UnitSuccession.old_id).having(func.count() == 1)
    before = select(UnitSuccession.old_id).where(
        UnitSuccession.new_id == delegation.unit_id, UnitSuccession.old_id.in_(alone)
    )
    found = db.session.scalars(
        select(Delegation)
        .join(Festival, Festival.id == Delegation.festival_id)
        .options(joinedload(Delegation.festival))
        .where(
            Festival.starts_on < delegation.festival.starts_on,
            not_put_away(),
            or_(Delegation.unit_id == delegation.unit_id, Delegation.unit_id.in_(before)),
        )
        .order_by(Festival.starts_on.desc(), Delegation.festival_id.desc(), Delegation.id)
    ).all()
    return [each for each in found if each.festival_id == found[0].festival_id]


def offered(rules: Rules, delegation: Delegation) -> list[Offered]:
    """The families that agreed, by name, each with its copy in this edition."""
    last = [each.id for each in last_delegations(delegation)]
    approved = select(Family).where(Family.delegation_id.in_(last), Family.state == FamilyState.APPROVED)
    sources = {family.id: family for family in db.session.scalars(approved)}
    kept = kept_households(sources)
    keys = {key_of(rules.festival.code, sources[each].code): each for each in kept}
    copies = {
        keys[family.submission_key or ""]: family
        for family in db.session.scalars(select(Family).where(Family.submission_key.in_(keys)))
    }
    found = []
    for each, (until, household) in kept.items():
        copied, gone = fitting(household, rules.contests)
        found.append(Offered(sources[each], copied, len(gone), until, copies.get(each)))
    return sorted(found, key=lambda one: (one.household.name, one.source.id))


def copy(rules: Rules, delegation: Delegation, sources: Collection[str]) -> tuple[int, list[str]]:
    """Make drafts of those that were chosen; how many there are now, and the names of those that are there already."""
    wanted = [each for each in offered(rules, delegation) if each.source.code in sources]
    made = register_families(
        rules,
        delegation,
        [(each.household, key_of(rules.festival.code, each.source.code)) for each in wanted],
        Origin.OFFICER,
        method="paper",
    )
    resembling.look(rules, [each.family_id for each in made], new=True)
    written = set(
        db.session.scalars(select(Family.submission_key).where(Family.id.in_([one.family_id for one in made])))
    )
    there = [each.household.name for each in wanted if key_of(rules.festival.code, each.source.code) not in written]
    return len(made), there


def forget(delegation: Delegation, source: str, how: str) -> str | None:
    """A family of the last edition asks not to be kept: its agreements end, what was kept goes. Its name; None when it is not kept."""
    last = [each.id for each in last_delegations(delegation)]
    found = db.session.scalar(select(Family.id).where(Family.code == source, Family.delegation_id.in_(last)))
    kept = kept_households([found] if found is not None else [])
    if found is None or not kept:
        return None
    not_kept(family_by_id(found), how)
    return kept[found][1].name


def not_kept(family: Family, how: str) -> None:
    """Nobody of the family is kept any more."""
    rules = rules_of(family.delegation.festival)
    for person in family.members:
        withdraw_consent(rules, family, person, ConsentPurpose.KEPT, how)
