"""Which search for a timetable was asked for, how far is it, and what has it found?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText
from festival.schedule.filling.chosen import FillState

UNDER_WAY = text("state IN ('waiting', 'running')")


class FillRun(Base):
    """One search by the solver. Of a festival one at most waits or runs. It names acts by their codes and nobody else.

    `choice`: see chosen.FillChoice; `found`: see searching.FillSearch.told; `step`, `basis`: the draft it began with; `seen_at`: when whoever
    searches last said so; `stopping`: somebody asked to keep what there is.
    """

    __tablename__ = "fill_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    state: Mapped[FillState] = mapped_column(EnumText(FillState), default=FillState.WAITING)
    stopping: Mapped[bool] = mapped_column(default=False)
    choice: Mapped[dict[str, Any]] = mapped_column(JsonText)
    limit_s: Mapped[int]
    step: Mapped[int]
    basis: Mapped[str]
    found: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict, server_default="{}")
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("limit_s BETWEEN 1 AND 3600", name="limit_bounded"),
        CheckConstraint("state <> 'running' OR (started_at IS NOT NULL AND seen_at IS NOT NULL)", name="running_since"),
        CheckConstraint("(ended_at IS NULL) = (state IN ('waiting', 'running'))", name="ended_then"),
        Index("uq_fill_run_under_way", "festival_id", unique=True, sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
        Index("ix_fill_run_festival", "festival_id", "id"),
    )
