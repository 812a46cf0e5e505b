"""What does the database know that the report counts? A fixed number of statements, whatever the size of the festival.

Counted are approved families and the people of them who take part, with whoever stands on a list beside families; awards only of
contests whose result may be read aloud, so that a report shows nothing before the MC.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from flask import Flask, current_app
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from festival.accounts.models import User
from festival.ceremony.report.counting.facts import (
    CountedAward,
    CountedEntry,
    CountedFamily,
    CountedPerson,
    CountedTurn,
    CountedUnit,
    ReportContest,
    ReportFacts,
)
from festival.ceremony.report.counting.groups import AgeSpan, SexCounted, age_span, household_kind
from festival.checkin.models import Admission
from festival.consent.rules import ages
from festival.contests.models import PRESENT_SEATS, Contest, ContestState, Judge, ResultKind
from festival.core.database import db
from festival.core.names import fold
from festival.editions.models import EditionIs, EditionState, Festival
from festival.papers.models import WholeMinutes
from festival.results.ladder.states import reached
from festival.results.models import Award
from festival.roster.families import birth_from
from festival.roster.models import Delegation, Entry, EntryPerson, EntryState, Family, FamilyState, Person
from festival.roster.people import Sex
from festival.schedule.models import Act, ActState
from festival.schedule.published.standing import standing

SEXES = {Sex.FEMALE: SexCounted.WOMEN, Sex.MALE: SexCounted.MEN, None: SexCounted.UNKNOWN}
SPORT = (ResultKind.COUNT, ResultKind.TIME, ResultKind.MATCH)
A_DAY_MIN = 24 * 60  # what moved to another day counts as a day late, however far
ETHNIC = "report_ethnic"
EthnicCounts = Callable[[int], tuple[tuple[tuple[str, int], ...], int]]


def register_ethnic(app: Flask, counts: EthnicCounts) -> None:
    """Let the room that keeps ethnic groups tell how many may be shown: groups of five or more, and all others together."""
    app.extensions[ETHNIC] = counts


def facts_of(festival: Festival, panel_sex: Mapping[str, SexCounted]) -> ReportFacts:
    """All that is counted, read once. `panel_sex`: what was typed of people in panels."""
    people = _people(festival)
    families = _families(festival.id, people)
    contests = _contests(festival.id)
    counted = {each.id: each for each in people}
    entries, names = _entries(festival.id, counted)
    turns, published = _turns(festival.id, names)
    groups, others = current_app.extensions[ETHNIC](festival.id)
    return ReportFacts(
        _units(festival.id, people),
        families,
        tuple(people),
        counted,
        tuple(
            ReportContest(
                row.id,
                row.code,
                row.name,
                cooks=row.together_min > 0 or row.dishes_least is not None or row.dishes_most is not None,
                sport=row.result_kind in SPORT,
                released=reached(row, ContestState.RELEASED),
            )
            for row in contests
            if row.on_stage
        ),
        entries,
        _awards(festival.id, contests),
        turns,
        panel=seated(festival.id),
        panel_sex=panel_sex,
        published=published,
        ethnic=groups,
        ethnic_others=others,
    )


def edition_before(festival: Festival) -> Festival | None:
    """The edition this one is compared with: the last that began earlier and was not put away."""
    before = aliased(Festival)
    away = select(EditionState.festival_id).where(EditionState.state == EditionIs.PUT_AWAY)
    wanted = (
        select(before)
        .where(before.starts_on < festival.starts_on, before.id.not_in(away))
        .order_by(before.starts_on.desc(), before.id.desc())
    )
    return db.session.scalars(wanted.limit(1)).one_or_none()


def totals_of(festival_id: int) -> dict[str, int]:
    """What `figures.totals` says of an edition, in one statement: of the one before nothing else is asked."""
    approved = (Family.festival_id == festival_id) & (Family.state == FamilyState.APPROVED)
    of_family = select(Family.id).where(approved)
    present = (Person.festival_id == festival_id) & ~Person.out
    taking_part = present & or_(Person.family_id.is_(None), Person.family_id.in_(of_family))
    on_stage = (Contest.festival_id == festival_id) & (Contest.result_kind != ResultKind.SUM)
    told = or_(Contest.after.is_(None), Contest.cut_announced_at.is_not(None))
    came = select(Admission.person_id).where(Admission.festival_id == festival_id, ~Admission.annulled)
    wanted = {
        "delegations": select(func.count(Family.delegation_id.distinct())).where(approved),
        "families": select(func.count()).select_from(Family).where(approved),
        "members": select(func.count()).select_from(Person).where(present, Person.family_id.in_(of_family)),
        "entries": select(func.count())
        .select_from(Entry)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(on_stage, told, Entry.state == EntryState.ENROLLED),
        "contests": select(func.count()).select_from(Contest).where(on_stage),
        "came": select(func.count()).select_from(Person).where(taking_part, Person.id.in_(came)),
        "awards": select(func.count())
        .select_from(Award)
        .join(Contest, Contest.id == Award.contest_id)
        .where(Contest.festival_id == festival_id, Contest.state.in_((ContestState.RELEASED, ContestState.PUBLISHED))),
    }
    row = db.session.execute(select(*(one.scalar_subquery().label(key) for key, one in wanted.items()))).one()
    return {key: int(number) for key, number in row._asdict().items()}


def awards_to_commend(festival_id: int) -> list[tuple[CountedAward, str]]:
    """Every award that may be read aloud, with the name of its contest; '' is the whole delegation's."""
    contests = _contests(festival_id)
    names = {each.id: each.name for each in contests}
    return [(each, names.get(each.contest or 0, "")) for each in _awards(festival_id, contests)]


