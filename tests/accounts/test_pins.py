"""An account's own PIN: six digits, misses counted so that nobody guesses it, right again after a wait."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from festival.accounts.models import AccountPin, User
from festival.accounts.passwords import verify_password
from festival.accounts.pins import (
    FREE_MISSES,
    LONGEST_WAIT,
    PinAnswer,
    forget_pin,
    is_weak,
    pin_is_right,
    set_pin,
    wait_of,
    wait_until,
)
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction

PIN = "482913"


@pytest.fixture
def judge(app: Flask) -> int:
    with app.app_context():
        with transaction():
            user = User(login="lan", name="Nguyễn Thị Lan", created_at=now())
            db.session.add(user)
            db.session.flush()
            user_id = user.id
        set_pin(user_id, PIN)
    return user_id


@pytest.mark.parametrize("pin", ["111111", "123456", "654321"])
def test_what_everybody_tries_first_is_refused(pin: str) -> None:
    assert is_weak(pin)


@pytest.mark.parametrize("pin", ["12345", "1234567", "12345a", "１２３４５６", ""])
def test_a_pin_is_six_plain_digits(pin: str) -> None:
    with pytest.raises(ValueError, match="six digits"):
        is_weak(pin)


def test_right_wrong_new_and_taken_away(app: Flask, judge: int) -> None:
    with app.app_context():
        assert [pin_is_right(judge, pin) for pin in (PIN, "000001", PIN)] == ["right", "wrong", "right"]
        set_pin(judge, "902817")
        assert [pin_is_right(judge, pin) for pin in (PIN, "902817")] == ["wrong", "right"]
        with transaction():
            forget_pin(judge)
        assert pin_is_right(judge, "902817") == PinAnswer.NOT_SET


def test_waiting_doubles_and_ends() -> None:
    at = datetime(2026, 6, 14, 1, tzinfo=UTC)
    waits = [wait_until(misses, at) for misses in range(FREE_MISSES, FREE_MISSES + 9)]
    assert [None if until is None else (until - at).total_seconds() for until in waits] == [
        10, 20, 40, 80, 160, 320, 640, 900, 900,
    ]  # fmt: skip
    assert wait_until(FREE_MISSES - 1, at) is None
    assert wait_until(10**6, at) == at + LONGEST_WAIT


def test_the_right_pin_waits_too_and_is_right_afterwards(app: Flask, judge: int) -> None:
    with app.app_context(), time_machine.travel(datetime(2026, 6, 14, 1, tzinfo=UTC), tick=False) as clock:
        assert [pin_is_right(judge, "000001") for _ in range(FREE_MISSES)] == ["wrong"] * FREE_MISSES
        assert (pin_is_right(judge, PIN), wait_of(judge)) == (PinAnswer.WAIT, timedelta(seconds=10))
        clock.shift(10)
        assert pin_is_right(judge, PIN) == PinAnswer.RIGHT
        assert wait_of(judge) == timedelta()


TRIES = 16
ALL_HAVE_READ = Barrier(TRIES)


def naive(user_id: int, pin: str) -> PinAnswer:
    """Reads the misses, hashes, then writes them: tries at the same moment all see a free one."""
    with reading():
        row = db.session.execute(select(AccountPin.pin_hash, AccountPin.misses)).one()
    # The moment is made here: a machine that lets one try end before the next begins would hide what is wrong.
    ALL_HAVE_READ.wait(30)
    if row.misses >= FREE_MISSES:
        return PinAnswer.WAIT
    right = verify_password(row.pin_hash, pin)
    with transaction():
        db.session.get_one(AccountPin, user_id).misses = row.misses + 1
    return PinAnswer.RIGHT if right else PinAnswer.WRONG


def wrong_at_once(app: Flask, tries: Callable[[int, str], PinAnswer], user_id: int) -> int:
    """How many of 16 wrong tries at the same moment were looked at."""

    def once(number: int) -> PinAnswer:
        with app.app_context():
            return tries(user_id, f"{number:06d}")

    with ThreadPoolExecutor(TRIES) as threads:
        return list(threads.map(once, range(TRIES))).count(PinAnswer.WRONG)


def test_tries_at_the_same_moment_are_counted(app: Flask, judge: int) -> None:
    assert wrong_at_once(app, pin_is_right, judge) <= FREE_MISSES


def test_a_counter_read_before_and_written_after_is_seen_to_fail(app: Flask, judge: int) -> None:
    assert wrong_at_once(app, naive, judge) > FREE_MISSES
