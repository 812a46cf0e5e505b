"""Who is named for a team, what does the ledger tell of it, and what follows when a family does not give somebody any more?"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select, tuple_, update

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.editions.models import Festival
from festival.roster.models import Delegation, Entry, EntryState, Person
from festival.roster.steps import stream
from festival.roster.teams.models import MixedTeam, TeamMember
from festival.roster.teams.standing import let_stand


def named(entry_id: int) -> list[str]:
    """The codes of who is named, in one order."""
    query = select(Person.code).join(TeamMember, TeamMember.person_id == Person.id)
    return sorted(db.session.scalars(query.where(TeamMember.entry_id == entry_id)))


def note_team(festival: Festival, kind: str, entry_id: int, by: int | None) -> None:
    """A line with all that the team now is."""
    row = db.session.execute(
        select(
            Entry.code,
            Entry.name,
            Entry.state,
            MixedTeam.version,
            MixedTeam.reason,
            MixedTeam.former,
            Contest.code.label("contest"),
            Delegation.code.label("delegation"),
        )
        .join(MixedTeam, MixedTeam.entry_id == Entry.id)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .where(Entry.id == entry_id)
    ).one()
    about = {"team": row.code, "version": row.version, "contest": row.contest, "delegation": row.delegation}
    dissolved = row.state is EntryState.WITHDRAWN
    members = row.former if dissolved else named(entry_id)
    payload = {"name": row.name, "members": members, "dissolved": dissolved, "reason": row.reason, "by": by}
    ledger.append(stream(festival), kind, about, payload)


def exchange_named(festival: Festival, entry_id: int, leaves: int, comes: int, by: int | None) -> None:
    """In a team made by name the one is named no more, the other instead; any other team is whoever the families gave."""
    step = update(TeamMember).where(TeamMember.entry_id == entry_id, TeamMember.person_id == leaves)
    step = step.values(person_id=comes).execution_options(synchronize_session=False)
    if db.session.scalar(step.returning(TeamMember.person_id)) is None:
        return
    of = update(MixedTeam).where(MixedTeam.entry_id == entry_id)
    of = of.values(version=MixedTeam.version + 1, changed_at=now(), changed_by=by)
    db.session.execute(of.execution_options(synchronize_session=False))
    note_team(festival, "team.changed", entry_id, by)


def keep_named(festival: Festival, family_id: int, given: Mapping[int, Collection[str]], by: int | None = None) -> None:
    """Of these people only those stay named whom the family still gives; `given`: codes of contests by person.

    Who stopped taking part stays named, and is in the team again on coming back.
    """
    rows = db.session.execute(
        select(TeamMember.contest_id, TeamMember.person_id, TeamMember.entry_id, Contest.code, Entry.delegation_id)
        .join(Person, Person.id == TeamMember.person_id)
        .join(Contest, Contest.id == TeamMember.contest_id)
        .join(Entry, Entry.id == TeamMember.entry_id)
        .where(Person.family_id == family_id, ~Person.out)
    ).all()
    gone = [row for row in rows if row.person_id in given and row.code not in given[row.person_id]]
    if not gone:
        return
    teams = sorted({row.entry_id for row in gone})
    # The team first, then its people, as whoever changes it by its page does.
    values = {"version": MixedTeam.version + 1, "changed_at": now(), "changed_by": by}
    for entry_id in teams:
        step = update(MixedTeam).where(MixedTeam.entry_id == entry_id).values(**values)
        db.session.execute(step.execution_options(synchronize_session=False))
    who = tuple_(TeamMember.contest_id, TeamMember.person_id).in_([(row.contest_id, row.person_id) for row in gone])
    db.session.execute(delete(TeamMember).where(who).execution_options(synchronize_session=False))
    for entry_id in teams:
        note_team(festival, "team.changed", entry_id, by)
    let_stand(gone[0].delegation_id)
