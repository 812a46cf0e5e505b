"""Which passes were read where, and who is in?

Truth is one row per (person, purpose, day window), unique in the database, pointing at the scan that counts; the rule
of which scan counts is `admission`.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText


class Scan(Base):
    """One reading of a pass that was let in; refused readings stay in the device's mutations."""

    __tablename__ = "scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    device_number: Mapped[int]
    seq: Mapped[int]
    at_ms: Mapped[int]  # corrected
    gate: Mapped[str]
    pass_id: Mapped[int] = mapped_column(ForeignKey("pass.id"))
    purpose: Mapped[str]
    day_window: Mapped[str]
    persons: Mapped[list[str]] = mapped_column(JsonText)  # public codes, sorted
    how: Mapped[str]  # "camera", "typed", "search", "decided"

    __table_args__ = (
        UniqueConstraint("device_id", "seq"),
        CheckConstraint("how IN ('camera', 'typed', 'search', 'decided')", name="how_known"),
        Index("ix_scan_when", "festival_id", "at_ms", "device_number", "seq"),
    )


class Admission(Base):
    """A person let in for a purpose in a day window: once."""

    __tablename__ = "admission"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str]
    day_window: Mapped[str]
    scan_id: Mapped[int] = mapped_column(ForeignKey("scan.id"))
    # The winning scan's place in time, repeated here so that one conditional UPDATE decides who wins.
    at_ms: Mapped[int]
    device_number: Mapped[int]
    seq: Mapped[int]
    changed_ms: Mapped[int]  # server time of the last change; a gate asks "since", with an overlap

    __table_args__ = (
        UniqueConstraint("person_id", "purpose", "day_window"),
        Index("ix_admission_changed", "festival_id", "changed_ms"),
        Index("ix_admission_scan", "scan_id"),
    )
