"""Which families are there, as rows with their people and as the value all roads end in?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import ColumnElement, bindparam, select, union
from sqlalchemy.orm import joinedload, selectinload

from festival.consent.models import Consent, ConsentPurpose
from festival.consent.rules import PROVES, SELF, Agreement
from festival.contests.models import Contest
from festival.core.births import Birth
from festival.core.database import db
from festival.core.driver.prepared import Prepared
from festival.core.transaction import open_connection
from festival.core.web.errors import NotFound
from festival.roster.household import Household, Member
from festival.roster.models import (
    Delegation,
    Entry,
    EntryPerson,
    EntryState,
    Family,
    FamilyState,
    Person,
)
from festival.roster.teams.models import TeamMember
from festival.roster.words import relation_of

WITH_MEMBERS = (
    selectinload(Family.members).selectinload(Person.consents),
    selectinload(Family.members).selectinload(Person.refusals),
    joinedload(Family.delegation).joinedload(Delegation.festival),
)


def families_of(delegation_id: int) -> list[Family]:
    """All families of a delegation but the withdrawn, with members and consents, in the order they came."""
    query = (
        select(Family)
        .where(Family.delegation_id == delegation_id, Family.state != FamilyState.WITHDRAWN)
        .options(*WITH_MEMBERS)
        .order_by(Family.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def families_of_all(delegation_ids: Iterable[int]) -> dict[int, dict[int, Family]]:
    """The families of several delegations with their members, by delegation and id."""
    query = (
        select(Family)
        .where(Family.delegation_id.in_(list(delegation_ids)), Family.state != FamilyState.WITHDRAWN)
        .options(selectinload(Family.members), joinedload(Family.delegation))
        .order_by(Family.id)
    )
    found: dict[int, dict[int, Family]] = defaultdict(dict)
    for family in db.session.scalars(query):
        found[family.delegation_id][family.id] = family
    return found


def family_in(delegation: Delegation, code: str) -> Family:
    """A family of this delegation. NotFound for any other."""
    family = _one(Family.code == code, Family.delegation_id == delegation.id)
    if family is None:
        raise NotFound()
    return family


def family_by_code(code: str) -> Family:
    """Any family, for the reviewer. NotFound."""
    family = _one(Family.code == code)
    if family is None:
        raise NotFound()
    return family


def family_by_id(family_id: int) -> Family:
    """The family with this id. NotFound."""
    family = _one(Family.id == family_id)
    if family is None:
        raise NotFound()
    return family


def _one(*conditions: ColumnElement[bool]) -> Family | None:
    # Actions change rows by statements, so what the session remembers may be older than the database.
    query = select(Family).where(*conditions).options(*WITH_MEMBERS).execution_options(populate_existing=True)
    return db.session.scalar(query)


def contests_by_person(family_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Person → codes of the contests that person is registered for, or named for a team of."""
    whose = Person.family_id.in_(list(family_ids))
    registered = (
        select(EntryPerson.person_id, Contest.code, Contest.position)
        .join(Entry, Entry.id == EntryPerson.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Person, Person.id == EntryPerson.person_id)
        .where(
            whose,
            Entry.state != EntryState.WITHDRAWN,
            Contest.entries_from_id.is_(None),
        )
    )
    named = (
        select(TeamMember.person_id, Contest.code, Contest.position)
        .join(Contest, Contest.id == TeamMember.contest_id)
        .join(Person, Person.id == TeamMember.person_id)
        .where(whose, ~Person.out)
    )
    each = union(registered, named).subquery()
    found: dict[int, list[str]] = defaultdict(list)
    for person_id, code in db.session.execute(select(each.c.person_id, each.c.code).order_by(each.c.position)):
        found[person_id].append(code)
    return {person_id: tuple(codes) for person_id, codes in found.items()}


def household_of_family(family: Family, contests: Mapping[int, tuple[str, ...]]) -> Household:
    """The family's rows as the value all roads end in."""
    return Household(
        phone=family.phone,
        email=family.email,
        address=family.address,
        introduction=family.introduction,
        members=tuple(_member(person, contests.get(person.id, ())) for person in family.members),
    )


def _member(person: Person, contests: tuple[str, ...]) -> Member:
    standing: dict[ConsentPurpose, Consent] = {
        consent.purpose: consent for consent in person.consents if consent.withdrawn_at is None
    }
    taking_part = standing.get(ConsentPurpose.TAKING_PART)
    publish = standing.get(ConsentPurpose.PUBLISH)
    return Member(
        name=person.name,
        relation=relation_of(person),
        sex=person.sex,
        birth=birth_of(person),
        phone=person.phone,
        needs=person.needs,
        contests=contests,
        agreement=Agreement(taking_part.given_by, taking_part.given_as, taking_part.method)
        if taking_part
        else Agreement(),
        own_agreement=ConsentPurpose.CHILD_OWN in standing,
        publish=publish is not None and (publish.given_as == SELF or publish.method in PROVES),
        own_publish=ConsentPurpose.CHILD_PUBLISH in standing,
        refused=tuple(each.purpose.value for each in person.refusals if each.ended_at is None),
        code=person.code,
        out=person.out,
    )


def birth_of(person: Person) -> Birth | None:
    """A person's birth: the day where known, else the year."""
    return birth_from(person.born_on, person.birth_year)


def birth_from(born_on: date | None, year: int | None) -> Birth | None:
    """The same from the two columns."""
    if born_on is not None:
        return Birth(born_on.year, born_on.month, born_on.day)
    return Birth(year) if year is not None else None


def identities(festival_id: int, wanted: Iterable[str]) -> dict[str, int]:
    """Which of these identities are registered in the festival already, and by which delegation."""
    found: dict[str, int] = {}
    listed = sorted({identity for identity in wanted if identity})
    for start in range(0, len(listed), 500):
        query = select(Family.identity, Family.delegation_id).where(
            Family.festival_id == festival_id,
            Family.identity.in_(listed[start : start + 500]),
            Family.state != FamilyState.WITHDRAWN,
        )
        found.update((identity, delegation_id) for identity, delegation_id in db.session.execute(query))
    return found


def family_of_form(key: str) -> Family | None:
    """The family that a form became, None while it has not been sent."""
    # A form is asked for while it is typed, and when it is sent: there is no such family yet.
    return db.session.scalar(_OF_FORM, {"key": key}) if form_is_sent(key) else None


def form_is_sent(key: str) -> bool:
    """Whether a family was made of this form."""
    return bool(_IS_SENT(open_connection(), {"key": key}))


_IS_SENT = Prepared(lambda _database: select(Family.id).where(Family.submission_key == bindparam("key")))
_OF_FORM = select(Family).where(Family.submission_key == bindparam("key"))
