"""Which passes were issued, to whom, and which of them still opens a gate?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText


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
    # the blank pass that was claimed: its codes are these, not those of owner and issue. No foreign key, for the SQLite of old
    blank_id: Mapped[int | None]

    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN family_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN delegation_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_owner",
        ),
        Index("uq_pass_family", "family_id", "issue", unique=True),
        Index("uq_pass_delegation", "delegation_id", "issue", unique=True),
        Index("uq_pass_person", "person_id", "issue", unique=True),
        Index("uq_pass_blank", "blank_id", unique=True),
    )


class BlankPass(Base):
    """A card printed without a name, to be claimed on the day; whose it is says the pass that bears its number."""

    __tablename__ = "blank_pass"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    number: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        UniqueConstraint("festival_id", "number"),
        CheckConstraint("number >= 1", name="number_positive"),
    )


class CardBack(Base):
    """What an organiser wrote for the back of an edition's cards; no row = the standard (`back`)."""

    __tablename__ = "card_back"

    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"), primary_key=True)
    help_lines: Mapped[list[dict[str, str]]] = mapped_column(
        JsonText
    )  # of an earlier release, [{"words": …, "number": …}]; [] = those of the help table
    directions: Mapped[str] = mapped_column(default="")
    map_link: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
