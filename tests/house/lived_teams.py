"""A mixed team that stood by approvals is changed by name, another is made, dissolved and made again."""

from __future__ import annotations

from festival.contests.models import ContestState, EntrantKind
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.registration.teams import making
from festival.registration.teams.lookup import teams_of
from festival.registration.teams.making import NEW, AtDoor, TypedTeam
from festival.roster.delegations import delegations
from festival.roster.rules import rules_of


def by_name(festival_id: int, staff: int) -> None:
    """In the contest of mixed teams, by the organiser."""
    at = AtDoor(staff, office=True, open_now=True)
    with transaction():
        rules = rules_of(db.session.get_one(Festival, festival_id))
        contest = next(each for each in rules.contests.values() if each.entrant is EntrantKind.TEAM)
        assert contest.state is ContestState.OPEN and contest.rules_fixed_at is None
        listed = {each.id: each for each in delegations(festival_id)}
        found = {one: of for one, (of,) in teams_of(list(listed), rules).items()}
        held = next(one for one, of in found.items() if of.standing)
        team = found[held].standing[0]
        same = tuple(each.code for each in team.members)
        for seen, name in enumerate(("Đội một", team.name)):
            making.save(rules, listed[held], contest.code, team.code, seen, TypedTeam(name, same), at)
        # Every delegation of the demo has its one team, with a turn: for a while there is room for a second.
        contest.entries_per_delegation += 1
        db.session.flush()
        others = [each.code for each in found[held].people if each.coming and each.code not in same]
        made = making.save(rules, listed[held], contest.code, NEW, 0, TypedTeam("", tuple(others[:2])), at)
        making.save(rules, listed[held], contest.code, made, 1, TypedTeam("Đội hai", tuple(others[1:3])), at)
        making.dissolve(rules, listed[held], contest.code, made, 2, "nhầm đoàn", at)
        making.save(rules, listed[held], contest.code, made, 3, TypedTeam("", tuple(others[:1])), at)
        making.dissolve(rules, listed[held], contest.code, made, 4, "không dự phần thi này", at)
        contest.entries_per_delegation -= 1
