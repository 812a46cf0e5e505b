"""What has the organiser announced, to whom and until when? Which message has gone into a group, which turns was whom told?"""

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


class ToldWay(StrEnum):
    """How a message went."""

    LETTER = "letter"
    BY_HAND = "hand"  # copied into a group or to a family, and ticked


class TurnsTold(Base):
    """A message with turns went to a family, or (`family_id` None) to a delegation's group: `turns` by the code of the family,
    as that version said them. The last one that was not taken back is what its readers know.
    """

    __tablename__ = "turns_told"

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id", ondelete="CASCADE"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    version: Mapped[int]
    way: Mapped[ToldWay] = mapped_column(EnumText(ToldWay))
    turns: Mapped[dict[str, list[list[Any]]]] = mapped_column(JsonText)
    told_at: Mapped[datetime]
    told_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    taken_back_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("version > 0", name="version_some"),
        Index("ix_turns_told_whose", "delegation_id", "family_id"),
    )
