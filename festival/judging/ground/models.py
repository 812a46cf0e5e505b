"""What was typed on the ground: which device types which contest, what it typed, and who has seen the result?

A reading is what one device typed when that was not at once the result: one of two counts taken blind, or a number typed
on a result that somebody else had changed meanwhile. Nothing that a device sent is lost, and nothing of it is overwritten.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText
from festival.judging.models import MeasureState


class GroundContest(Base):
    """A contest that was given to a device of the ground."""

    __tablename__ = "ground_contest"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    given_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    given_at: Mapped[datetime]


class ReadingState(StrEnum):
    """What became of a reading."""

    COUNTED = "counted"  # one of two counts: waits for the other
    OFFERED = "offered"  # typed on an older result: a person chooses
    SETTLED = "settled"  # taken into the result, set aside by a choice, or typed anew
    REFUSED = "refused"  # came after the lock: kept, counts nowhere


class GroundReading(Base):
    """What one device typed for one try, beside the result."""

    __tablename__ = "ground_reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    mid: Mapped[str] = mapped_column(unique=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    round: Mapped[int]
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    met_version: Mapped[int]  # the version of the result on which it was typed; 0: none
    state: Mapped[MeasureState | None] = mapped_column(EnumText(MeasureState))  # NULL: the result was to be taken back
    value: Mapped[int | None]
    answers: Mapped[str | None]  # question by question, see contests/questions/answers.py
    became: Mapped[ReadingState] = mapped_column(EnumText(ReadingState))
    received_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(state IS NOT NULL AND state = 'valid') = (value IS NOT NULL)", name="value_when_valid"),
        CheckConstraint("value IS NULL OR value >= 0", name="not_negative"),
        CheckConstraint("round >= 1 AND met_version >= 0", name="counted"),
        Index("ix_ground_reading_entry", "entry_id", "round"),
    )


class SeenHow(StrEnum):
    """How the head of a team has seen the result."""

    TAP = "tap"  # on the device
    PAPER = "paper"  # signed a slip; the secretary ticks it


class MeasureSeen(Base):
    """The head of the team has seen this version of a result, and agrees or disputes it."""

    __tablename__ = "measure_seen"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    round: Mapped[int]
    version: Mapped[int]
    how: Mapped[SeenHow] = mapped_column(EnumText(SeenHow))
    agrees: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")  # what is disputed, or why it was on paper
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    seen_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("entry_id", "round", "version"),
        CheckConstraint("version >= 1 AND round >= 1", name="counted_from_one"),
        CheckConstraint("agrees OR note <> ''", name="dispute_in_words"),
    )
