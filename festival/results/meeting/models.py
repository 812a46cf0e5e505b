"""On which decisions are the papers of an edition founded, and what did the secretary write of a panel's meeting?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText


class FoundingKind(StrEnum):
    """What a decision founded."""

    COMMITTEE = "committee"
    JURY = "jury"
    SECRETARIES = "secretaries"


class SaidOnce:
    """Columns of what somebody typed as a whole. `says` None: taken back; `before` is what one step back brings again."""

    says: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    before: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    version: Mapped[int]
    said_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    said_at: Mapped[datetime]


class FoundingPaper(SaidOnce, Base):
    """The decision that founded the committee, the jury or the secretaries: {"number", "day": ISO, "signer"}."""

    __tablename__ = "founding_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    what: Mapped[FoundingKind] = mapped_column(EnumText(FoundingKind))

    __table_args__ = (
        UniqueConstraint("festival_id", "what"),
        CheckConstraint("version >= 1", name="counted_from_one"),
    )


class PanelMeeting(SaidOnce, Base):
    """The meeting at which a panel signs: {"held_on": ISO, "opened", "closed": HH:MM, "place", "absent", "present", "guests",
    "copies", "receivers"}; `present` are judges' ids, `absent` pairs of such an id and the reason.
    """

    __tablename__ = "panel_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), unique=True)

    __table_args__ = (CheckConstraint("version >= 1", name="counted_from_one"),)