def _units(festival_id: int, people: list[CountedPerson]) -> tuple[CountedUnit, ...]:
    """Who leads a delegation has a sex only where somebody of that name stands in it with a card or in a family."""
    known = {(each.unit, fold(each.name)): each.sex for each in people if each.unit is not None}
    rows = db.session.execute(
        select(Delegation.id, Delegation.code, Delegation.name, Delegation.head_name)
        .where(Delegation.festival_id == festival_id)
        .order_by(Delegation.position, Delegation.name, Delegation.id)
    )
    return tuple(
        CountedUnit(
            row.id,
            row.code,
            row.name,
            row.head_name,
            known.get((row.id, fold(row.head_name)), SexCounted.UNKNOWN) if row.head_name else SexCounted.UNKNOWN,
        )
        for row in rows
    )


def _people(festival: Festival) -> list[CountedPerson]:
    came = select(Admission.id).where(Admission.person_id == Person.id, ~Admission.annulled).exists()
    rows = db.session.execute(
        select(
            Person.id,
            Person.delegation_id,
            Person.family_id,
            Person.name,
            Person.sex,
            Person.born_on,
            Person.birth_year,
            Person.badge,
            came.label("came"),
            func.coalesce(Family.name, Delegation.name, "").label("under"),
            Family.delegation_id.label("of_family"),
        )
        .outerjoin(Family, Family.id == Person.family_id)
        .outerjoin(Delegation, Delegation.id == Person.delegation_id)
        .where(
            Person.festival_id == festival.id,
            ~Person.out,
            or_(Person.family_id.is_(None), Family.state == FamilyState.APPROVED),
        )
        .order_by(Person.folded, Person.id)
    )
    found = []
    for row in rows:
        birth = birth_from(row.born_on, row.birth_year)
        age = AgeSpan.UNKNOWN if birth is None else age_span(ages(birth, festival.starts_on).most)
        unit = row.delegation_id if row.of_family is None else row.of_family
        found.append(
            CountedPerson(
                row.id,
                unit,
                row.family_id,
                row.name,
                row.under,
                SEXES[row.sex],
                age,
                row.badge.value,
                bool(row.came),
            )
        )
    return found


def _families(festival_id: int, people: list[CountedPerson]) -> tuple[CountedFamily, ...]:
    members = [each.id for each in people if each.family is not None]
    relations: dict[int, list[str]] = defaultdict(list)
    taking_part = set(members)
    rows = db.session.execute(
        select(Family.id, Family.delegation_id, Family.name, Person.id.label("person"), Person.relation)
        .outerjoin(Person, and_(Person.family_id == Family.id, ~Person.out))
        .where(Family.festival_id == festival_id, Family.state == FamilyState.APPROVED)
        .order_by(Family.folded, Family.id, Person.id)
    )
    found: dict[int, tuple[int, str]] = {}
    for row in rows:
        found[row.id] = (row.delegation_id, row.name)
        if row.person in taking_part:
            relations[row.id].append(row.relation)
    return tuple(
        CountedFamily(family, unit, name, household_kind(relations[family])) for family, (unit, name) in found.items()
    )


def _contests(festival_id: int) -> list[Contest]:
    wanted = select(Contest).where(Contest.festival_id == festival_id).order_by(Contest.position, Contest.id)
    return list(db.session.scalars(wanted))


