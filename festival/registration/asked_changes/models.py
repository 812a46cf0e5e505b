"""Which changes of an approved family were asked or made, by whom and why, and what came of them?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText


class ChangeState(StrEnum):
    """Waiting for the organiser, carried out, or not."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    UNDONE = "undone"


class FamilyChange(Base):
    """What stood and what is wanted, as whole households; one at a time waits for a family."""

    __tablename__ = "family_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    number: Mapped[int]  # among the family's
    stood: Mapped[dict[str, Any]] = mapped_column(JsonText)
    wanted: Mapped[dict[str, Any]] = mapped_column(JsonText)
    why: Mapped[str]
    road: Mapped[str]  # "link" | "officer" | "office"
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    state: Mapped[ChangeState] = mapped_column(EnumText(ChangeState))
    reason: Mapped[str] = mapped_column(default="")  # of who decided
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("family_id", "number"),
        CheckConstraint("road IN ('link', 'officer', 'office')", name="road_known"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_then"),
        Index(
            "uq_family_change_waiting",
            "family_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )
