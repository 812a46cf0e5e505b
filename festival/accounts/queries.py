"""Who is signed in, and which accounts are there?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from festival.accounts.models import OneTimeCode, SecondFactor, SignIn, User, UserRole
from festival.accounts.roles import permissions_of
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.core.secrets import token_hash
from festival.core.web.access import Actor
from festival.core.web.errors import NotFound

SESSION_COOKIE = "signin"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is needed to check a password outside of a transaction."""

    user_id: int
    name: str
    password_hash: str
    login: str = ""
    second_factor: bool = False


def actor_of_cookie() -> Actor | None:
    """The account whose sign-in the request's cookie holds; one query."""
    token = request.cookies.get(SESSION_COOKIE, "")
    if not token:
        return None
    rows = db.session.execute(
        select(User.id, User.name, UserRole.role, SignIn.id.label("sign_in_id"))
        .join(SignIn, SignIn.user_id == User.id)
        .outerjoin(UserRole, UserRole.user_id == User.id)
        .where(SignIn.token_hash == token_hash(token), SignIn.expires_at > now(), User.active)
    ).all()
    if not rows:
        return None
    roles = frozenset(row.role for row in rows if row.role is not None)
    return Actor(
        kind="user",
        user_id=rows[0].id,
        sign_in_id=rows[0].sign_in_id,
        name=rows[0].name,
        roles=roles,
        permissions=permissions_of(roles),
    )


def credentials(login: str) -> Credentials | None:
    """The active account with this login, None if there is none."""
    row = db.session.execute(_credentials().where(User.login == login.strip().lower(), User.active)).one_or_none()
    return None if row is None else _read(row)


def credentials_of(user_id: int) -> Credentials | None:
    """The same of the account with this id, if it is in use."""
    row = db.session.execute(_credentials().where(User.id == user_id, User.active)).one_or_none()
    return None if row is None else _read(row)


def _credentials() -> Select[int, str, str, str, datetime | None]:
    return select(User.id, User.name, User.password_hash, User.login, SecondFactor.on_since).outerjoin(
        SecondFactor, SecondFactor.user_id == User.id
    )


def _read(row: Any) -> Credentials:
    return Credentials(row.id, row.name, row.password_hash, row.login, row.on_since is not None)


def id_of_login(login: str, *, in_use: bool = False) -> int | None:
    """Which account has this login (`in_use`: and may still sign in)?"""
    asked = select(User.id).where(User.login == login.strip().lower())
    return db.session.scalar(asked.where(User.active) if in_use else asked)


def login_of(user_id: int) -> str:
    """The login of an account, "" if there is none."""
    return db.session.scalar(select(User.login).where(User.id == user_id)) or ""


def all_users(search: str = "") -> list[User]:
    """Every account with its roles, by login; only those whose name or login holds the words, marks and case aside."""
    found = db.session.scalars(select(User).options(selectinload(User.roles)).order_by(User.login))
    words = fold(search).split()
    return [user for user in found if all(word in fold(f"{user.name} {user.login}") for word in words)]


def user_by_id(user_id: int) -> User:
    """One account with its roles. NotFound."""
    user = db.session.scalar(select(User).where(User.id == user_id).options(selectinload(User.roles)))
    if user is None:
        raise NotFound()
    return user


def open_code(token: str) -> OneTimeCode | None:
    """The unused, unexpired one-time code this token stands for."""
    return db.session.scalar(
        select(OneTimeCode).where(
            OneTimeCode.token_hash == token_hash(token),
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now(),
        )
    )


def sign_ins_of(user_id: int) -> Sequence[SignIn]:
    """The open sign-ins of an account, the newest first."""
    mine = select(SignIn).where(SignIn.user_id == user_id, SignIn.expires_at > now())
    return db.session.scalars(mine.order_by(SignIn.created_at.desc(), SignIn.id.desc())).all()


def names_of_code(token: str) -> tuple[str, ...]:
    """Login and name of whose password this one-time code would set; a password may not be either."""
    held = select(User.login, User.name).join(OneTimeCode, OneTimeCode.user_id == User.id)
    row = db.session.execute(held.where(OneTimeCode.token_hash == token_hash(token))).one_or_none()
    return () if row is None else (row.login, row.name)