def _entries(
    festival_id: int, counted: dict[int, CountedPerson]
) -> tuple[tuple[CountedEntry, ...], dict[str, tuple[int, str]]]:
    """Entries that take part, and contest and name by the entry's code."""
    rows = db.session.execute(
        select(
            Entry.id,
            Entry.code,
            Entry.contest_id,
            Entry.delegation_id,
            Entry.name,
            EntryPerson.person_id.label("person"),
        )
        .join(Contest, Contest.id == Entry.contest_id)
        .outerjoin(EntryPerson, EntryPerson.entry_id == Entry.id)
        .where(
            Contest.festival_id == festival_id,
            Contest.result_kind != ResultKind.SUM,
            Entry.state == EntryState.ENROLLED,
            or_(Contest.after.is_(None), Contest.cut_announced_at.is_not(None)),  # who goes on is told first
        )
        .order_by(Entry.contest_id, Entry.number, Entry.id, EntryPerson.person_id)
    ).all()
    people: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row.person in counted:
            people[row.id].append(row.person)
    own = {row.id: row for row in rows}
    return (
        tuple(
            CountedEntry(row.id, row.contest_id, row.delegation_id, row.name, tuple(people[row.id]))
            for row in own.values()
        ),
        {row.code: (row.contest_id, row.name) for row in own.values()},
    )


def _awards(festival_id: int, contests: list[Contest]) -> tuple[CountedAward, ...]:
    """With the names as signed; of the whole delegation once every contest that brought points may be read."""
    may = {each.id for each in contests if reached(each, ContestState.RELEASED)}
    of_entry, leads = aliased(Delegation), aliased(Person)
    rows = db.session.execute(
        select(
            Award.contest_id,
            Award.prize,
            Award.position,
            Award.special,
            func.coalesce(Entry.delegation_id, Award.delegation_id).label("unit"),
            func.coalesce(Award.name, Entry.name, of_entry.name).label("name"),
            leads.sex,
            WholeMinutes.contests,
            (Entry.id.is_not(None) & Entry.family_id.is_(None)).label("team"),
        )
        .outerjoin(Entry, Entry.id == Award.entry_id)
        .outerjoin(of_entry, of_entry.id == Award.delegation_id)
        .outerjoin(leads, and_(leads.family_id == Entry.family_id, leads.representative))
        .outerjoin(WholeMinutes, and_(WholeMinutes.festival_id == Award.festival_id, Award.contest_id.is_(None)))
        .where(Award.festival_id == festival_id)
        .order_by(Award.special, Award.position, Award.id)
    )
    codes = {each.code: each.id for each in contests}
    return tuple(
        CountedAward(
            row.contest_id, row.prize, row.position, row.special, row.unit, row.name, SEXES[row.sex], bool(row.team)
        )
        for row in rows
        if row.contest_id in may
        or (
            row.contest_id is None and row.contests is not None and all(codes.get(each) in may for each in row.contests)
        )
    )


def seated(festival_id: int) -> tuple[str, ...]:
    """Who sits in a panel of the edition now, each once."""
    wanted = (
        select(User.name)
        .join(Judge, Judge.user_id == User.id)
        .join(Contest, Contest.id == Judge.contest_id)
        .where(Contest.festival_id == festival_id, Judge.seat.in_(PRESENT_SEATS))
    )
    return tuple(db.session.scalars(wanted.distinct().order_by(User.name)))


def _turns(festival_id: int, names: dict[str, tuple[int, str]]) -> tuple[tuple[CountedTurn, ...], bool]:
    """What was published against what began: the version that holds."""
    version = standing(festival_id)
    if version is None:
        return (), False
    rows = db.session.execute(
        select(Entry.code, Act.state, Act.began_at, Delegation.name.label("unit"))
        .join(Entry, Entry.id == Act.entry_id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .where(Delegation.festival_id == festival_id)
    )
    acts = {row.code: row for row in rows}
    found = []
    for code, place in version.places.items():
        if code not in names:
            continue
        contest, name = names[code]
        act = acts.get(code)
        began = act.began_at if act is not None else None
        late = None if began is None else min(A_DAY_MIN, int((began - place.starts_at).total_seconds() // 60))
        absent = act is not None and act.state is ActState.ABSENT
        found.append(CountedTurn(contest, name, act.unit if act is not None else "", late, absent))
    return tuple(found), True
