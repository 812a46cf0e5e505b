"""Which father, mother or guardian has a link of the own, and when was a family reminded of what is missing?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText

PARENT_MISSES_MOST = 10


class ParentLink(Base):
    """A link for one who agrees for children of a family, on that one's own phone; it asks for that phone's last four digits.

    `children` are codes of people; `then_send`: the family sent its form when it named this one, so the registration goes
    for approval once everybody has agreed. `ended_how`: "taken_back", "refused".
    """

    __tablename__ = "parent_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    name: Mapped[str]
    given_as: Mapped[str]  # "father", "mother", "guardian"
    phone: Mapped[str]
    children: Mapped[list[str]] = mapped_column(JsonText)
    issue: Mapped[int] = mapped_column(default=1)
    link_hash: Mapped[str | None] = mapped_column(unique=True)
    misses: Mapped[int] = mapped_column(default=0)
    then_send: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("given_as IN ('father', 'mother', 'guardian')", name="given_as_known"),
        CheckConstraint("misses >= 0 AND misses <= 10", name="misses_counted"),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended_somehow"),
        Index("ix_parent_link_family", "family_id"),
    )


class AgreementReminder(Base):
    """When a family was last reminded of agreements that are missing, and how often."""

    __tablename__ = "agreement_reminder"

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), primary_key=True)
    reminded_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
