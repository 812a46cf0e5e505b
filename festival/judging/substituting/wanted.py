"""Who is to come in for whom? Read from what was chosen on a page, and who can be chosen there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, exists, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.queries import entries_told
from festival.core.database import db
from festival.core.sentence import N_
from festival.core.web.errors import NotFound
from festival.core.web.i18n import say
from festival.judging.substituting.models import Substitution, SubstitutionKind
from festival.judging.substituting.vacancies import vacancies
from festival.roster.families import WITH_MEMBERS, family_by_id
from festival.roster.models import Delegation, Entry, EntryPerson, EntryState, Family, FamilyState, Person, Reserve

OF_FAMILY = "family"
OF_EDITION = (joinedload(Family.delegation).joinedload(Delegation.festival),)


@dataclass(frozen=True, slots=True)
class AskedSubstitution:
    """A substitution as it was chosen; `entry`, `leaves`, `comes` of a performer only.

    `vacancy`: who leaves has stopped taking part before, and left a place empty; `back`: it is being undone.
    """

    kind: SubstitutionKind
    out: Family
    into: Family
    entry: Entry | None = None
    leaves: Person | None = None
    comes: Person | None = None
    vacancy: bool = False
    back: bool = False

    @property
    def choice(self) -> str:
        """As the address says it."""
        if self.entry is None or self.leaves is None or self.comes is None:
            return f"{OF_FAMILY}-{self.into.code}"
        return f"{self.entry.code}-{self.leaves.code}-{self.comes.code}"

    def backwards(self) -> AskedSubstitution:
        """The way back of a performer's."""
        return AskedSubstitution(
            self.kind, self.into, self.out, self.entry, self.comes, self.leaves, self.vacancy, back=True
        )


@dataclass(frozen=True, slots=True)
class EntryChoice:
    """An entry of the family, or of the delegation's team with somebody of it: who performs, who left a place empty, who could."""

    entry: Entry
    performers: Sequence[Person]
    left: Sequence[Person]
    others: Sequence[Person]

    @property
    def leaving(self) -> list[tuple[str, str]]:
        """As a box offers them."""
        gone = [
            (each.code, say(N_("%(name)s (đã thôi tham gia, chỗ còn trống)", name=each.name))) for each in self.left
        ]
        return [(each.code, each.name) for each in self.performers] + gone

    @property
    def coming(self) -> list[tuple[str, str]]:
        """As a box offers them; in a team with the family each is of."""
        alone = self.entry.family_id is not None
        return [
            (each.code, each.name if alone or each.family is None else f"{each.name} ({each.family.name})")
            for each in self.others
        ]


def _open_entries(family: Family, which: ColumnElement[bool], *, all_told: bool) -> Select[Entry]:
    """The family's own entries, and those of its delegation's teams for which `which` is true. `all_told`: hidden finals too."""
    query = (
        select(Entry)
        .join(Entry.contest)
        .where(
            Entry.delegation_id == family.delegation_id,
            Entry.state == EntryState.ENROLLED,
            Contest.state == ContestState.OPEN,
            Contest.result_kind != ResultKind.SUM,
            or_(Entry.family_id == family.id, Entry.family_id.is_(None) & which),
        )
        .options(contains_eager(Entry.contest))
        .order_by(Contest.position, Entry.id)
    )
    return query if all_told else query.where(entries_told())


def choices(family: Family, *, all_told: bool) -> list[EntryChoice]:
    """For each entry who performs in it, who left a place in it, and who could come in. Four statements while nobody left."""
    vacant = vacancies(family.id)
    in_team = (
        exists()
        .where(EntryPerson.entry_id == Entry.id, EntryPerson.person_id == Person.id)
        .where(Person.family_id == family.id)
    )
    entries = list(db.session.scalars(_open_entries(family, in_team | Entry.id.in_(vacant), all_told=all_told)))
    people = _people(family.delegation_id)
    performing = select(EntryPerson.entry_id, EntryPerson.person_id).where(
        EntryPerson.entry_id.in_([each.id for each in entries])
    )
    within = {(row.entry_id, row.person_id) for row in db.session.execute(performing)}
    return [
        EntryChoice(
            each,
            [one for one in people if (each.id, one.id) in within and one.family_id == family.id],
            vacant.get(each.id, []),
            [
                one
                for one in people
                if (each.id, one.id) not in within and (each.family_id is None or one.family_id == family.id)
            ],
        )
        for each in entries
    ]


