"""Is it really this person who presses the button? An account's own PIN of six digits.

Set by its owner only. A short number is guessed quickly, so misses are counted in the database: from the fifth in a row on
each try must wait, twice as long as the last time up to `LONGEST_WAIT`; a right PIN, or a new one, ends the waiting. Each
try is taken by one conditional statement, so that tries at the same moment are not all free.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import delete, select, update

from festival.accounts.models import AccountPin
from festival.accounts.passwords import hash_password, verify_password
from festival.core import security_log
from festival.core.clock import now
from festival.core.database import db
from festival.core.security_log import SecurityKind
from festival.core.statements import insert_or_pass
from festival.core.transaction import reading, transaction

DIGITS = 6
FREE_MISSES = 5
LONGEST_WAIT = timedelta(minutes=15)


class PinAnswer(StrEnum):
    """What came of a typed PIN: right, wrong, wait a little (not even looked at), or no PIN is set."""

    RIGHT = "right"
    WRONG = "wrong"
    WAIT = "wait"
    NOT_SET = "not_set"


def is_weak(pin: str) -> bool:
    """All the same digit, or a run up or down: what everybody tries first. ValueError if it is not six digits."""
    if len(pin) != DIGITS or not (pin.isascii() and pin.isdecimal()):
        raise ValueError("a PIN is six digits")
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {-1})


def pin_hash(pin: str) -> str:
    """What `keep_pin` stores; slow on purpose, so it is made before the transaction. ValueError as `is_weak`."""
    if is_weak(pin):
        raise ValueError("a PIN that everybody tries first")
    return hash_password(pin)


def keep_pin(user_id: int, hashed: str) -> None:
    """Give the account this PIN, in the open transaction; the old one and its misses are gone."""
    row = {"user_id": user_id, "pin_hash": hashed, "set_at": now(), "misses": 0, "missed_at": None}
    put = insert_or_pass(AccountPin).values(row)
    db.session.execute(
        put.on_conflict_do_update(
            index_elements=["user_id"], set_={key: put.excluded[key] for key in row if key != "user_id"}
        )
    )
    security_log.note(SecurityKind.PIN_SET, {"account": user_id})


def set_pin(user_id: int, pin: str) -> None:
    """`keep_pin` in a transaction of its own. ValueError as `is_weak`."""
    hashed = pin_hash(pin)
    with transaction():
        keep_pin(user_id, hashed)


def forget_pin(user_id: int) -> None:
    """Take the PIN away, in the open transaction; the person sets a new one."""
    db.session.execute(delete(AccountPin).where(AccountPin.user_id == user_id))
    security_log.note(SecurityKind.PIN_SET, {"account": user_id, "taken_away": True})


def wait_until(misses: int, missed_at: datetime | None) -> datetime | None:
    """From when on a PIN may be tried again after so many misses in a row; None: at once."""
    if missed_at is None or misses < FREE_MISSES:
        return None
    # 10 s, 20 s, 40 s … ; the exponent is bounded before the shift.
    return missed_at + min(timedelta(seconds=10 * 2 ** min(misses - FREE_MISSES, 10)), LONGEST_WAIT)


def has_pin(user_id: int) -> bool:
    """Whether the account has set one; only inside a transaction."""
    return db.session.scalar(select(AccountPin.user_id).where(AccountPin.user_id == user_id)) is not None


def pin_is_right(user_id: int, pin: str) -> PinAnswer:
    """Try a PIN. Call it outside of a transaction: it hashes, and opens short ones of its own.

    The miss is counted before the PIN is looked at and taken back when it was right, so that tries at the same moment
    cannot share one free miss.
    """
    with transaction():
        row = db.session.execute(
            select(AccountPin.pin_hash, AccountPin.misses, AccountPin.missed_at).where(AccountPin.user_id == user_id)
        ).one_or_none()
        if row is None:
            return PinAnswer.NOT_SET
        until = wait_until(row.misses, row.missed_at)
        if until is not None and now() < until:
            return PinAnswer.WAIT
        taken = db.session.execute(
            update(AccountPin)
            .where(AccountPin.user_id == user_id, AccountPin.misses == row.misses)
            .values(misses=row.misses + 1, missed_at=now())
        )
        if not getattr(taken, "rowcount", 0):
            return PinAnswer.WAIT  # another try was quicker
    if not verify_password(row.pin_hash, pin):
        with transaction():
            security_log.note(SecurityKind.PIN_FAILED, {"account": user_id})
        return PinAnswer.WRONG
    with transaction():
        db.session.execute(update(AccountPin).where(AccountPin.user_id == user_id).values(misses=0, missed_at=None))
    return PinAnswer.RIGHT


def wait_of(user_id: int) -> timedelta:
    """How long this account must wait before its next PIN; zero if not at all."""
    with reading():
        row = db.session.execute(
            select(AccountPin.misses, AccountPin.missed_at).where(AccountPin.user_id == user_id)
        ).one_or_none()
    until = None if row is None else wait_until(row.misses, row.missed_at)
    return timedelta() if until is None else max(until - now(), timedelta())
