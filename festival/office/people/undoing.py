"""How is a list of accounts taken back?

Who has never come in goes, with the delegations and seats the list gave; the ledger and the security log tell it. Who has
come in, or on whom something hangs already (a card, a mark), stays and may be switched off.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from festival.accounts import actions, batches
from festival.accounts.models import User
from festival.contests.actions import unseat
from festival.contests.models import Contest, ContestState, Judge
from festival.core.database import db
from festival.core.web.errors import Conflict
from festival.registration.officer.assigning import dismiss_officer
from festival.roster.models import Delegation, DelegationOfficer
from festival.roster.rules import rules_of


@dataclass(frozen=True, slots=True)
class ListUndone:
    """How many accounts went, how many were switched off, who stays."""

    removed: int
    closed: int
    staying: tuple[str, ...]


def undo_list(key: str, by: int, *, close_used: bool) -> ListUndone:
    """Take the list back as far as nobody has used it; `close_used`: switch off the rest, but never who asks."""
    users = batches.accounts_of(key)
    unused = set(batches.hold_unused([user.id for user in users]))
    staying: list[User] = []
    for user in users:
        if user.id not in unused or not _removed(user.id):
            staying.append(user)
    closed = [user for user in staying if close_used and user.active and user.id != by]
    for user in closed:
        actions.set_active(user.id, active=False)
    return ListUndone(len(users) - len(staying), len(closed), tuple(user.name for user in staying))


def _removed(user_id: int) -> bool:
    """Whether the account went, with its delegations and seats; if it could not, they stay too, and nothing is noted."""
    judges = list(db.session.execute(select(Judge.id, Contest.state).join(Contest).where(Judge.user_id == user_id)))
    if any(state is not ContestState.OPEN for _id, state in judges):
        return False
    given = select(Delegation).join(DelegationOfficer).where(DelegationOfficer.user_id == user_id)
    try:
        with db.session.begin_nested():
            for delegation in db.session.scalars(given.options(joinedload(Delegation.festival))).all():
                dismiss_officer(rules_of(delegation.festival), delegation, user_id)
            for judge_id, _state in judges:
                unseat(judge_id)
            batches.remove_unused(user_id)
    except (IntegrityError, Conflict):
        return False
    return True
