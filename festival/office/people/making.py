"""What is written of a list of people: accounts, roles, delegations, seats, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from festival.accounts import actions
from festival.accounts.queries import user_by_id
from festival.accounts.roles import Role
from festival.contests.actions import seat
from festival.contests.models import PanelSeat
from festival.contests.queries import contests
from festival.editions.models import Festival
from festival.office.people.found import FoundLine, LineFate
from festival.registration.officer.assigning import assign_officer
from festival.roster.delegations import delegations
from festival.roster.rules import rules_of

WRITTEN = (LineFate.NEW, LineFate.KNOWN, LineFate.JOINED)


@dataclass(frozen=True, slots=True)
class PeopleWritten:
    """Which accounts are new, and how many that were there got something more."""

    made: tuple[int, ...]
    changed: int


def write_list(found: Sequence[FoundLine], festival: Festival | None, batch: str) -> PeopleWritten:
    """Write every line that is understood. Conflict (and nothing is written) when somebody was faster."""
    people: dict[int, int] = {}
    made: list[int] = []
    for each in found:
        if each.fate is LineFate.NEW:
            roles = [Role(role) for role in each.roles]
            user = actions.create_user(each.login, each.line.name, "", roles, phone=each.phone, batch=batch)
            people[each.line.number] = user.id
            made.append(user.id)
        elif each.fate in WRITTEN:
            user_id = people[each.of] if each.of is not None else each.user_id
            assert user_id is not None
            people[each.line.number] = user_id
            give_roles(user_id, [Role(role) for role in each.roles])
    place_people([(people[each.line.number], each) for each in found if each.fate in WRITTEN], festival)
    return PeopleWritten(tuple(made), len(set(people.values()) - set(made)))


def give_roles(user_id: int, roles: Sequence[Role]) -> None:
    """These roles beside those the account has."""
    user = user_by_id(user_id)
    actions.change_user(user_id, user.name, {item.role for item in user.roles} | set(roles))


def place_people(those: Sequence[tuple[int, FoundLine]], festival: Festival | None) -> None:
    """Delegations and seats, contest by contest in one order, so that two lists at once wait for each other."""
    if festival is None:
        return
    of_code = {each.code: each for each in delegations(festival.id)}
    rules = rules_of(festival)
    for user_id, each in those:
        for code in each.delegations:
            assign_officer(rules, of_code[code], user_id)
    for contest in contests(festival.id):
        for user_id, each in those:
            for wish in each.seats:
                if wish.contest == contest.code:
                    seat(contest.id, user_id, PanelSeat(wish.seat), letter=wish.letter)
