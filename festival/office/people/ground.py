"""Against what is a list of people held, and where do people work: their delegations and seats?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from festival.accounts.models import User
from festival.contests.models import PRESENT_SEATS, Contest, ContestState, Judge, PanelSeat, ResultKind
from festival.contests.queries import contests, panel_of
from festival.contests.words import SEAT_WORDS
from festival.core.database import db
from festival.editions.models import Festival
from festival.office.people.found import AccountThere, PanelThere, PeopleGround, SeatThere
from festival.office.people.words import role_words
from festival.roster.delegations import delegations
from festival.roster.models import Delegation, DelegationOfficer


def people_ground(festival: Festival | None) -> PeopleGround:
    """Everything as it is now; without an edition there are accounts only."""
    users = db.session.scalars(select(User).options(selectinload(User.roles)).order_by(User.login)).all()
    busy: dict[int, set[str]] = defaultdict(set)
    of_delegations = select(DelegationOfficer.user_id, Delegation.code).join(Delegation)
    for user_id, code in db.session.execute(of_delegations):
        busy[user_id].add(code)
    rows = contests(festival.id) if festival else []
    panels = panel_of([row.id for row in rows])
    return PeopleGround(
        accounts=tuple(
            AccountThere(
                user.id,
                user.login,
                user.name,
                user.phone,
                user.active,
                frozenset(item.role.value for item in user.roles),
                frozenset(busy[user.id]),
            )
            for user in users
        ),
        delegations={each.code: each.name for each in delegations(festival.id)} if festival else {},
        panels=tuple(
            PanelThere(
                row.code,
                row.name,
                row.result_kind is ResultKind.RUBRIC,
                row.state is ContestState.OPEN,
                row.panel_size,
                tuple(
                    SeatThere(member.user_id, member.name, member.seat.value, member.letter)
                    for member in panels.get(row.id, ())
                ),
            )
            for row in rows
        ),
        roles=role_words(),
    )


def places_of(user_ids: Sequence[int], festival: Festival | None) -> dict[int, list[str]]:
    """Where these people work in this edition, in words: their delegations, then their seats."""
    found: dict[int, list[str]] = defaultdict(list)
    if festival is None:
        return found
    mine = select(DelegationOfficer.user_id, Delegation.name).join(Delegation)
    mine = mine.where(DelegationOfficer.user_id.in_(list(user_ids)), Delegation.festival_id == festival.id)
    for user_id, name in db.session.execute(mine.order_by(Delegation.position, Delegation.id)):
        found[user_id].append(name)
    seats = select(Judge, Contest.name).join(Contest, Contest.id == Judge.contest_id)
    seats = seats.where(Judge.user_id.in_(list(user_ids)), Contest.festival_id == festival.id)
    seats = seats.where(Judge.seat.in_(PRESENT_SEATS))
    for judge, name in db.session.execute(seats.order_by(Contest.position, Judge.id)):
        duty = SEAT_WORDS[PanelSeat(judge.seat)]
        told = _("%(contest)s: %(duty)s, chữ %(letter)s", contest=name, duty=duty, letter=judge.letter)
        found[judge.user_id].append(told if judge.letter else _("%(contest)s: %(duty)s", contest=name, duty=duty))
    return found
