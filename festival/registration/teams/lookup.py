"""Which teams has a delegation, and who could be in them? The same few statements for one delegation and for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.composing.composed import composition_of
from festival.contests.models import Contest, ContestState, EntrantKind
from festival.core.database import db
from festival.registration.teams.facts import OneTeam, TeamPerson, TeamsOf
from festival.roster.families import birth_of
from festival.roster.models import Entry, EntryPerson, EntryState, Family, FamilyState, Person
from festival.roster.rules import Rules
from festival.roster.teams.models import MixedTeam, TeamMember
from festival.roster.views import OPEN_STATES
from festival.roster.words import relation_of

COMING = (*OPEN_STATES, FamilyState.APPROVED)


def team_contests(rules: Rules) -> list[Contest]:
    """The contests a delegation enters with mixed teams."""
    return [each for each in rules.contests.values() if each.entrant is EntrantKind.TEAM]


def teams_of(delegation_ids: Collection[int], rules: Rules) -> dict[int, list[TeamsOf]]:
    """By delegation, contest by contest."""
    contests = team_contests(rules)
    if not contests or not delegation_ids:
        return {each: [] for each in delegation_ids}
    ids = [each.id for each in contests]
    people = _people(delegation_ids)
    entries = _entries(delegation_ids, ids)
    named, given, appear = _named(ids, delegation_ids), defaultdict[tuple[int, int], set[int]](set), _appearing(ids)
    own = select(Entry.id, Entry.delegation_id, Entry.contest_id).where(
        Entry.delegation_id.in_(delegation_ids), Entry.contest_id.in_(ids), Entry.family_id.is_not(None)
    )
    for row in db.session.execute(own.where(Entry.state != EntryState.WITHDRAWN)):
        given[row.delegation_id, row.contest_id] |= appear[row.id]
    found: dict[int, list[TeamsOf]] = {}
    for delegation_id in delegation_ids:
        theirs = people[delegation_id]
        by_id = {each.id: each for each in theirs}
        found[delegation_id] = []
        for contest in contests:
            teams = tuple(
                _team(entry, made, who or "", by_id, named[entry.id] if made is not None else appear[entry.id])
                for entry, made, who in entries
                if (entry.delegation_id, entry.contest_id) == (delegation_id, contest.id)
                and (made is not None or entry.state is not EntryState.WITHDRAWN)
            )
            found[delegation_id].append(_teams(contest, rules, teams, theirs, given[delegation_id, contest.id]))
    return found


Made = tuple[Entry, MixedTeam | None, str | None]


def _entries(delegation_ids: Collection[int], contest_ids: Sequence[int]) -> list[Made]:
    """Every mixed team, with its row where it was made by name, and who changed that last."""
    own = Entry.delegation_id.in_(delegation_ids), Entry.contest_id.in_(contest_ids), Entry.family_id.is_(None)
    query = (
        select(Entry, MixedTeam, User.name)
        .outerjoin(MixedTeam, MixedTeam.entry_id == Entry.id)
        .outerjoin(User, User.id == MixedTeam.changed_by)
        .where(*own)
        .order_by(Entry.id)
        .execution_options(populate_existing=True)
    )
    return [(entry, made, who) for entry, made, who in db.session.execute(query)]


def _teams(
    contest: Contest, rules: Rules, teams: tuple[OneTeam, ...], people: Sequence[TeamPerson], given: Iterable[int]
) -> TeamsOf:
    return TeamsOf(
        contest=contest.code,
        contest_name=contest.name,
        lines=composition_of(contest),
        starts_on=rules.festival.starts_on,
        most=contest.entries_per_delegation,
        least=contest.entries_min or 0,
        by_name=bool(contest.composition) or any(each.version for each in teams),
        closed=contest.state is not ContestState.OPEN or contest.rules_fixed_at is not None,
        teams=teams,
        people=tuple(people),
        given=frozenset(given),
    )


def _team(
    entry: Entry, made: MixedTeam | None, who: str, people: dict[int, TeamPerson], members: Iterable[int]
) -> OneTeam:
    dissolved = entry.state is EntryState.WITHDRAWN
    former = set(made.former) if made and dissolved else set()
    ids = set(members)
    return OneTeam(
        entry_id=entry.id,
        code=entry.code,
        name=entry.name,
        version=made.version if made else 0,
        dissolved=dissolved,
        reason=made.reason if made else "",
        members=tuple(each for each in people.values() if each.id in ids or each.code in former),
        changed_at=made.changed_at if made else None,
        changed_by=who,
    )


def _people(delegation_ids: Collection[int]) -> defaultdict[int, list[TeamPerson]]:
    """Everybody of every family, family by family; those of withdrawn ones too, who may still be named."""
    rows = db.session.execute(
        select(Person, Family.delegation_id, Family.name, Family.code, Family.state, Family.reserve)
        .join(Family, Family.id == Person.family_id)
        .where(Family.delegation_id.in_(delegation_ids))
        .order_by(Family.folded, Family.id, Person.position, Person.id)
        .execution_options(populate_existing=True)
    )
    found: defaultdict[int, list[TeamPerson]] = defaultdict(list)
    for person, delegation_id, family, code, state, reserve in rows:
        found[delegation_id].append(
            TeamPerson(
                id=person.id,
                code=person.code,
                name=person.name,
                sex=person.sex,
                birth=birth_of(person),
                relation=relation_of(person),
                family=family,
                family_code=code,
                approved=state is FamilyState.APPROVED,
                coming=state in COMING and reserve is None and not person.out,
            )
        )
    return found


def _named(contest_ids: Sequence[int], delegation_ids: Collection[int]) -> defaultdict[int, set[int]]:
    rows = (
        select(TeamMember.entry_id, TeamMember.person_id)
        .join(Entry, Entry.id == TeamMember.entry_id)
        .where(Entry.contest_id.in_(contest_ids), Entry.delegation_id.in_(delegation_ids))
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for entry_id, person_id in db.session.execute(rows):
        found[entry_id].add(person_id)
    return found


def _appearing(contest_ids: Sequence[int]) -> defaultdict[int, set[int]]:
    rows = (
        select(EntryPerson.entry_id, EntryPerson.person_id)
        .join(Entry, Entry.id == EntryPerson.entry_id)
        .where(Entry.contest_id.in_(contest_ids))
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for entry_id, person_id in db.session.execute(rows):
        found[entry_id].add(person_id)
    return found
