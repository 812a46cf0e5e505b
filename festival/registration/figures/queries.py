"""What is counted of an edition's registrations: by unit, by contest, by day, by sex and age?

Counted are families that wait for approval or are approved; not drafts, families in reserve, refused or withdrawn ones, nor
people who do not take part any more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from festival.consent.rules import ages
from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.database import db
from festival.editions.models import Festival
from festival.registration.figures.ages import AgeGroup, groups_of
from festival.roster import delegations
from festival.roster.families import birth_from
from festival.roster.models import Delegation, Entry, EntryPerson, EntryState, Family, FamilyState, Person
from festival.roster.people import Sex

APPROVED, SUBMITTED = FamilyState.APPROVED, FamilyState.SUBMITTED


@dataclass(frozen=True, slots=True)
class CountsOfUnit:
    """What a delegation has sent."""

    delegation: Delegation
    approved: int
    waiting: int
    people: int


@dataclass(frozen=True, slots=True)
class CountsOfContest:
    """Entries that take part, people in them, families that have entered for it and wait."""

    name: str
    entries: int
    people: int
    waiting: int


@dataclass(frozen=True, slots=True)
class PeopleCounted:
    """Everybody, and by sex and age where that may be shown; `unknown`: sex or year of birth is not written down."""

    people: int
    unknown: int
    groups: tuple[AgeGroup, ...]

    @property
    def women(self) -> int:
        return sum(each.women for each in self.groups)

    @property
    def men(self) -> int:
        return sum(each.men for each in self.groups)


def _counted(festival_id: int) -> tuple[ColumnElement[bool], ...]:
    return Family.festival_id == festival_id, Family.state.in_((APPROVED, SUBMITTED)), Family.reserve.is_(None)


def by_unit(festival_id: int) -> list[CountsOfUnit]:
    """Every delegation in its order, also one that has sent nothing."""
    families = select(Family.delegation_id, Family.state, func.count()).where(*_counted(festival_id))
    number = {
        (of, state): n for of, state, n in db.session.execute(families.group_by(Family.delegation_id, Family.state))
    }
    members = (
        select(Family.delegation_id, func.count())
        .join(Person, Person.family_id == Family.id)
        .where(*_counted(festival_id), ~Person.out)
        .group_by(Family.delegation_id)
    )
    people: dict[int, int] = {row[0]: row[1] for row in db.session.execute(members)}
    return [
        CountsOfUnit(
            each, number.get((each.id, APPROVED), 0), number.get((each.id, SUBMITTED), 0), people.get(each.id, 0)
        )
        for each in delegations.delegations(festival_id)
    ]


def by_contest(festival_id: int) -> list[CountsOfContest]:
    """Every contest families enter for, in the order of the festival."""
    contests = db.session.scalars(
        select(Contest)
        .where(Contest.festival_id == festival_id, Contest.entries_from_id.is_(None))
        .order_by(Contest.position)
    ).all()
    enrolled = (
        select(Entry.contest_id, func.count(Entry.id.distinct()), func.count(EntryPerson.person_id))
        .outerjoin(EntryPerson, EntryPerson.entry_id == Entry.id)
        .where(Entry.state == EntryState.ENROLLED)
        .group_by(Entry.contest_id)
    )
    inside = {of: (entries, people) for of, entries, people in db.session.execute(enrolled)}
    proposed = (
        select(Entry.contest_id, func.count())
        .join(Family, Family.id == Entry.family_id)
        .where(*_counted(festival_id), Family.state == SUBMITTED, Entry.state == EntryState.PROPOSED)
        .group_by(Entry.contest_id)
    )
    waiting: dict[int, int] = {row[0]: row[1] for row in db.session.execute(proposed)}
    return [CountsOfContest(each.name, *inside.get(each.id, (0, 0)), waiting.get(each.id, 0)) for each in contests]


def by_day(festival_id: int) -> Counter[date]:
    """How many families were sent on each day of Vietnam."""
    sent = select(Family.submitted_at).where(*_counted(festival_id), Family.submitted_at.is_not(None))
    return Counter(local(at).date() for at in db.session.scalars(sent) if at is not None)


def people(festival: Festival) -> PeopleCounted:
    """By sex and by age on the festival's first day; who gave a year alone counts as the older."""
    births = (Person.sex, Person.born_on, Person.birth_year)
    rows = db.session.execute(
        select(*births, func.count())
        .join(Family, Family.id == Person.family_id)
        .where(*_counted(festival.id), ~Person.out)
        .group_by(*births)
    )
    counts: dict[Sex, Counter[int]] = {sex: Counter() for sex in Sex}
    unknown = 0
    for sex, born_on, year, number in rows:
        birth = birth_from(born_on, year)
        if sex is None or birth is None:
            unknown += number
        else:
            counts[sex][ages(birth, festival.starts_on).most] += number
    known = sum(sum(each.values()) for each in counts.values())
    return PeopleCounted(known + unknown, unknown, groups_of(counts[Sex.FEMALE], counts[Sex.MALE]))
