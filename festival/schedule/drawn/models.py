"""What was changed after a draw, when do delegations try the stage, and which meeting drew, before whom?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText
from festival.schedule.drawn.changed import DrawChangeKind


class DrawChange(Base):
    """Two entries changed numbers, or entries approved later got theirs; undone newest first, never deleted.

    `entries`: the ids of both, or of the added in the order of their numbers.
    """

    __tablename__ = "draw_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    kind: Mapped[DrawChangeKind] = mapped_column(EnumText(DrawChangeKind))
    entries: Mapped[list[int]] = mapped_column(JsonText)
    heads: Mapped[list[str]] = mapped_column(JsonText)  # of a swap: who agreed, in the order of `entries`
    seed: Mapped[str] = mapped_column(default="")  # of added entries whose order followed from it
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    undone_why: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("kind = 'added' OR reason <> ''", name="reason_said"),
        CheckConstraint("(undone_at IS NULL) = (undone_why = '')", name="undone_why_said"),
        Index("ix_draw_change_draw", "draw_id"),
    )


class StageTrial(Base):
    """From when on the delegations of a contest try a stage, one after the other in the order of its draw."""

    __tablename__ = "stage_trial"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]  # of each delegation
    taken_back: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (CheckConstraint("minutes BETWEEN 1 AND 240", name="minutes_some"),)


class DrawMeeting(Base):
    """A meeting at which lots were drawn: who led it, who was there for each delegation, who witnessed for the absent.

    `attendance`: [delegation, name of who was there; '' = absent]. `contests`: ids of those it drew.
    """

    __tablename__ = "draw_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    number: Mapped[int]
    held_on: Mapped[date]
    place: Mapped[str]
    chair: Mapped[str]
    secretary: Mapped[str]
    contests: Mapped[list[int]] = mapped_column(JsonText)
    attendance: Mapped[list[list[Any]]] = mapped_column(JsonText)
    witnesses: Mapped[list[str]] = mapped_column(JsonText)
    dropped: Mapped[bool] = mapped_column(default=False)  # begun by mistake
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("festival_id", "number"),)
