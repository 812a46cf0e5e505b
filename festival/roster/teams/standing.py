"""Who of those named for a mixed team takes part in it now?

Whoever is named, whose family is approved, and who did not stop taking part. What an approval, a withdrawal, a departure or
a changed team does to it is not told step by step: after each of them the teams of the delegation are let stand anew.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import delete, exists, select, update

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.roster.deriving.derived import join_derived_teams
from festival.roster.models import Entry, EntryPerson, EntryState, Family, FamilyState, Person
from festival.roster.teams.models import MixedTeam, TeamMember


def by_name(delegation_id: int, contest: Contest) -> bool:
    """Whether the delegation's teams of this contest are made by name, and nobody joins one by an approval alone."""
    if contest.composition:
        return True
    made = exists().where(
        MixedTeam.entry_id == Entry.id, Entry.delegation_id == delegation_id, Entry.contest_id == contest.id
    )
    return bool(db.session.scalar(select(made)))


def let_stand(delegation_id: int) -> None:
    """Exactly who takes part now appears in the delegation's teams that were made by name. Its row is locked already."""
    teams = db.session.execute(
        select(Entry.id, Entry.state)
        .join(MixedTeam, MixedTeam.entry_id == Entry.id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(
            Entry.delegation_id == delegation_id,
            Entry.state != EntryState.WITHDRAWN,
            Contest.state == ContestState.OPEN,
        )
        .order_by(Entry.id)
    ).all()
    if not teams:
        return
    ids = [each.id for each in teams]
    appear, wanted = _appearing(ids), _taking_part(ids)
    for team in teams:
        _appear(team.id, appear[team.id], wanted[team.id])
        state = EntryState.ENROLLED if wanted[team.id] else EntryState.PROPOSED
        if state is not team.state:
            db.session.execute(update(Entry).where(Entry.id == team.id).values(state=state))


def _appearing(ids: list[int]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = select(EntryPerson.entry_id, EntryPerson.person_id).where(EntryPerson.entry_id.in_(ids))
    for entry_id, person_id in db.session.execute(rows):
        found[entry_id].add(person_id)
    return found


def _taking_part(ids: list[int]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = (
        select(TeamMember.entry_id, TeamMember.person_id)
        .join(Person, Person.id == TeamMember.person_id)
        .join(Family, Family.id == Person.family_id)
        .where(TeamMember.entry_id.in_(ids), Family.state == FamilyState.APPROVED, ~Person.out)
    )
    for entry_id, person_id in db.session.execute(rows):
        found[entry_id].add(person_id)
    return found


def _appear(team_id: int, before: set[int], wanted: set[int]) -> None:
    """In the team and in what came from it: a final's team is the team of the round before."""
    gone, more = before - wanted, wanted - before
    if gone:
        came = select(Entry.id).where(Entry.from_id == team_id)
        whose = (EntryPerson.entry_id == team_id) | EntryPerson.entry_id.in_(came)
        statement = delete(EntryPerson).where(whose, EntryPerson.person_id.in_(gone))
        db.session.execute(statement.execution_options(synchronize_session=False))
    if more:
        rows = [{"entry_id": team_id, "person_id": each} for each in sorted(more)]
        db.session.execute(insert_or_pass(EntryPerson).on_conflict_do_nothing(), rows)
        join_derived_teams(team_id, sorted(more))
