"""Who confirmed that names nobody had proofed are used all the same, which, and why?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText


class NameConfirmation(Base):
    """One confirmation. `names`: [key, digest] of each name as it was spelt then; changed later, it asks again."""

    __tablename__ = "name_confirmation"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))  # NULL = whole delegation
    names: Mapped[list[list[str]]] = mapped_column(JsonText)
    reason: Mapped[str]
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_name_confirmation_contest", "contest_id"),)
