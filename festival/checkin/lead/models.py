"""What did the lead decide of a reading that was set aside, and with which word was an incident of two gates closed?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText


class GateChoice(StrEnum):
    """What becomes of a reading that was set aside."""

    LET_IN = "let_in"
    KEPT_OUT = "kept_out"
    OPEN = "open"  # decided once, and taken back


class GateDecision(Base):
    """The decision that stands of one reading; those before it are in the ledger."""

    __tablename__ = "gate_decision"

    mid: Mapped[str] = mapped_column(ForeignKey("mutation.mid"), primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    choice: Mapped[GateChoice] = mapped_column(EnumText(GateChoice))
    reason: Mapped[str]
    version: Mapped[int]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("version >= 1", name="counted_from_one"),)


class IncidentWord(Base):
    """The word with which an incident was closed, by the scans it is of: one more scan makes it another incident."""

    __tablename__ = "incident_word"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    scans: Mapped[str]  # purpose, window, and each scan as device.seq
    word: Mapped[str]
    closed: Mapped[bool]
    version: Mapped[int]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("festival_id", "scans"),
        CheckConstraint("version >= 1", name="counted_from_one"),
    )
