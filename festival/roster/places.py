"""Who holds the places of a delegation and of its contests?

A quota is a conditional UPDATE: of 64 approvals at once for 10 places, 10 get one. The delegation's row is locked first, then
the family's, so that two that lock crosswise do not wait for each other for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, exists, func, insert, select, update

from festival.contests.models import Contest, ContestState, EntrantKind, ResultKind
from festival.core.database import db
from festival.core.secrets import new_typed_code
from festival.core.statements import insert_or_pass
from festival.roster.deriving.derived import join_derived_teams
from festival.roster.models import ContestPlace, Delegation, Entry, EntryPerson, EntryState, Family, FamilyState, Person
from festival.roster.outcomes import QuotaFull, Stale
from festival.roster.quotas.taken import people_approved, performers_enrolled
from festival.roster.teams.models import MixedTeam
from festival.roster.teams.standing import by_name, let_stand

# They stand by whom they name (`teams.standing`), and end only when somebody dissolves them.
MADE_BY_NAME = exists().where(MixedTeam.entry_id == Entry.id)


class NoPlace(Exception):
    """Rolls the savepoint of one decision back and carries its outcome out."""

    def __init__(self, outcome: Stale | QuotaFull) -> None:
        super().__init__()
        self.outcome = outcome


def take_family_place(family: Family) -> None:
    taken = db.session.scalar(
        update(Delegation)
        .where(
            Delegation.id == family.delegation_id,
            Delegation.approved_count + Delegation.held_count < Delegation.families_max,
        )
        .values(approved_count=Delegation.approved_count + 1)
        .returning(Delegation.approved_count)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        most = db.session.scalar(select(Delegation.families_max).where(Delegation.id == family.delegation_id))
        raise NoPlace(QuotaFull("", most or 0))


def enrol_entries(family: Family) -> None:
    """The family's entries take their places; who is in a mixed team joins the delegation's one, or the one of those named."""
    # In the order of contests, so that two approvals never wait for each other crosswise.
    entries = db.session.execute(
        select(Entry.id, Contest)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.family_id == family.id, Entry.state == EntryState.PROPOSED)
        .order_by(Contest.id)
    ).all()
    for entry_id, contest in entries:
        if contest.entrant is EntrantKind.TEAM:
            _join_team(family, entry_id, contest)
            continue
        if contest.registers:
            _take_contest_place(family, contest)
        db.session.execute(update(Entry).where(Entry.id == entry_id).values(state=EntryState.ENROLLED))
    let_stand(family.delegation_id)
    keep_own_bounds(family.delegation_id)


def keep_own_bounds(delegation_id: int) -> None:
    """NoPlace when more people or performers take part than this delegation was allotted.

    Counted after they were written and while the delegation's row is locked, so that nobody is counted twice or not at all.
    """
    people = select(Delegation.people_max, people_approved().label("people"))
    found = db.session.execute(people.where(Delegation.id == delegation_id, Delegation.people_max.is_not(None))).first()
    if found is not None and found.people > found.people_max:
        raise NoPlace(QuotaFull("", found.people_max, people=True))
    over = db.session.execute(
        select(Contest.name, ContestPlace.performers_most)
        .join(ContestPlace, ContestPlace.contest_id == Contest.id)
        .where(ContestPlace.delegation_id == delegation_id, performers_enrolled() > ContestPlace.performers_most)
        .order_by(Contest.position)
        .limit(1)
    ).first()
    if over is not None:
        raise NoPlace(QuotaFull(over.name, over.performers_most, people=True))


def _take_contest_place(family: Family, contest: Contest) -> None:
    take_contest_place(family.delegation_id, contest)


def take_contest_place(delegation_id: int, contest: Contest) -> None:
    """One more entry of the delegation in the contest. NoPlace."""
    place = {"delegation_id": delegation_id, "contest_id": contest.id}
    most = func.coalesce(ContestPlace.entries_most, contest.entries_per_delegation)
    here = (ContestPlace.delegation_id == delegation_id, ContestPlace.contest_id == contest.id)
    db.session.execute(insert_or_pass(ContestPlace).values(**place, taken=0).on_conflict_do_nothing())
    taken = db.session.scalar(
        update(ContestPlace)
        .where(*here, ContestPlace.taken < most)
        .values(taken=ContestPlace.taken + 1)
        .returning(ContestPlace.taken)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise NoPlace(QuotaFull(contest.name, db.session.scalar(select(most).where(*here)) or 0))


def _join_team(family: Family, entry_id: int, contest: Contest) -> None:
    """The delegation's row is locked by the approval, so one team is made however many families join at once.

    Where teams are made by name, an approval alone lets nobody in.
    """
    if by_name(family.delegation_id, contest):
        return
    team = (Entry.contest_id == contest.id, Entry.delegation_id == family.delegation_id, Entry.family_id.is_(None))
    team_id = db.session.scalar(select(Entry.id).where(*team, Entry.state == EntryState.ENROLLED))
    if team_id is None:
        _take_contest_place(family, contest)
        # One that ended because nobody was left in it is the same team again, with its number.
        ended = select(Entry.id).where(*team).order_by(Entry.id.desc()).limit(1).scalar_subquery()
        again = update(Entry).where(Entry.id == ended).values(state=EntryState.ENROLLED)
        team_id = db.session.scalar(again.returning(Entry.id)) or _new_team(family, contest)
    people = db.session.scalars(select(EntryPerson.person_id).where(EntryPerson.entry_id == entry_id)).all()
    if people:
        rows = [{"entry_id": team_id, "person_id": person_id} for person_id in people]
        db.session.execute(insert_or_pass(EntryPerson).on_conflict_do_nothing(), rows)
    most = contest.performers_max
    counted = select(func.count()).select_from(EntryPerson).where(EntryPerson.entry_id == team_id)
    if most is not None and (db.session.scalar(counted) or 0) > most:
        raise NoPlace(QuotaFull(contest.name, most, people=True))
    join_derived_teams(team_id, people)


def _new_team(family: Family, contest: Contest) -> int:
    name = db.session.scalar(select(Delegation.name).where(Delegation.id == family.delegation_id))
    values = {
        "contest_id": contest.id,
        "delegation_id": family.delegation_id,
        "code": new_typed_code(),
        "name": name,
        "state": EntryState.ENROLLED,
    }
    return db.session.scalars(insert(Entry).values(values).returning(Entry.id)).one()


def lock_delegation(family: Family) -> None:
    """Delegation first, then family, as an approval does: two that lock crosswise would wait for each other for ever."""
    db.session.execute(select(Delegation.id).where(Delegation.id == family.delegation_id).with_for_update())


def free_places(family: Family, entries_become: EntryState) -> None:
    db.session.execute(
        update(Delegation)
        .where(Delegation.id == family.delegation_id)
        .values(approved_count=Delegation.approved_count - 1)
        .execution_options(synchronize_session=False)
    )
    freed = db.session.scalars(
        update(Entry)
        .where(Entry.family_id == family.id, Entry.state == EntryState.ENROLLED)
        .values(state=entries_become)
        .returning(Entry.contest_id)
    ).all()
    free_contest_places(family.delegation_id, freed)
    _leave_teams(family)
    let_stand(family.delegation_id)


def _leave_teams(family: Family) -> None:
    """Take the family's people out of the delegation's mixed teams; a team nobody is in any more ends."""
    teams = select(Entry.id).where(
        Entry.delegation_id == family.delegation_id, Entry.family_id.is_(None), ~MADE_BY_NAME
    )
    people = select(Person.id).where(Person.family_id == family.id)
    left = db.session.scalars(
        delete(EntryPerson)
        .where(EntryPerson.entry_id.in_(teams), EntryPerson.person_id.in_(people))
        .returning(EntryPerson.entry_id)
    ).all()
    occupied = set(db.session.scalars(select(EntryPerson.entry_id).where(EntryPerson.entry_id.in_(set(left)))))
    empty = set(left) - occupied
    if empty:
        contests = db.session.scalars(
            update(Entry)
            .where(Entry.id.in_(empty), Entry.state == EntryState.ENROLLED)
            .values(state=EntryState.WITHDRAWN)
            .returning(Entry.contest_id)
        ).all()
        free_contest_places(family.delegation_id, contests)


def leave_entries(person: Person) -> list[dict[str, Any]]:
    """Take somebody out of every entry of a contest that is still open; an entry nobody is left in ends, its place is free.
    In a sum nobody does anything: what the family's other results bring stays.

    Answers what coming back needs: which entries, and whether each ended. The delegation's row is locked already.
    """
    found = db.session.execute(
        select(Entry.id, Entry.state, Entry.delegation_id, Entry.contest_id)
        .join(EntryPerson, EntryPerson.entry_id == Entry.id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(
            EntryPerson.person_id == person.id,
            Contest.state == ContestState.OPEN,
            Contest.result_kind != ResultKind.SUM,
            Entry.state != EntryState.WITHDRAWN,
            ~MADE_BY_NAME,
        )
        .order_by(Entry.contest_id, Entry.id)
    ).all()
    left = []
    for row in found:
        of_entry = EntryPerson.entry_id == row.id
        db.session.execute(delete(EntryPerson).where(of_entry, EntryPerson.person_id == person.id))
        ended = db.session.scalar(select(EntryPerson.person_id).where(of_entry).limit(1)) is None
        if ended:
            db.session.execute(update(Entry).where(Entry.id == row.id).values(state=EntryState.WITHDRAWN))
            if row.state is EntryState.ENROLLED:
                free_contest_places(row.delegation_id, [row.contest_id])
        left.append({"entry": row.id, "ended": ended, "was": row.state.value})
    return left


def rejoin_entries(family: Family, person: Person, left: Iterable[dict[str, Any]]) -> list[str]:
    """Put somebody back into the entries that were left; answers the contests that have no room any more."""
    # What the family is now decides, not what it was when the person left: it may be approved or back to a draft since.
    approved = db.session.scalar(select(Family.state).where(Family.id == family.id)) is FamilyState.APPROVED
    full = []
    for one in left:
        row = db.session.execute(
            select(Entry.id, Entry.state, Entry.from_id, Contest)
            .join(Contest, Contest.id == Entry.contest_id)
            .where(Entry.id == one["entry"], Entry.family_id == family.id)
        ).one_or_none()
        if (
            row is None
        ):  # the registration was written anew meanwhile, or a mixed team: joined by the family's own entry
            continue
        contest = row.Contest
        if not contest.registers and row.from_id is None:
            continue  # another went on in its place
        members = db.session.scalar(select(func.count()).where(EntryPerson.entry_id == row.id)) or 0
        if contest.state is not ContestState.OPEN or (
            contest.performers_max is not None and members >= contest.performers_max
        ):
            full.append(contest.name)
            continue
        try:
            with db.session.begin_nested():
                values = {"entry_id": row.id, "person_id": person.id}
                db.session.execute(insert_or_pass(EntryPerson).values(**values).on_conflict_do_nothing())
                _stand_again(family, row.id, row.state, contest, approved=approved)
        except NoPlace:
            full.append(contest.name)
    return full


def _stand_again(family: Family, entry_id: int, state: EntryState, contest: Contest, *, approved: bool) -> None:
    """An entry somebody came back to stands as the family does: enrolled with its place, or waiting for the approval."""
    team = contest.entrant is EntrantKind.TEAM
    wanted = EntryState.ENROLLED if approved and not team else EntryState.PROPOSED
    if state is not wanted:
        if wanted is EntryState.ENROLLED and contest.registers:
            _take_contest_place(family, contest)
        db.session.execute(update(Entry).where(Entry.id == entry_id).values(state=wanted))
    if approved and team:
        _join_team(family, entry_id, contest)


def free_contest_places(delegation_id: int, contest_ids: Iterable[int]) -> None:
    for contest_id in contest_ids:
        db.session.execute(
            update(ContestPlace)
            .where(
                ContestPlace.delegation_id == delegation_id,
                ContestPlace.contest_id == contest_id,
                ContestPlace.taken > 0,
            )
            .values(taken=ContestPlace.taken - 1)
            .execution_options(synchronize_session=False)
        )
