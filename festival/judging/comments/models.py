"""What has a judge written to a family, and is it held back?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base


class SheetComment(Base):
    """A judge's comment on an entry, for its family: one a judge and entry; empty `said`: taken back.

    `held`: why the chair keeps it back; empty: it goes to the family with the published result.
    """

    __tablename__ = "sheet_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    version: Mapped[int]
    said: Mapped[str]
    updated_at: Mapped[datetime]
    held: Mapped[str] = mapped_column(default="")
    held_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    held_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("judge_id", "entry_id"),
        CheckConstraint("version >= 1", name="counted_from_one"),
        Index("ix_sheet_comment_entry", "entry_id"),
    )
