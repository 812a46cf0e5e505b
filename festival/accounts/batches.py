"""Which accounts were made from one pasted list, and which of them has nobody used yet?

Nobody has used an account without password and PIN: nothing was done with it, so it may go without a trace in anything
else. Every other one is switched off instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, select, update
from sqlalchemy.orm import selectinload

from festival.accounts.models import AccountPin, OneTimeCode, SignIn, User
from festival.core.clock import now
from festival.core.database import db
from festival.core.security_log import SecurityKind, note
from festival.core.web.errors import NotFound


@dataclass(frozen=True, slots=True)
class AccountBatch:
    """A list that was written, with how many of its accounts are there and how many nobody has used."""

    key: str
    made_at: datetime
    accounts: int
    unused: int


def _unused() -> ColumnElement[bool]:
    pin = exists().where(AccountPin.user_id == User.id)
    inside = exists().where(SignIn.user_id == User.id)
    return and_(User.password_hash == "", ~pin, ~inside)


def batches(most: int = 50) -> list[AccountBatch]:
    """The lists of which accounts are left, the latest first."""
    made = func.min(User.created_at)
    rows = db.session.execute(
        select(User.batch, made, func.count(), func.sum(case((_unused(), 1), else_=0)))
        .where(User.batch != "")
        .group_by(User.batch)
        .order_by(made.desc())
        .limit(most)
    )
    return [AccountBatch(key, made_at, count, int(unused)) for key, made_at, count, unused in rows]


def accounts_of(key: str) -> list[User]:
    """The accounts of a list with their roles, in the order in which they were made. NotFound when none is left."""
    mine = select(User).where(User.batch == key, User.batch != "").options(selectinload(User.roles)).order_by(User.id)
    found = list(db.session.scalars(mine))
    if not found:
        raise NotFound()
    return found


def unused_of(key: str) -> list[int]:
    """Which of them nobody has used."""
    return list(db.session.scalars(select(User.id).where(User.batch == key, User.batch != "", _unused())))


def hold_unused(user_ids: Sequence[int]) -> list[int]:
    """Which of these nobody has used, held until the transaction ends; their codes let nobody in any more.

    Codes first, as whoever uses one does: of an undoing and a first sign-in at the same moment one waits for the other.
    """
    db.session.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.user_id.in_(select(User.id).where(User.id.in_(list(user_ids)), _unused())),
            OneTimeCode.used_at.is_(None),
        )
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )
    wanted = select(User.id).where(User.id.in_(list(user_ids)), _unused()).order_by(User.id).with_for_update()
    return list(db.session.scalars(wanted))


def remove_unused(user_id: int) -> None:
    """The account goes; IntegrityError when something else hangs on it. Only for one that is held as unused."""
    db.session.execute(delete(User).where(User.id == user_id, User.password_hash == ""))
    note(SecurityKind.ACCOUNT, {"account": user_id, "removed": True})
