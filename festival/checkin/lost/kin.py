"""Which family does a pass or a child belong to, and whom does one call? For the lead's device and the office's page only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from festival.checkin.lost.calling import Called, KinPerson, is_child, whom_to_call
from festival.checkin.merge import day_window
from festival.checkin.presence import has_come
from festival.consent.models import Consent, ConsentPurpose
from festival.consent.rules import GUARDIANS
from festival.core.births import Birth
from festival.core.clock import local
from festival.core.database import db
from festival.passes.models import Pass
from festival.roster.models import Delegation, Family, FamilyState, Person
from festival.roster.people import Relation, read_relation
from festival.roster.words import relation_words


@dataclass(frozen=True, slots=True)
class Kin:
    """A family with its children and the grown-ups to call in their order; last the head of the delegation."""

    name: str
    unit: str
    called: tuple[Called, ...]
    children: tuple[tuple[str, str], ...]  # code and name
    head: tuple[str, str]  # name and number


_FAMILIES = (
    select(
        Family.id,
        Family.name,
        Family.phone,
        Delegation.name.label("unit"),
        Delegation.head_name,
        Delegation.head_phone,
    )
    .join(Delegation, Delegation.id == Family.delegation_id)
    .where(Family.state == FamilyState.APPROVED)
)


# Who agreed for a child as mother, father or guardian is whom one calls, whoever represents the family.
_GUARDIANS = (
    select(Person.family_id, Consent.given_by)
    .join(Person, Person.id == Consent.person_id)
    .where(
        Consent.purpose == ConsentPurpose.TAKING_PART,
        Consent.withdrawn_at.is_(None),
        Consent.given_as.in_(GUARDIANS),
    )
    .distinct()
)


def _people(window: str) -> Any:
    return select(
        Person.family_id,
        Person.code,
        Person.name,
        Person.relation,
        Person.representative,
        Person.phone,
        Person.birth_year,
        Person.born_on,
        has_come(window).label("here"),
    ).where(~Person.out)


def families(
    festival_id: int, at: datetime, only: Collection[int] | None = None, *, arrived: bool = True
) -> dict[int, Kin]:
    """By the family's id; `only` these, or all approved ones. Three statements."""
    window, on = day_window(at), local(at).date()
    of_families, people = _FAMILIES.where(Family.festival_id == festival_id), _people(window)
    people = people.where(Person.festival_id == festival_id, Person.family_id.is_not(None))
    if only is not None:
        of_families, people = of_families.where(Family.id.in_(only)), people.where(Person.family_id.in_(only))
    guardians: set[tuple[int | None, str]] = {
        (row.family_id, row.given_by) for row in db.session.execute(_GUARDIANS.where(Person.festival_id == festival_id))
    }
    members: dict[int, list[KinPerson]] = defaultdict(list)
    for row in db.session.execute(people.order_by(Person.position, Person.id)):
        members[row.family_id].append(
            KinPerson(
                row.code,
                row.name,
                _relation(row),
                row.representative,
                row.phone,
                _birth(row),
                arrived and bool(row.here),
                (row.family_id, row.name) in guardians,
            )
        )
    return {
        row.id: Kin(
            row.name,
            row.unit,
            tuple(whom_to_call(members[row.id], row.phone, on)),
            tuple((each.code, each.name) for each in members[row.id] if is_child(each, on)),
            (row.head_name, row.head_phone),
        )
        for row in db.session.execute(of_families)
    }


def _relation(row: Any) -> str:
    """A code of `Relation` as a row of a person has it; the representative's is empty there."""
    return Relation.REPRESENTATIVE.value if row.representative else str(row.relation)


def _birth(row: Any) -> Birth | None:
    if row.born_on is not None:
        return Birth(row.born_on.year, row.born_on.month, row.born_on.day)
    return Birth(row.birth_year) if row.birth_year is not None else None


def of_child(festival_id: int, person: str, at: datetime) -> Kin | None:
    """The family of a known child."""
    family = db.session.scalar(select(Person.family_id).where(Person.festival_id == festival_id, Person.code == person))
    return families(festival_id, at, [family]).get(family) if family is not None else None


def of_members(festival_id: int, codes: Collection[str], at: datetime) -> list[Kin]:
    """The families of these people, by name."""
    ids = db.session.scalars(
        select(Person.family_id)
        .where(Person.festival_id == festival_id, Person.code.in_(codes), Person.family_id.is_not(None))
        .distinct()
    ).all()
    return sorted(
        families(festival_id, at, [each for each in ids if each is not None]).values(), key=lambda kin: kin.name
    )


def names_of(festival_id: int, codes: Collection[str]) -> dict[str, tuple[str, str]]:
    """Name and family of these children."""
    rows = db.session.execute(
        select(Person.code, Person.name, Family.name.label("family"))
        .outerjoin(Family, Family.id == Person.family_id)
        .where(Person.festival_id == festival_id, Person.code.in_(codes))
    )
    return {row.code: (row.name, row.family or "") for row in rows}


def by_pass(festival_id: int, at: datetime) -> dict[str, dict[str, Any]]:
    """For the lead's device: the family of each pass as a small object, by list id; replaced passes too.

    A card that was issued anew still hangs on a child's neck. A delegation's pass, and that of somebody outside the families,
    leads to the head of the delegation.
    """
    # Who has arrived the device knows by itself: what is told here changes only when the family does.
    known, heads = families(festival_id, at, arrived=False), _heads(festival_id)
    passes = db.session.execute(
        select(Pass.list_id, Pass.family_id, Pass.delegation_id, Person.delegation_id.label("of_person"))
        .outerjoin(Person, Person.id == Pass.person_id)
        .where(Pass.festival_id == festival_id)
    )
    found: dict[str, dict[str, Any]] = {}
    with force_locale("vi"):  # one list for every phone
        as_family = {key: _told(kin) for key, kin in known.items()}
        for row in passes:
            told = as_family.get(row.family_id) or heads.get(row.delegation_id or row.of_person)
            if told is not None:
                found[row.list_id] = told
    return found


def relation_said(called: Called) -> Relation | None:
    """The relation as a value, also where free words were stored; None where it is not known."""
    try:
        return Relation(called.relation)
    except ValueError:
        return read_relation(called.relation)


def relation_words_of(called: Called) -> str:
    """What somebody is to the family's representative, '' where it is not known."""
    return relation_words(relation_said(called))


def _told(kin: Kin) -> dict[str, Any]:
    return {
        "name": kin.name,
        "unit": kin.unit,
        "adults": [[each.code, each.name, relation_words_of(each), each.phone] for each in kin.called],
        "children": [list(each) for each in kin.children],
        "head": list(kin.head),
    }


def _heads(festival_id: int) -> Mapping[int, dict[str, Any]]:
    rows: Sequence[Any] = db.session.execute(
        select(Delegation.id, Delegation.name, Delegation.head_name, Delegation.head_phone).where(
            Delegation.festival_id == festival_id
        )
    ).all()
    return {
        row.id: {
            "name": row.name,
            "unit": row.name,
            "adults": [],
            "children": [],
            "head": [row.head_name, row.head_phone],
        }
        for row in rows
    }
