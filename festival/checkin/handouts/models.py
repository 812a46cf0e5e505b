"""What was handed to delegations at reception, message by message? Which holds is `standing`'s to say."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText


class Handout(Base):
    """One message of a desk about things handed to a delegation; never changed, a correction is a further row."""

    __tablename__ = "handout"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"))
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    device_number: Mapped[int]
    seq: Mapped[int]
    at_ms: Mapped[int]  # corrected
    station: Mapped[str]
    mid: Mapped[str]
    root: Mapped[str]  # the message it corrects; its own `mid` when it is the first
    items: Mapped[dict[str, int]] = mapped_column(JsonText)  # by kind of thing; {} = taken back
    receiver: Mapped[str]
    reason: Mapped[str]  # of a correction

    __table_args__ = (
        UniqueConstraint("device_id", "seq"),
        Index("ix_handout_delegation", "festival_id", "delegation_id"),
    )
