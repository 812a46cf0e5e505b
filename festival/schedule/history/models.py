"""Which steps made the draft what it is, and which way out is kept ready?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText


class DraftStep(Base):
    """One change of the draft: what it did to which stages, sessions and acts, so that it can be taken back as one."""

    __tablename__ = "draft_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    kind: Mapped[str]
    said: Mapped[dict[str, Any]] = mapped_column(JsonText)  # values of its words; an act by the id of its entry
    changed: Mapped[dict[str, Any]] = mapped_column(JsonText)  # see history.difference
    by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    undone: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index("ix_draft_step_festival", "festival_id", "id"),)


class WayOut(Base):
    """Sessions that are to move together if it comes to that (rain): kept, taken or thrown away, and had back."""

    __tablename__ = "way_out"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    wanted: Mapped[dict[str, Any]] = mapped_column(JsonText)  # see moving.shifting.Shift
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
