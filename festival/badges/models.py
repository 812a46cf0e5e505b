"""On which list does somebody outside families stand, with which title, seat and order?

The person is a row of `person` (one table for everybody who enters, decisions/0001) without a family. Whoever is taken off
a list has a standing `departure`, as somebody has who leaves a family, and a pass that opens nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.core.database import Base
from festival.core.types import EnumText, JsonText
from festival.editions.models import Festival
from festival.roster.models import BadgeClass, Delegation, Person

_PRESENT = text("identity <> ''")
_OPEN = text("delegation_id IS NULL AND closed_at IS NULL")


class BadgeList(Base):
    """A list of people: a delegation's own, or a sub-committee's under its name."""

    __tablename__ = "badge_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"), unique=True)
    code: Mapped[str] = mapped_column(unique=True)  # the delegation's, or one of its own
    name: Mapped[str] = mapped_column(default="")  # '' of a delegation's list: it is called as the delegation is
    folded: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    closed_at: Mapped[datetime | None]  # taken away while nobody stood on it
    festival: Mapped[Festival] = relationship()
    delegation: Mapped[Delegation | None] = relationship()

    __table_args__ = (
        CheckConstraint("(delegation_id IS NULL) = (name <> '')", name="named_or_of_delegation"),
        Index("uq_badge_list_name", "festival_id", "folded", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    @property
    def called(self) -> str:
        """The name people know it by."""
        return self.delegation.name if self.delegation is not None else self.name


class BadgeKind(Base):
    """A class of badges that an edition has of its own; at the gate it counts as its `base`."""

    __tablename__ = "badge_kind"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    code: Mapped[str] = mapped_column(unique=True)
    base: Mapped[BadgeClass] = mapped_column(EnumText(BadgeClass))
    word: Mapped[str]
    folded: Mapped[str]
    symbol: Mapped[str]
    colour: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("base <> 'family'", name="outside_families"),
        CheckConstraint("word <> ''", name="word_given"),
        UniqueConstraint("festival_id", "folded"),
    )


class BadgeImport(Base):
    """An Excel file that was read and shown; its rows go once they are written, the people stay tied to it."""

    __tablename__ = "badge_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("badge_list.id"))
    code: Mapped[str] = mapped_column(unique=True)
    file_name: Mapped[str] = mapped_column(default="")
    rows: Mapped[dict[str, Any]] = mapped_column(JsonText)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    written: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_badge_import_list", "list_id"),)


class BadgeHolder(Base):
    """What is known of somebody outside families beside the person: list, title as it is spoken, order of rank, seat."""

    __tablename__ = "badge_holder"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    list_id: Mapped[int] = mapped_column(ForeignKey("badge_list.id"))
    kind_id: Mapped[int | None] = mapped_column(ForeignKey("badge_kind.id"))  # a class in use cannot be removed
    honorific: Mapped[str] = mapped_column(default="")  # "đồng chí", "ông", "bà"
    title: Mapped[str] = mapped_column(default="")  # "Phó Chủ tịch Ủy ban nhân dân tỉnh"
    rank: Mapped[int | None]
    seat: Mapped[str] = mapped_column(default="")
    # Name, phone and title: nobody stands twice on a list. '' while taken off it, so that the place is free.
    identity: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("badge_import.id"))
    person: Mapped[Person] = relationship()

    __table_args__ = (
        CheckConstraint("rank IS NULL OR rank BETWEEN 1 AND 9999", name="rank_counted"),
        Index(
            "uq_badge_holder_identity",
            "list_id",
            "identity",
            unique=True,
            sqlite_where=_PRESENT,
            postgresql_where=_PRESENT,
        ),
        Index("ix_badge_holder_kind", "kind_id"),
        Index("ix_badge_holder_import", "import_id"),
    )
