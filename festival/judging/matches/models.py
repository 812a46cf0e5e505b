"""What was drawn for a knock-out, and what was typed of each match?

A draw that was replaced or taken back stays (`ended_at`); one is in force. A match has a row as soon as something was
typed of it; taken back, `how` is empty. `before`: what stood there earlier, the oldest first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText
from festival.judging.matches.match_rule import HowEnded


class BracketDraw(Base):
    """A draw; `lines`: ids of entries on the lines of the first round from above, 0 a bye."""

    __tablename__ = "bracket_draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    drawing: Mapped[int]  # the how manieth of the contest
    seed: Mapped[str]
    lines: Mapped[list[int]] = mapped_column(JsonText)
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    drawn_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("contest_id", "drawing"),
        CheckConstraint("drawing >= 1", name="counted_from_one"),
        Index(
            "uq_bracket_draw_in_force",
            "contest_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class PlayedMatch(Base):
    """What stands of a match: who met whom, how it ended, its sets, who goes on."""

    __tablename__ = "played_match"

    draw_id: Mapped[int] = mapped_column(ForeignKey("bracket_draw.id", ondelete="CASCADE"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    a_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    b_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    how: Mapped[HowEnded | None] = mapped_column(EnumText(HowEnded))
    winner_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    sets: Mapped[list[list[int]]] = mapped_column(JsonText)
    version: Mapped[int]
    before: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    typed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    mid: Mapped[str | None]  # the device's message that wrote it; none where a person did
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(winner_id IS NOT NULL) = (how IS NOT NULL AND how <> 'nobody')", name="winner_when_ended"),
        CheckConstraint("winner_id IS NULL OR winner_id = a_id OR winner_id = b_id", name="winner_played"),
        CheckConstraint("a_id <> b_id", name="two_sides"),
        CheckConstraint("round >= 1 AND number >= 1 AND version >= 0", name="counted_from_one"),
    )
