"""Which imported families wait for somebody's agreement, and since when?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base


class WaitingFamily(Base):
    """Since when a family that was imported waits for somebody's agreement, how often it was warned about, when dropped."""

    __tablename__ = "waiting_family"

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]
    warned: Mapped[int] = mapped_column(default=0)
    warned_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("warned >= 0 AND warned <= 2", name="warned_counted"),)
