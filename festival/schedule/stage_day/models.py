"""Which changes of a session's order were made on the day, and which of them were taken back?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import NEVER_AGAIN, Base
from festival.core.types import JsonText


class TurnChange(Base):
    """One act was put behind another. `before`, `after`: entries of the session in the order of the day."""

    __tablename__ = "turn_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    before: Mapped[list[int]] = mapped_column(JsonText)
    after: Mapped[list[int]] = mapped_column(JsonText)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint("undone_by IS NULL OR undone_at IS NOT NULL", name="undone_then"),
        Index("ix_turn_change_session", "session_id"),
        NEVER_AGAIN,
    )
