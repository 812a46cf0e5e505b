"""What can happen to an account: made, signed in, signed out, let in once, given a new password, switched off."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from festival.accounts.models import OneTimeCode, SignIn, User, UserRole
from festival.accounts.roles import Role
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import nfc
from festival.core.secrets import new_token, token_hash
from festival.core.web.errors import BadInput, Conflict, NotFound

CODE_LIFETIME = timedelta(hours=24)
LOGIN = re.compile(r"[^\s\x00-\x1f]{1,80}")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in: the token goes into the cookie and is nowhere else."""

    token: str
    user_id: int


@dataclass(frozen=True, slots=True)
class SignInCodeRefused:
    """The one-time code is unknown, used or too old."""


def create_user(
    login: str, name: str, password_hash: str, roles: Iterable[Role], *, phone: str = "", demo: bool = False
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
        created_at=now(),
        roles=[UserRole(role=role) for role in sorted(set(roles))],
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("Tên đăng nhập “%(login)s” đã có người dùng. Chọn tên khác.", login=user.login)) from error
    return user


def change_user(user_id: int, name: str, roles: Iterable[Role]) -> None:
    """Put the name right and give exactly these roles; what is open stays open with the new rights. NotFound."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound()
    user.name = nfc(name)
    wanted = set(roles)
    user.roles = [
        *(kept for kept in user.roles if kept.role in wanted),
        *(UserRole(role=role) for role in sorted(wanted - {held.role for held in user.roles})),
    ]
    db.session.flush()


def open_sign_in(user_id: int, hours: int) -> SignedIn:
    """Begin a sign-in of an account whose password was checked before."""
    token = new_token()
    at = now()
    db.session.execute(delete(SignIn).where(SignIn.expires_at <= at))
    db.session.add(
        SignIn(token_hash=token_hash(token), user_id=user_id, created_at=at, expires_at=at + timedelta(hours=hours))
    )
    db.session.flush()
    return SignedIn(token, user_id)


def close_sign_in(token: str) -> None:
    """End a sign-in; nothing happens if it is over already."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))


def issue_code(user_id: int, issued_by: int | None) -> str:
    """A one-time code for somebody who lost the password; older unused ones of the account end."""
    if db.session.scalar(select(User.id).where(User.id == user_id, User.active)) is None:
        raise NotFound()
    at = now()
    db.session.execute(
        update(OneTimeCode).where(OneTimeCode.user_id == user_id, OneTimeCode.used_at.is_(None)).values(used_at=at)
    )
    token = new_token()
    db.session.add(
        OneTimeCode(token_hash=token_hash(token), user_id=user_id, issued_by=issued_by, expires_at=at + CODE_LIFETIME)
    )
    db.session.flush()
    return token


def use_code(token: str, password_hash: str, hours: int) -> SignedIn | SignInCodeRefused:
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
    change_password(user_id, password_hash)
    return open_sign_in(user_id, hours)


def change_password(user_id: int, password_hash: str) -> None:
    """A new password ends every open sign-in of the account."""
    db.session.execute(update(User).where(User.id == user_id).values(password_hash=password_hash))
    db.session.execute(delete(SignIn).where(SignIn.user_id == user_id))


def set_active(user_id: int, active: bool) -> None:
    """Switch an account on or off; off ends its sign-ins and its one-time codes."""
    db.session.execute(update(User).where(User.id == user_id).values(active=active))
    if not active:
        db.session.execute(delete(SignIn).where(SignIn.user_id == user_id))
        db.session.execute(
            update(OneTimeCode)
            .where(OneTimeCode.user_id == user_id, OneTimeCode.used_at.is_(None))
            .values(used_at=now())
        )
