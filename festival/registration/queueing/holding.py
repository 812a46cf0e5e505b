"""Which places does an offer hold, and when is a place given by the line alone?

A hold is a conditional statement, as an approval is: what is approved and what is held are never more than there are, by the
check of the delegation's row. Whoever holds has locked that row first (`places.lock_delegation`).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import exists, func, select, update

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.registration.queueing.models import LineSpot, WaitingList
from festival.roster.models import ContestPlace, Delegation, Family, FamilyState, Origin
from festival.roster.places import free_contest_places

QUIET = {"synchronize_session": False}


def hold(delegation_id: int, contests: Iterable[int]) -> bool:
    """Hold a place of the delegation and of each contest; False, and nothing is held, where one is not free."""
    with db.session.begin_nested() as trying:
        held = db.session.scalar(
            update(Delegation)
            .where(
                Delegation.id == delegation_id,
                Delegation.approved_count + Delegation.held_count < Delegation.families_max,
            )
            .values(held_count=Delegation.held_count + 1)
            .returning(Delegation.held_count)
            .execution_options(**QUIET)
        )
        # In the order of contests, as an approval takes them.
        if held is None or not all(_hold_contest(delegation_id, contest) for contest in sorted(contests)):
            trying.rollback()
            return False
    return True


def _hold_contest(delegation_id: int, contest_id: int) -> bool:
    """Counted among those taken: to everybody else a place that is held is not free."""
    place = {"delegation_id": delegation_id, "contest_id": contest_id}
    db.session.execute(insert_or_pass(ContestPlace).values(**place, taken=0).on_conflict_do_nothing())
    of_all = select(Contest.entries_per_delegation).where(Contest.id == contest_id).scalar_subquery()
    most = func.coalesce(ContestPlace.entries_most, of_all)
    own = (ContestPlace.delegation_id == delegation_id, ContestPlace.contest_id == contest_id)
    taken = update(ContestPlace).where(*own, ContestPlace.taken < most).values(taken=ContestPlace.taken + 1)
    return db.session.scalar(taken.returning(ContestPlace.taken).execution_options(**QUIET)) is not None


def let_go(delegation_id: int, contests: Iterable[int]) -> None:
    """What an offer held is free again."""
    db.session.execute(
        update(Delegation)
        .where(Delegation.id == delegation_id)
        .values(held_count=Delegation.held_count - 1)
        .execution_options(**QUIET)
    )
    free_contest_places(delegation_id, contests)


def stands_in_line(family: Family) -> bool:
    """Whether its turn decides: it came by itself, waits for approval, the line is open and nobody took it out."""
    if family.origin is not Origin.FAMILY or family.state is not FamilyState.SUBMITTED or family.reserve is not None:
        return False
    given = exists().where(WaitingList.delegation_id == family.delegation_id, WaitingList.open)
    out = exists().where(LineSpot.family_id == family.id, LineSpot.out_by.is_not(None))
    return bool(db.session.scalar(select(given & ~out)))
