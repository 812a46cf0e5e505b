"""Is it really this person, asked again at the moment of a step that counts?

A password, or (where a step allows it) the account's own PIN of six digits. Hashing is slow: call it outside of a
transaction. Tries are slowed down as at the sign-in; a wrong one is noted in the security log.
"""

from __future__ import annotations

from dataclasses import dataclass

from festival.accounts.passwords import verify_password
from festival.accounts.pins import DIGITS, PinAnswer, pin_is_right, wait_of
from festival.accounts.queries import Credentials, credentials
from festival.accounts.slowdown import PasswordTry
from festival.accounts.waiting import asked_with
from festival.core import security_log
from festival.core.security_log import SecurityKind
from festival.core.sentence import N_, Sentence
from festival.core.transaction import reading, transaction


@dataclass(frozen=True, slots=True)
class Proven:
    """It is this account."""

    account: Credentials


@dataclass(frozen=True, slots=True)
class NotProven:
    """It is not, or it may not be tried yet: then `wait_s` says how many seconds. `said`: there is no account yet, and why."""

    wait_s: int = 0
    said: Sentence | None = None


def prove(login: str, typed: str, *, pin_too: bool = False, step: str = "") -> Proven | NotProven:
    """Whether `typed` is the password (or PIN) of that login's account; `step` names in the log what it was asked for."""
    login = "".join(login.split())  # none has a space; a number that is a login is typed with some
    with reading():
        found = credentials(login)
        asked = asked_with(login) if found is None else None
    if pin_too and found is not None and len(typed) == DIGITS and typed.isascii() and typed.isdecimal():
        return _by_pin(found, typed)
    tried = PasswordTry(login)
    if tried.wait_s:
        return NotProven(tried.wait_s)
    # one password is looked at in any case: how long the answer takes tells nothing
    kept = found or asked
    right = verify_password(kept.password_hash if kept else "", typed)
    if right:
        tried.right()
        return Proven(found) if found is not None else NotProven(said=asked.said if asked else None)
    tried.missed()
    note_failure(found, step)
    return NotProven()


def _by_pin(found: Credentials, typed: str) -> Proven | NotProven:
    match pin_is_right(found.user_id, typed):
        case PinAnswer.RIGHT:
            return Proven(found)
        case PinAnswer.WAIT:
            return NotProven(max(1, int(wait_of(found.user_id).total_seconds())))
        case PinAnswer.WRONG | PinAnswer.NOT_SET:
            return NotProven()


def note_failure(found: Credentials | None, step: str) -> None:
    """A wrong password, without what was typed; of logins nobody has, one line an hour and network."""
    if found is None:
        security_log.note_read(SecurityKind.SIGN_IN_FAILED, {"account": None, "step": step})
        return
    with transaction():
        security_log.note(SecurityKind.SIGN_IN_FAILED, {"account": found.user_id, "step": step}, user_id=found.user_id)


def wait_said(seconds: int) -> Sentence:
    """Tried too often: how long to wait, and that nothing is lost."""
    span = N_("%(n)s phút", n=-(-seconds // 60)) if seconds > 90 else N_("%(n)s giây", n=seconds)
    return N_("Đã thử sai nhiều lần. Chờ %(span)s rồi thử lại; những gì đã lưu vẫn còn nguyên.", "wait", span=span)
