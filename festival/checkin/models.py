"""Which passes were read where, and who is in?

Truth is one row per (person, purpose, window), unique in the database, pointing at the scan that counts; the rule
of which scan counts is `merge`.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText


class Scan(Base):
    """One reading of a pass that counts: in or out; refused readings stay in the device's mutations.

    `pass_id` is None of a pass nobody issued, let in against the rule: its list id is `unknown_list`, and `unnamed`
    says how many people.
    """

    __tablename__ = "scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    device_number: Mapped[int]
    seq: Mapped[int]
    at_ms: Mapped[int]  # corrected
    gate: Mapped[str]
    mid: Mapped[str | None] = mapped_column(unique=True)  # None: a scan of an early release whose message is gone
    pass_id: Mapped[int | None] = mapped_column(ForeignKey("pass.id"))
    unknown_list: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str]
    day_window: Mapped[str]
    persons: Mapped[list[str]] = mapped_column(JsonText)  # public codes, sorted
    how: Mapped[str]
    way: Mapped[str] = mapped_column(default="in")
    forced: Mapped[bool] = mapped_column(default=False)
    not_allowed: Mapped[bool] = mapped_column(default=False)  # forced where the rule would have refused
    unnamed: Mapped[int] = mapped_column(default=0)
    undone: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        UniqueConstraint("device_id", "seq"),
        CheckConstraint(
            "how IN ('camera', 'scanner', 'photo', 'typed', 'search', 'phone', 'decided', 'paper', 'desk')",
            name="how_known",
        ),
        CheckConstraint("way IN ('in', 'out')", name="way_known"),
        CheckConstraint("(pass_id IS NULL) = (unknown_list <> '')", name="one_pass"),
        CheckConstraint("forced OR NOT not_allowed", name="only_by_force"),
        CheckConstraint("unnamed BETWEEN 0 AND 1000", name="unnamed_some"),
        Index("ix_scan_when", "festival_id", "at_ms", "device_number", "seq"),
    )


class ScanUndo(Base):
    """Somebody took a reading back. It may have come before the reading it speaks of, and then waits for it."""

    __tablename__ = "scan_undo"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    scan_mid: Mapped[str]
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    device_number: Mapped[int]
    seq: Mapped[int]
    at_ms: Mapped[int]  # corrected
    by_lead: Mapped[bool]

    __table_args__ = (UniqueConstraint("device_id", "seq"), Index("ix_scan_undo_scan", "scan_mid"))


class Admission(Base):
    """A person let in for a purpose in a window: once. `annulled`: no scan that lets this person in counts any more."""

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
    annulled: Mapped[bool] = mapped_column(default=False)
    # Where this person is: known only from the first exit on; `last_…` is the place in time of what decided it.
    outside: Mapped[bool] = mapped_column(default=False)
    last_ms: Mapped[int | None]
    last_device: Mapped[int | None]
    last_seq: Mapped[int | None]
    came: Mapped[int] = mapped_column(default=0)  # what the last write did to the row, for whoever wrote it: `admit`
    changed_ms: Mapped[int]  # server time of the last change; a gate asks "since", with an overlap

    __table_args__ = (
        UniqueConstraint("person_id", "purpose", "day_window"),
        Index("ix_admission_changed", "festival_id", "changed_ms"),
        Index("ix_admission_scan", "scan_id"),
    )
