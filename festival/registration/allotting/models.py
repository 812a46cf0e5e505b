"""When was a delegation reminded of what it lacks?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base


class DelegationReminder(Base):
    """When the officers of a delegation were last reminded of what it lacks, and how often."""

    __tablename__ = "delegation_reminder"

    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), primary_key=True)
    reminded_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)

    __table_args__ = (CheckConstraint("times > 0", name="times_counted"),)
