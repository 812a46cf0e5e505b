"""What the tests of mixed teams stand on."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput
from festival.registration.teams import making
from festival.registration.teams.facts import team_lacks
from festival.registration.teams.lookup import teams_of
from festival.registration.teams.making import AtDoor, TypedTeam
from festival.roster.families import family_by_id
from festival.roster.models import ContestPlace, Entry, EntryPerson, Person
from festival.roster.teams.models import TeamMember
from tests.registration.conftest import World, household
from tests.registration.registered import register

SPORT = "the-thao"


def ruled(world: World, *lines: dict[str, Any], teams: int = 1, most: int | None = None) -> None:
    """What the rules say of the teams of the contest."""
    with world.app.app_context(), transaction():
        values = {"composition": list(lines) or None, "entries_per_delegation": teams, "performers_max": most}
        db.session.execute(update(Contest).where(Contest.code == SPORT).values(**values))


def people(family_id: int) -> list[str]:
    """Codes of mother, father, child."""
    return [each.code for each in family_by_id(family_id).members]


def codes(world: World, *family_ids: int) -> list[list[str]]:
    with world.app.app_context(), reading():
        return [people(each) for each in family_ids]


def save(world: World, code: str, seen: int, who: list[str], reason: str = "", name: str = "", **door: Any) -> str:
    at = AtDoor(**{"by": world.officer, "office": False, "open_now": True, **door})
    with world.app.app_context(), transaction():
        typed = TypedTeam(name, tuple(who), reason)
        return making.save(world.rules(), world.delegation(), SPORT, code, seen, typed, at)


def refused(world: World, *args: Any, **more: Any) -> str:
    with pytest.raises(BadInput) as found:
        save(world, *args, **more)
    return str(found.value.message)


def dissolve(world: World, code: str, seen: int, why: str = "bỏ phần thi") -> str:
    at = AtDoor(world.officer, office=False, open_now=True)
    with world.app.app_context(), transaction():
        return making.dissolve(world.rules(), world.delegation(), SPORT, code, seen, why, at)


def stands(world: World) -> list[tuple[str, str, list[str], list[str]]]:
    """Of each team: name, state, who is named, who appears."""
    with world.app.app_context(), reading():
        found = []
        for entry in db.session.scalars(select(Entry).where(Entry.family_id.is_(None)).order_by(Entry.id)):
            named = select(Person.code).join(TeamMember, TeamMember.person_id == Person.id)
            appear = select(Person.code).join(EntryPerson, EntryPerson.person_id == Person.id)
            found.append(
                (
                    entry.name,
                    entry.state.value,
                    sorted(db.session.scalars(named.where(TeamMember.entry_id == entry.id))),
                    sorted(db.session.scalars(appear.where(EntryPerson.entry_id == entry.id))),
                )
            )
        return found


def taken(world: World) -> int:
    with world.app.app_context(), reading():
        wanted = select(ContestPlace.taken).join(Contest, Contest.id == ContestPlace.contest_id)
        return db.session.scalar(wanted.where(Contest.code == SPORT)) or 0


def lacks(world: World) -> list[str]:
    with world.app.app_context(), reading():
        delegation = world.delegation()
        return [each.code for each in team_lacks(teams_of([delegation.id], world.rules())[delegation.id])]


def sealed(world: World) -> bool:
    with world.app.app_context(), snapshot():
        return inspect().clean


def two(world: World) -> tuple[int, int]:
    """Two families that were sent."""
    first, second = (register(world, household(number)).family_id for number in (1, 2))
    return first, second
