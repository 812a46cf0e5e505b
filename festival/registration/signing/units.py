"""Who signs for a delegation, whom does each list say now, and how far is it? The same number of statements for one and for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from festival.core.database import db
from festival.core.names import sort_key
from festival.core.web.errors import NotFound
from festival.editions.models import Unit
from festival.papers.models import PaperState
from festival.papers.signing_lists import SigningList
from festival.registration.signing.listed import (
    ListedFamily,
    ListedPerson,
    SigningState,
    SinceSigned,
    since,
    state_of,
    vouched,
)
from festival.registration.signing.models import DelegationCommune, FamilyCommune, SigningRule
from festival.roster.families import birth_of, contests_by_person, families_of_all
from festival.roster.models import Delegation, Family, FamilyState, Person
from festival.roster.places import lock_delegation
from festival.roster.words import relation_of


@dataclass(frozen=True, slots=True)
class UnitList:
    """A unit that signs: whom its list says now, the sheet that waits, the one in force, what is different from that."""

    unit: Unit
    families: tuple[ListedFamily, ...]
    printed: SigningList | None
    signed: SigningList | None
    different: SinceSigned
    state: SigningState


@dataclass(frozen=True, slots=True)
class DelegationSigning:
    """A delegation with each unit that signs for it; `unplaced` are on no list yet. `several`: communes are named for it.

    `former`: units that do not sign for it any more and have a sheet that waits or is signed.
    """

    delegation: Delegation
    units: tuple[UnitList, ...]
    unplaced: tuple[ListedFamily, ...]
    several: bool
    former: tuple[UnitList, ...]

    def of(self, key: str) -> UnitList:
        """The unit with this key. NotFound when it never signed for this delegation."""
        for each in (*self.units, *self.former):
            if each.unit.key == key:
                return each
        raise NotFound()


def listed_family(family: Family, contests: Mapping[int, tuple[str, ...]]) -> ListedFamily:
    """What a list says of it; who does not take part any more stands on none."""
    people = [person for person in family.members if not person.out]
    return ListedFamily(
        family.id,
        family.code,
        family.name,
        family.phone,
        family.address,
        tuple(_listed_person(person, contests.get(person.id, ())) for person in people),
        family.reserve is not None,
    )


def _listed_person(person: Person, contests: tuple[str, ...]) -> ListedPerson:
    relation = relation_of(person)
    return ListedPerson(
        person.name,
        relation.value if relation else person.relation,
        person.sex.value if person.sex else "",
        str(birth_of(person) or ""),
        contests,
    )


def signings(listed: Sequence[Delegation]) -> list[DelegationSigning]:
    """Each delegation, in this order."""
    ids = [each.id for each in listed]
    communes = _communes(ids)
    families = families_of_all(ids)
    every = [family.id for of_one in families.values() for family in of_one.values()]
    placed = placements(every)
    contests = contests_by_person(every)
    lists = _in_use(ids)
    found = []
    for delegation in listed:
        own = [
            listed_family(family, contests)
            for family in sorted(families.get(delegation.id, {}).values(), key=_by_given_name)
            if family.state is not FamilyState.REJECTED
        ]
        units = communes.get(delegation.id, [])
        of_unit: dict[int | None, list[ListedFamily]] = defaultdict(list)
        for family in own:
            of_unit[placed.get(family.id) if units else delegation.unit_id].append(family)
        signing = units or [delegation.unit]
        keys = {unit.id for unit in signing}
        sheets = lists.get(delegation.id, {})
        found.append(
            DelegationSigning(
                delegation,
                tuple(_of_unit(unit, of_unit[unit.id], sheets.get(unit, {})) for unit in signing),
                tuple(family for unit_id, some in of_unit.items() if unit_id not in keys for family in some),
                bool(units),
                tuple(_of_unit(unit, [], some) for unit, some in sheets.items() if unit.id not in keys),
            )
        )
    return found


def _of_unit(unit: Unit, families: list[ListedFamily], lists: Mapping[PaperState, SigningList]) -> UnitList:
    printed, signed = lists.get(PaperState.PRINTED), lists.get(PaperState.SIGNED)
    different = since(signed.said, families) if signed else SinceSigned()
    state = state_of(signed=signed is not None, printed=printed is not None, different=different)
    return UnitList(unit, tuple(families), printed, signed, different, state)


def _by_given_name(family: Family) -> str:
    head = next((one for one in family.members if one.representative), None)
    return sort_key(head.name if head else family.name)


def _communes(delegation_ids: Sequence[int]) -> dict[int, list[Unit]]:
    rows = db.session.execute(
        select(DelegationCommune.delegation_id, Unit)
        .join(Unit, Unit.id == DelegationCommune.unit_id)
        .where(DelegationCommune.delegation_id.in_(delegation_ids))
        .order_by(DelegationCommune.position)
    )
    found: dict[int, list[Unit]] = defaultdict(list)
    for delegation_id, unit in rows:
        found[delegation_id].append(unit)
    return found


def placements(family_ids: Sequence[int]) -> dict[int, int]:
    """Family → the commune on whose list it stands."""
    rows = db.session.execute(
        select(FamilyCommune.family_id, FamilyCommune.unit_id).where(FamilyCommune.family_id.in_(family_ids))
    )
    return {row.family_id: row.unit_id for row in rows}


Sheets = dict[Unit, dict[PaperState, SigningList]]


def _in_use(delegation_ids: Sequence[int]) -> dict[int, Sheets]:
    wanted = (
        select(SigningList, Unit)
        .join(Unit, Unit.id == SigningList.unit_id)
        .where(
            SigningList.delegation_id.in_(delegation_ids),
            SigningList.state.in_((PaperState.PRINTED, PaperState.SIGNED)),
        )
        .execution_options(populate_existing=True)
    )
    found: dict[int, Sheets] = defaultdict(lambda: defaultdict(dict))
    for row, unit in db.session.execute(wanted):
        found[row.delegation_id][unit][row.state] = row
    return found


# ------------------------------------------------------------------------------------------------ before an approval


def rule_of(festival_id: int) -> SigningRule | None:
    """What the edition says about signed lists; None while it never said anything."""
    return db.session.get(SigningRule, festival_id, populate_existing=True)


def is_asked(festival_id: int) -> bool:
    """Whether a family is approved only when it stands on a signed list."""
    rule = rule_of(festival_id)
    return rule is not None and rule.required


def stands_signed(family: Family) -> bool:
    """Whether the signed list of its unit says the family as it is now."""
    communes = set(
        db.session.scalars(
            select(DelegationCommune.unit_id).where(DelegationCommune.delegation_id == family.delegation_id)
        )
    )
    own = placements([family.id]).get(family.id) if communes else family.delegation.unit_id
    if own is None or (communes and own not in communes):
        return False
    said = db.session.scalar(
        select(SigningList.said).where(
            SigningList.delegation_id == family.delegation_id,
            SigningList.unit_id == own,
            SigningList.state == PaperState.SIGNED,
        )
    )
    return said is not None and vouched(said, listed_family(family, contests_by_person([family.id])))


def signed_among(delegation: Delegation) -> set[int]:
    """The families of a delegation that the signed list of their unit says as they are now."""
    [own] = signings([delegation])
    return {
        family.id
        for each in own.units
        if each.signed is not None
        for family in each.families
        if vouched(each.signed.said, family)
    }


def not_signed_yet(family: Family) -> bool:
    """Whether the edition asks for a signed list and the family is not on it as it is now.

    The delegation's row is held from here on, as by whoever takes a list back, prints or replaces one: of the two the
    second sees what the first did.
    """
    if not is_asked(family.festival_id):
        return False
    lock_delegation(family)
    return not stands_signed(family)
