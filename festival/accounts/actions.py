"""What can happen to an account: made, signed in, signed out, let in once, given a new password, switched off."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from festival.accounts import second_factor
from festival.accounts.models import OneTimeCode, SignIn, User, UserRole
from festival.accounts.roles import Role
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import nfc
from festival.core.secrets import new_token, token_hash
from festival.core.security_log import SecurityKind, note
from festival.core.web.errors import BadInput, Conflict, NotFound

CODE_LIFETIME = timedelta(hours=24)
CODE_DAYS = (1, 3, 7, 14)  # what the organiser may choose for a code: cards are printed days before
LOGIN = re.compile(r"[^\s\x00-\x1f]{1,80}")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in: the token goes into the cookie and is nowhere else."""

    token: str
    user_id: int


@dataclass(frozen=True, slots=True)
class SignInCodeRefused:
    """The one-time code is unknown, used or too old."""


@dataclass(frozen=True, slots=True)
class PasswordSetOnly:
    """The new password stands; this account is asked for its phone's number too before it comes in."""

    user_id: int


def create_user(
    login: str,
    name: str,
    password_hash: str,
    roles: Iterable[Role],
    *,
    phone: str = "",
    demo: bool = False,
    batch: str = "",
) -> User:
    """A new account; Conflict if the login is taken, BadInput if nobody could type it when signing in."""
    login, name = login.strip().lower(), nfc(name)
    if not LOGIN.fullmatch(login):
        raise BadInput(_("Tên đăng nhập gồm 1 đến 80 ký tự, không có khoảng trắng."))
    if not name:
        raise BadInput(_("Nhập họ và tên."))
    user = User(
        login=login,
        name=name,
        phone=phone,
        password_hash=password_hash,
        demo=demo,
        batch=batch,
        created_at=now(),
        roles=[UserRole(role=role) for role in sorted(set(roles))],
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("Tên đăng nhập “%(login)s” đã có người dùng. Chọn tên khác.", login=user.login)) from error
    note(
        SecurityKind.ACCOUNT,
        {"account": user.id, "made": True, "roles": sorted(item.role.value for item in user.roles)},
    )
    return user


def change_user(user_id: int, name: str, roles: Iterable[Role]) -> None:
    """Put the name right and give exactly these roles; what is open stays open with the new rights. NotFound."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound()
    user.name = nfc(name)
    wanted, held = set(roles), {item.role for item in user.roles}
    user.roles = [
        *(kept for kept in user.roles if kept.role in wanted),
        *(UserRole(role=role) for role in sorted(wanted - held)),
    ]
    db.session.flush()
    if wanted != held:
        given, taken = (sorted(role.value for role in some) for some in (wanted - held, held - wanted))
        note(SecurityKind.ROLE, {"account": user_id, "given": given, "taken": taken})


def open_sign_in(user_id: int, hours: int, browser: str = "", by: str = "password") -> SignedIn:
    """Begin a sign-in of an account whose password (or what `by` says) was checked before."""
    token = new_token()
    at = now()
    db.session.execute(delete(SignIn).where(SignIn.expires_at <= at))
    ends_at = at + timedelta(hours=hours)
    db.session.add(
        SignIn(token_hash=token_hash(token), user_id=user_id, created_at=at, expires_at=ends_at, browser=browser)
    )
    db.session.flush()
    note(SecurityKind.SIGNED_IN, {"account": user_id, "by": by}, user_id=user_id)
    return SignedIn(token, user_id)


def close_sign_in(token: str) -> None:
    """End a sign-in; nothing happens if it is over already."""
    ended = delete(SignIn).where(SignIn.token_hash == token_hash(token)).returning(SignIn.user_id)
    user_id = db.session.scalar(ended)
    if user_id is not None:
        note(SecurityKind.SIGNED_OUT, {"account": user_id}, user_id=user_id)


def end_sign_in(user_id: int, sign_in_id: int) -> bool:
    """End one sign-in of this account from wherever its owner sees it; False when it was over already."""
    ended = delete(SignIn).where(SignIn.id == sign_in_id, SignIn.user_id == user_id).returning(SignIn.id)
    if db.session.scalar(ended) is None:
        return False
    note(SecurityKind.SESSIONS_ENDED, {"account": user_id, "ended": 1})
    return True


def end_other_sign_ins(user_id: int, kept_id: int | None) -> int:
    """End every sign-in of this account but the one that asks; how many there were."""
    others = delete(SignIn).where(SignIn.user_id == user_id, SignIn.id != (kept_id or 0)).returning(SignIn.id)
    ended = len(db.session.scalars(others).all())
    if ended:
        note(SecurityKind.SESSIONS_ENDED, {"account": user_id, "ended": ended})
    return ended


def issue_code(user_id: int, issued_by: int | None, until: datetime | None = None) -> str:
    """A one-time code for somebody who has no password; older unused ones of the account end. Good for a day, or `until`."""
    if db.session.scalar(select(User.id).where(User.id == user_id, User.active)) is None:
        raise NotFound()
    at = now()
    db.session.execute(
        update(OneTimeCode).where(OneTimeCode.user_id == user_id, OneTimeCode.used_at.is_(None)).values(used_at=at)
    )
    token = new_token()
    db.session.add(
        OneTimeCode(
            token_hash=token_hash(token),
            user_id=user_id,
            issued_by=issued_by,
            expires_at=until or at + CODE_LIFETIME,
        )
    )
    db.session.flush()
    note(SecurityKind.CODE_MADE, {"account": user_id})
    return token


def use_code(
    token: str, password_hash: str, hours: int, browser: str = ""
) -> SignedIn | PasswordSetOnly | SignInCodeRefused:
    """Let in once with a new password; of two uses at once the database lets one through."""
    at = now()
    user_id = db.session.scalar(
        update(OneTimeCode)
        .where(
            OneTimeCode.token_hash == token_hash(token),
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > at,
        )
        .values(used_at=at)
        .returning(OneTimeCode.user_id)
    )
    if user_id is None:
        return SignInCodeRefused()
    note(SecurityKind.CODE_USED, {"account": user_id}, user_id=user_id)
    change_password(user_id, password_hash)
    if second_factor.is_on(user_id):
        return PasswordSetOnly(user_id)
    return open_sign_in(user_id, hours, browser, "code")


def change_password(user_id: int, password_hash: str, kept_id: int | None = None) -> None:
    """A new password ends every open sign-in of the account, but the one its owner sets it from."""
    db.session.execute(update(User).where(User.id == user_id).values(password_hash=password_hash))
    db.session.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.id != (kept_id or 0)))
    note(SecurityKind.PASSWORD_SET, {"account": user_id}, user_id=user_id)


def set_active(user_id: int, active: bool) -> None:
    """Switch an account on or off; off ends its sign-ins and its one-time codes."""
    db.session.execute(update(User).where(User.id == user_id).values(active=active))
    note(SecurityKind.ACCOUNT, {"account": user_id, "active": active})
    if not active:
        db.session.execute(delete(SignIn).where(SignIn.user_id == user_id))
        db.session.execute(
            update(OneTimeCode)
            .where(OneTimeCode.user_id == user_id, OneTimeCode.used_at.is_(None))
            .values(used_at=now())
        )
