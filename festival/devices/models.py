"""Which devices may speak for the festival, and what has each of them said?

A mutation is kept with its verdict under its mid for as long as the festival lives: the same mid gets the same answer,
after any number of lost answers, restarts and restored backups.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText
from festival.devices.handlers import DeviceRole


class Device(Base):
    """A phone or tablet enrolled for one role; people call it by its number, "máy 7"."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(unique=True)  # unguessable, named in what the device signs
    role: Mapped[DeviceRole] = mapped_column(EnumText(DeviceRole))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    station: Mapped[str] = mapped_column(default="")  # "Cổng 1", "Sân khấu A"
    name: Mapped[str] = mapped_column(default="")  # what the phone calls itself
    token_hash: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[dict[str, Any] | None] = mapped_column(JsonText)  # JWK, P-256
    enrolled_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    seq_max: Mapped[int] = mapped_column(default=0)
    seq_count: Mapped[int] = mapped_column(default=0)  # distinct sequence numbers held; < seq_max means a gap
    offset_ms: Mapped[int] = mapped_column(default=0)
    app: Mapped[str] = mapped_column(default="")  # the release its page is of, as it told when it asked what is new
    # As it told last, about once a minute while its page is open; null = it never said.
    battery: Mapped[int | None]  # percent
    unsent: Mapped[int | None]  # entries in its outbox
    storage_used: Mapped[int | None]  # percent of what its browser lets it keep
    persisted: Mapped[bool | None]  # whether its browser has promised to keep what it stores
    clock_ms: Mapped[int | None]  # how far its own clock is ahead of ours; below 0 = behind

    __table_args__ = (
        UniqueConstraint("festival_id", "number"),
        CheckConstraint("seq_count >= 0 AND seq_count <= seq_max", name="seq_counted"),
    )


class DeviceShift(Base):
    """From when on somebody holds a device; the last one that was not taken back counts. Without a name: put away."""

    __tablename__ = "device_shift"

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    holder: Mapped[str]
    began_at: Mapped[datetime]
    said_at: Mapped[datetime]
    said_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # None: on the device itself
    mid: Mapped[str | None] = mapped_column(unique=True)  # the device's message
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint("mid IS NOT NULL OR said_by IS NOT NULL", name="somebody_said_it"),
        Index("ix_device_shift_device", "device_id", "began_at"),
    )


class EnrolmentCode(Base):
    """A one-time code from the office screen; used once, whoever types it first."""

    __tablename__ = "enrolment_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    code_hash: Mapped[str] = mapped_column(unique=True)
    role: Mapped[DeviceRole] = mapped_column(EnumText(DeviceRole))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    station: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    issued_by: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id")
    )  # None: before 0.4, or made by the demo


class Activation(Base):
    """How far a judge's tablet has come with its judge; until `activated_at` is set it sees and says nothing."""

    __tablename__ = "activation"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True, autoincrement=False)
    misses: Mapped[int] = mapped_column(default=0)  # of card and PIN, in a row
    missed_at: Mapped[datetime | None]
    activated_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("misses >= 0", name="misses_not_negative"),)


class SealedCard(Base):
    """A judge's sealed card: good once, to set the own PIN. Its digits follow from the pass key and are kept nowhere."""

    __tablename__ = "sealed_card"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    issued_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # used, or another one was made
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))  # the tablet it was used on

    __table_args__ = (
        CheckConstraint("device_id IS NULL OR ended_at IS NOT NULL", name="used_cards_have_ended"),
        Index(
            "uq_sealed_card_good",
            "user_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class Mutation(Base):
    """One message of a device with the answer it got; a row exists only for answers that were committed."""

    __tablename__ = "mutation"

    mid: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    seq: Mapped[int]
    version: Mapped[int]
    kind: Mapped[str]
    subject: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JsonText)
    base_version: Mapped[int | None]
    wall_ms: Mapped[int]
    offset_ms: Mapped[int]
    prev_hash: Mapped[str | None]
    digest: Mapped[str]  # SHA-256 of its canonical JSON: what the next one carries as prev_hash
    sig: Mapped[str | None]
    received_at: Mapped[datetime]
    verdict: Mapped[str]
    reason: Mapped[str | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JsonText)
    ledger_stream: Mapped[str | None]
    seen_at: Mapped[datetime | None]  # when a person acknowledged a quarantined or rejected one
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        UniqueConstraint("device_id", "seq"),
        CheckConstraint(
            "verdict IN ('applied', 'duplicate', 'conflict', 'quarantined', 'rejected')", name="verdict_known"
        ),
        Index("ix_mutation_verdict", "verdict", "received_at"),
    )


class DeviceNote(Base):
    """Something about a device a person should look at: a reused mid, a clock that jumped, a broken chain."""

    __tablename__ = "device_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    noted_at: Mapped[datetime]
    kind: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JsonText)

    __table_args__ = (Index("ix_device_note_device", "device_id", "noted_at"),)
