"""What has the organiser announced, to whom and until when? Which message has gone into a delegation's group?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.core.database import Base
from festival.core.types import EnumText, JsonText
from festival.editions.models import Festival
from festival.roster.models import Delegation


class Audience(StrEnum):
    """Who reads an announcement."""

    ALL = "all"
    DELEGATION = "delegation"
    ENTRY = "entry"  # those of one act


class AnnouncementState(StrEnum):
    """Whether an announcement stands; one that is over simply passes its hour."""

    STANDING = "standing"
    WITHDRAWN = "withdrawn"


class Announcement(Base):
    """Something the organiser says to everybody, a delegation or those of one act, until an hour.

    `typed_key`: of the form it was typed in, so that one press too many makes no second one. An entry is named by its code:
    it may leave the festival, what was announced to it stays readable. `earlier`: how it read before it was corrected.
    """

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    typed_key: Mapped[str] = mapped_column(unique=True)
    audience: Mapped[Audience] = mapped_column(EnumText(Audience))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    entry_code: Mapped[str] = mapped_column(default="")
    words: Mapped[str]
    until: Mapped[datetime]
    state: Mapped[AnnouncementState] = mapped_column(EnumText(AnnouncementState), default=AnnouncementState.STANDING)
    version: Mapped[int] = mapped_column(default=1)
    earlier: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime | None]
    festival: Mapped[Festival] = relationship()
    delegation: Mapped[Delegation | None] = relationship()

    __table_args__ = (
        CheckConstraint(
            "(audience = 'delegation') = (delegation_id IS NOT NULL) AND (audience = 'entry') = (entry_code <> '')",
            name="audience_named",
        ),
        CheckConstraint("words <> ''", name="words_given"),
        Index("ix_announcement_until", "festival_id", "until"),
    )


class MessageSent(Base):
    """Somebody ticked that a delegation's message is in its group; `digest`: of the words that went, so that a change shows."""

    __tablename__ = "message_sent"

    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str]
    sent_at: Mapped[datetime]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
