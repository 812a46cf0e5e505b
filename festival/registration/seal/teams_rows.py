"""The mixed teams in the tables, as the ledger should tell them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.seal.compare import Key, SealCounts, SealDifference, compare
from festival.registration.seal.teams_recorded import TeamRecord
from festival.roster.models import Entry, EntryState, Person
from festival.roster.teams.models import MixedTeam, TeamMember


def team_differences(
    record: TeamRecord, festival_id: int | None, present: set[str], counts: SealCounts
) -> Iterator[SealDifference]:
    """What the record and the tables say differently. Who was taken off a registration is in no team any more."""
    for columns in record.teams.rows.values():
        if isinstance(columns["members"], list):
            columns["members"] = [code for code in columns["members"] if code in present]
    yield from compare(record.teams, _teams(festival_id, present), counts)


def _teams(festival_id: int | None, present: set[str]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    members: defaultdict[int, list[str]] = defaultdict(list)
    named = (
        select(TeamMember.entry_id, Person.code)
        .join(Person, Person.id == TeamMember.person_id)
        .where(Person.festival_id == festival_id)
    )
    for entry_id, code in db.session.execute(named):
        members[entry_id].append(code)
    wanted = (
        select(Entry.code, Entry.name, Entry.state, MixedTeam)
        .join(MixedTeam, MixedTeam.entry_id == Entry.id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Contest.festival_id == festival_id)
    )
    for code, name, state, team in db.session.execute(wanted):
        dissolved = state is EntryState.WITHDRAWN
        of = team.former if dissolved else members[team.entry_id]
        yield (
            (code,),
            {
                "version": team.version,
                "name": name,
                "members": sorted(each for each in of if each in present),
                "dissolved": dissolved,
                "reason": team.reason,
            },
        )
