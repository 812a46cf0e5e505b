"""Has this person the phone too? A second step at the sign-in by one-time numbers (TOTP, RFC 6238), off by default.

The secret is derived under the pass key from the account and a random number, so the database alone makes no number; it
works without internet. Recovery codes do not hang on that key: they are the way in when it was changed. A number is
good for its half minute and the one before and after, and its step is taken by a conditional statement: no number, and
no recovery code, is accepted twice.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode

import pyotp
from sqlalchemy import delete, insert, select, update

from festival.accounts.models import RecoveryCode, SecondFactor, User
from festival.core import security_log
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import derived_bytes, new_typed_code, normal_typed_code, token_hash
from festival.core.security_log import SecurityKind
from festival.core.statements import insert_or_pass

STEP_S = 30
DRIFT = (-1, 0, 1)
RECOVERY_CODES = 10
RECOVERY_CHARACTERS = 12
ISSUER = "Ngày hội Gia đình"


def begin(user_id: int) -> bool:
    """A fresh secret, not asked for until it is confirmed; False when the second step is on already."""
    row = {"user_id": user_id, "issue": secrets.randbits(62), "on_since": None, "last_step": 0}
    put = insert_or_pass(SecondFactor).values(row)
    begun = db.session.scalar(
        put.on_conflict_do_update(
            index_elements=["user_id"], set_={"issue": put.excluded.issue}, where=SecondFactor.on_since.is_(None)
        ).returning(SecondFactor.user_id)
    )
    return begun is not None


def address_of(user_id: int) -> str:
    """What the QR code of a secret that was begun says to an authenticator; "" when none waits to be confirmed."""
    row = db.session.execute(
        select(SecondFactor.issue, User.login)
        .join(User, User.id == SecondFactor.user_id)
        .where(SecondFactor.user_id == user_id, SecondFactor.on_since.is_(None))
    ).one_or_none()
    if row is None:
        return ""
    return pyotp.TOTP(_secret(user_id, row.issue)).provisioning_uri(name=row.login, issuer_name=ISSUER)


def turn_on(user_id: int, typed: str) -> list[str] | None:
    """From now on the second step is asked for; the recovery codes, shown once. None when the number is wrong."""
    issue = db.session.scalar(
        select(SecondFactor.issue).where(SecondFactor.user_id == user_id, SecondFactor.on_since.is_(None))
    )
    step = None if issue is None else _step_of(_secret(user_id, issue), typed)
    if step is None:
        return None
    taken = db.session.scalar(
        update(SecondFactor)
        .where(SecondFactor.user_id == user_id, SecondFactor.on_since.is_(None), SecondFactor.issue == issue)
        .values(on_since=now(), last_step=step)
        .returning(SecondFactor.user_id)
    )
    if taken is None:
        return None
    security_log.note(SecurityKind.SECOND_FACTOR, {"account": user_id, "on": True})
    return _fresh_codes(user_id)


def passes(user_id: int, typed: str) -> bool:
    """Whether this is a number of the phone, or a recovery code, that was not used before; it is used now."""
    issue = db.session.scalar(
        select(SecondFactor.issue).where(SecondFactor.user_id == user_id, SecondFactor.on_since.is_not(None))
    )
    if issue is None:
        return False
    step = _step_of(_secret(user_id, issue), typed)
    if step is not None:
        taken = update(SecondFactor).where(SecondFactor.user_id == user_id, SecondFactor.last_step < step)
        return db.session.scalar(taken.values(last_step=step).returning(SecondFactor.user_id)) is not None
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == token_hash(normal_typed_code(typed)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.id)
    )
    return db.session.scalar(used) is not None


def is_on(user_id: int) -> bool:
    """Whether the second step is asked of this account."""
    on = select(SecondFactor.user_id).where(SecondFactor.user_id == user_id, SecondFactor.on_since.is_not(None))
    return db.session.scalar(on) is not None


def logins() -> list[str]:
    """Accounts of which the second step is asked. Under another pass key their phones' numbers fit no more."""
    joined = select(User.login).join(SecondFactor, SecondFactor.user_id == User.id)
    return list(db.session.scalars(joined.where(SecondFactor.on_since.is_not(None)).order_by(User.login)))


def codes_left(user_id: int) -> int:
    """How many recovery codes were not used yet."""
    unused = select(RecoveryCode.id).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return len(db.session.scalars(unused).all())


def new_codes(user_id: int) -> list[str]:
    """Ten other recovery codes; the old ones end."""
    security_log.note(SecurityKind.SECOND_FACTOR, {"account": user_id, "recovery_codes": "new"})
    return _fresh_codes(user_id)


def turn_off(user_id: int, *, taken_away: bool = False) -> bool:
    """The second step is not asked for any more (`taken_away`: by the organiser, for a lost phone); was it on?"""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    gone = db.session.scalars(
        delete(SecondFactor).where(SecondFactor.user_id == user_id).returning(SecondFactor.on_since)
    ).all()
    was_on = any(each is not None for each in gone)
    if was_on:
        security_log.note(SecurityKind.SECOND_FACTOR, {"account": user_id, "on": False, "taken_away": taken_away})
    return was_on


def _secret(user_id: int, issue: int) -> str:
    return b32encode(derived_bytes("second factor", user_id, issue, 20)).decode()


def _step_of(secret: str, typed: str) -> int | None:
    """Which step's number this is, None if of none near now."""
    number = "".join(typed.split())
    if len(number) != 6 or not (number.isascii() and number.isdecimal()):
        return None
    here = int(now().timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    return next((here + off for off in DRIFT if hmac.compare_digest(totp.generate_otp(here + off), number)), None)


def _fresh_codes(user_id: int) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [new_typed_code(RECOVERY_CHARACTERS) for _ in range(RECOVERY_CODES)]
    db.session.execute(
        insert(RecoveryCode), [{"user_id": user_id, "code_hash": token_hash(code), "used_at": None} for code in codes]
    )
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]
