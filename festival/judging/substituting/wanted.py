"""Who is to come in for whom? Read from what was chosen on a page, and who can be chosen there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.queries import entries_told
from festival.core.database import db
from festival.core.web.errors import NotFound
from festival.judging.substituting.models import Substitution, SubstitutionKind
from festival.roster.families import family_by_id
from festival.roster.models import Entry, EntryPerson, EntryState, Family, FamilyState, Person, Reserve

OF_FAMILY = "family"


@dataclass(frozen=True, slots=True)
class AskedSubstitution:
    """A substitution as it was chosen; `entry`, `leaves`, `comes` of a performer only."""

    kind: SubstitutionKind
    out: Family
    into: Family
    entry: Entry | None = None
    leaves: Person | None = None
    comes: Person | None = None

    @property
    def choice(self) -> str:
        """As the address says it."""
        if self.entry is None or self.leaves is None or self.comes is None:
            return f"{OF_FAMILY}-{self.into.code}"
        return f"{self.entry.code}-{self.leaves.code}-{self.comes.code}"

    def backwards(self) -> AskedSubstitution:
        """The way back of a performer's."""
        return AskedSubstitution(self.kind, self.into, self.out, self.entry, self.comes, self.leaves)


@dataclass(frozen=True, slots=True)
class EntryChoice:
    """An entry of the family, or of the delegation's team with somebody of it: who performs, who could."""

    entry: Entry
    performers: Sequence[Person]
    others: Sequence[Person]

    @property
    def leaving(self) -> list[tuple[str, str]]:
        """As a box offers them."""
        return [(each.code, each.name) for each in self.performers]

    @property
    def coming(self) -> list[tuple[str, str]]:
        """As a box offers them; in a team with the family each is of."""
        alone = self.entry.family_id is not None
        return [
            (each.code, each.name if alone or each.family is None else f"{each.name} ({each.family.name})")
            for each in self.others
        ]


def entries_of(family: Family, *, all_told: bool) -> Select[Entry]:
    """What the family performs in: its own entries, and teams with somebody of it. `all_told`: hidden finals too."""
    in_team = (
        exists()
        .where(EntryPerson.entry_id == Entry.id, EntryPerson.person_id == Person.id)
        .where(Person.family_id == family.id)
    )
    query = (
        select(Entry)
        .join(Entry.contest)
        .where(
            Entry.delegation_id == family.delegation_id,
            Entry.state == EntryState.ENROLLED,
            Contest.state == ContestState.OPEN,
            Contest.result_kind != ResultKind.SUM,
            or_(Entry.family_id == family.id, Entry.family_id.is_(None) & in_team),
        )
        .options(contains_eager(Entry.contest))
        .order_by(Contest.position, Entry.id)
    )
    return query if all_told else query.where(entries_told())


def choices(family: Family, *, all_told: bool) -> list[EntryChoice]:
    """For each entry who performs in it and who could come in. Three statements."""
    entries = list(db.session.scalars(entries_of(family, all_told=all_told)))
    people = _people(family.delegation_id)
    performing = select(EntryPerson.entry_id, EntryPerson.person_id).where(
        EntryPerson.entry_id.in_([each.id for each in entries])
    )
    within = {(row.entry_id, row.person_id) for row in db.session.execute(performing)}
    return [
        EntryChoice(
            each,
            [one for one in people if (each.id, one.id) in within and one.family_id == family.id],
            [
                one
                for one in people
                if (each.id, one.id) not in within and (each.family_id is None or one.family_id == family.id)
            ],
        )
        for each in entries
    ]


def _people(delegation_id: int, *more: ColumnElement[bool]) -> list[Person]:
    """Everybody of the delegation's approved families who takes part."""
    query = (
        select(Person)
        .join(Person.family)
        .where(Family.delegation_id == delegation_id, Family.state == FamilyState.APPROVED, ~Person.out, *more)
        .options(contains_eager(Person.family))
        .order_by(Family.id, Person.position)
    )
    return list(db.session.scalars(query))


def reserves_of(delegation_id: int) -> list[Family]:
    """Families the organiser has accepted in reserve, who came first before."""
    query = select(Family).where(
        Family.delegation_id == delegation_id,
        Family.state == FamilyState.SUBMITTED,
        Family.reserve == Reserve.ACCEPTED,
    )
    return list(db.session.scalars(query.order_by(Family.submitted_at, Family.id)))


def wanted(family: Family, choice: str, *, all_told: bool) -> AskedSubstitution:
    """What was chosen for this family. NotFound for what the page does not offer."""
    first, *codes = choice.split("-")
    if first == OF_FAMILY and len(codes) == 1:
        into = next((each for each in reserves_of(family.delegation_id) if each.code == codes[0]), None)
        if into is None:
            raise NotFound()
        return AskedSubstitution(SubstitutionKind.FAMILY, family, family_by_id(into.id))
    if len(codes) != 2:
        raise NotFound()
    entry = db.session.scalar(
        entries_of(family, all_told=all_told).where(Entry.code == first).options(joinedload(Entry.delegation))
    )
    people = {each.code: each for each in _people(family.delegation_id, Person.code.in_(codes))}
    leaves, comes = (people.get(code) for code in codes)
    if entry is None or leaves is None or comes is None or leaves is comes or leaves.family_id != family.id:
        raise NotFound()
    if entry.family_id is not None and comes.family_id != family.id:
        raise NotFound()
    return _of_person(entry, leaves, comes)


def _of_person(entry: Entry, leaves: Person, comes: Person) -> AskedSubstitution:
    out = family_by_id(leaves.family_id or 0)
    into = out if comes.family_id == leaves.family_id else family_by_id(comes.family_id or 0)
    return AskedSubstitution(SubstitutionKind.PERSON, out, into, entry, leaves, comes)


def wanted_of(row: Substitution) -> AskedSubstitution:
    """What a row asks. NotFound when somebody of it is no more."""
    if row.kind is SubstitutionKind.FAMILY:
        return AskedSubstitution(row.kind, family_by_id(row.out_family_id), family_by_id(row.in_family_id))
    entry = db.session.scalar(
        select(Entry)
        .where(Entry.id == row.entry_id)
        .options(joinedload(Entry.contest), joinedload(Entry.delegation))
        .execution_options(populate_existing=True)
    )
    both = select(Person).where(Person.code.in_([row.out_code, row.in_code]))
    people = {each.code: each for each in db.session.scalars(both)}
    leaves, comes = people.get(row.out_code), people.get(row.in_code)
    if entry is None or leaves is None or comes is None:
        raise NotFound()
    return _of_person(entry, leaves, comes)
