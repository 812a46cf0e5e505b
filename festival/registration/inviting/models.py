"""Which link invites the officers of a delegation, and who asked for an account by it?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.core.database import Base
from festival.core.types import EnumText
from festival.roster.models import Delegation


class AskedState(StrEnum):
    """Where somebody stands who asked for an account: nobody may do anything before the organiser has confirmed it."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Invitation(Base):
    """The link by which officers of a delegation ask for an account; one stands, a new one makes the old one lead nowhere."""

    __tablename__ = "invitation"

    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), primary_key=True)
    issue: Mapped[int] = mapped_column(default=1)
    link_hash: Mapped[str | None] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    delegation: Mapped[Delegation] = relationship()

    __table_args__ = (CheckConstraint("issue > 0", name="issue_counted"),)


class AccountRequest(Base):
    """An account somebody asked for by an invitation: no account before it is confirmed, and none again when that is taken back.

    `number`: what the one who asked reads out on the phone, so that the organiser knows whose request it is.
    """

    __tablename__ = "account_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # unguessable
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"))
    issue: Mapped[int]  # of the link
    once_hash: Mapped[str] = mapped_column(unique=True)  # of one form, however often it is sent
    name: Mapped[str]
    phone: Mapped[str]
    password_hash: Mapped[str]
    number: Mapped[str]
    asked_at: Mapped[datetime]
    state: Mapped[AskedState] = mapped_column(EnumText(AskedState), default=AskedState.WAITING)
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    delegation: Mapped[Delegation] = relationship()

    __table_args__ = (
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("state <> 'confirmed' OR user_id IS NOT NULL", name="confirmed_with_an_account"),
        Index("ix_account_request_phone", "phone"),
        Index("ix_account_request_delegation", "delegation_id"),
    )