def _people(delegation_id: int) -> list[Person]:
    """Everybody of the delegation's approved families who takes part."""
    query = (
        select(Person)
        .join(Person.family)
        .where(Family.delegation_id == delegation_id, Family.state == FamilyState.APPROVED, ~Person.out)
        .options(contains_eager(Person.family))
        .order_by(Family.id, Person.position)
    )
    return list(db.session.scalars(query))


def _reserves(delegation_id: int) -> Select[Family]:
    """Families the organiser has accepted in reserve."""
    return select(Family).where(
        Family.delegation_id == delegation_id,
        Family.state == FamilyState.SUBMITTED,
        Family.reserve == Reserve.ACCEPTED,
    )


def reserves_of(delegation_id: int) -> list[Family]:
    """Who came first before."""
    return list(db.session.scalars(_reserves(delegation_id).order_by(Family.submitted_at, Family.id)))


def family_alone(*which: ColumnElement[bool]) -> Family:
    """The family without its people. NotFound."""
    query = select(Family).where(*which).options(*OF_EDITION)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    return found


def wanted(family: Family, choice: str, *, all_told: bool) -> AskedSubstitution:
    """What was chosen for this family. NotFound for what the page does not offer."""
    first, *codes = choice.split("-")
    if first == OF_FAMILY and len(codes) == 1:
        reserves = _reserves(family.delegation_id).where(Family.code == codes[0])
        into = db.session.scalar(_whole(reserves))
        if into is None:
            raise NotFound()
        return AskedSubstitution(SubstitutionKind.FAMILY, family, into)
    if len(codes) != 2:
        raise NotFound()
    # whether the one who leaves is in it, or left a place in it, is asked where it is foreseen
    entry = db.session.scalar(
        _open_entries(family, true(), all_told=all_told)
        .where(Entry.code == first)
        .options(joinedload(Entry.delegation))
    )
    if entry is None:
        raise NotFound()
    asked = _of_person(entry, *codes)
    if asked.out.id != family.id or asked.leaves is asked.comes or asked.into.state is not FamilyState.APPROVED:
        raise NotFound()
    if asked.into.delegation_id != family.delegation_id or (entry.family_id is not None and asked.into.id != family.id):
        raise NotFound()
    return replace(asked, vacancy=asked.leaves is not None and asked.leaves.out)


def _whole(query: Select[Family]) -> Select[Family]:
    """With everybody of it, as the database has it now."""
    return query.options(*WITH_MEMBERS).execution_options(populate_existing=True)


def _of_person(entry: Entry, leaves: str, comes: str) -> AskedSubstitution:
    """Both people and their families, by code. NotFound when one is no more."""
    theirs = select(Person.family_id).where(Person.code.in_([leaves, comes]))
    found = list(db.session.scalars(_whole(select(Family).where(Family.id.in_(theirs)))))
    people = {one.code: (family, one) for family in found for one in family.members}
    if leaves not in people or comes not in people:
        raise NotFound()
    (out, one), (into, other) = people[leaves], people[comes]
    return AskedSubstitution(SubstitutionKind.PERSON, out, into, entry, one, other)


def wanted_of(row: Substitution) -> AskedSubstitution:
    """What a row asks. NotFound when somebody of it is no more."""
    if row.kind is SubstitutionKind.FAMILY:
        return AskedSubstitution(row.kind, family_alone(Family.id == row.out_family_id), family_by_id(row.in_family_id))
    entry = db.session.scalar(
        select(Entry)
        .where(Entry.id == row.entry_id)
        .options(joinedload(Entry.contest), joinedload(Entry.delegation))
        .execution_options(populate_existing=True)
    )
    if entry is None:
        raise NotFound()
    return replace(_of_person(entry, row.out_code, row.in_code), vacancy=bool(row.kept.get("vacant")))
