"""Who has an account, what role, and which sign-ins are open?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.accounts.roles import Role
from festival.core.database import NEVER_AGAIN, Base
from festival.core.types import EnumText


class User(Base):
    """A person with an account: staff, officer, judge. Families have links instead."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    batch: Mapped[str] = mapped_column(default="", server_default="")  # the pasted list it was made from
    roles: Mapped[list[UserRole]] = relationship(back_populates="user", cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint("login <> ''", name="login_given"),
        CheckConstraint("name <> ''", name="name_given"),
        NEVER_AGAIN,
    )


class UserRole(Base):
    """A role somebody holds; which delegation, panel or contest it is for stands in the rooms above."""

    __tablename__ = "user_role"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(EnumText(Role), primary_key=True)
    user: Mapped[User] = relationship(back_populates="roles")


class SignIn(Base):
    """An open sign-in; the cookie holds the token, the database its hash."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(
        default="", server_default=""
    )  # two names its owner recognises, see `browsers`

    __table_args__ = (Index("ix_sign_in_user", "user_id"),)


class OneTimeCode(Base):
    """A code that lets somebody sign in once, issued by the organiser for a lost password."""

    __tablename__ = "one_time_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AccountPin(Base):
    """Six digits of an account's own, for confirming on a shared tablet what a password is too long for."""

    __tablename__ = "account_pin"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    pin_hash: Mapped[str]
    set_at: Mapped[datetime]
    misses: Mapped[int] = mapped_column(default=0)  # in a row; a right one puts it back
    missed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("pin_hash <> ''", name="pin_hash_given"),
        CheckConstraint("misses >= 0", name="misses_not_negative"),
    )


class SecondFactor(Base):
    """That an account is asked for a number of its phone too; the secret is derived from `issue` and is not here."""

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    issue: Mapped[int]
    on_since: Mapped[datetime | None]  # None: begun, not confirmed, not asked for
    last_step: Mapped[int] = mapped_column(default=0)  # the newest half minute whose number was used


class RecoveryCode(Base):
    """Comes in once in place of the phone's number; printed, kept here as a hash."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)
