"""Which passes were issued, to whom, and which of them still opens a gate?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base


class Pass(Base):
    """The QR credential of a family, a delegation or a person; re-issue makes the old one a tombstone."""

    __tablename__ = "pass"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issue: Mapped[int] = mapped_column(default=1)
    list_id: Mapped[str] = mapped_column(unique=True)  # 32 hex: SHA-256("id" ‖ token)[:16]
    typed_hash: Mapped[str] = mapped_column(unique=True)
    # Which try at a typed code that no other pass has; None: a pass of the first form (passes/first_form)
    typed_attempt: Mapped[int | None] = mapped_column(default=0)
    issued_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN family_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN delegation_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_owner",
        ),
        Index("uq_pass_family", "family_id", "issue", unique=True),
        Index("uq_pass_delegation", "delegation_id", "issue", unique=True),
        Index("uq_pass_person", "person_id", "issue", unique=True),
    )
