"""Who took whose seat in a panel, when and why; and to whom a judge said to be related.

A seat is known by the row of who was given it first (`root`). The letter and the duty stand in the row of whoever sits
there now; who sat there before keeps a row without letter, on which the sheets that were given hang.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import NEVER_AGAIN, Base


class SeatReplacement(Base):
    """One time a seat of a panel went to somebody else. Of two at the same moment `number` lets one through."""

    __tablename__ = "seat_replacement"

    id: Mapped[int] = mapped_column(primary_key=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    number: Mapped[int]  # of this seat: 1, 2, …, those that were taken back counted too
    out_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    in_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    letter: Mapped[str]
    reason: Mapped[str]
    replaced_at: Mapped[datetime]
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # or the organiser who stood for it
    secretary_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_why: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("root_id", "number"),
        CheckConstraint("out_id <> in_id", name="another_person"),
        CheckConstraint("number >= 1", name="counted_from_one"),
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_why = '')", name="taken_back_with_reason"),
    )


class DeclaredRelation(Base):
    """Somebody who judges said to be related to a unit or a family: a tie is proposed from it, never made by itself."""

    __tablename__ = "declared_relation"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    words: Mapped[str]  # "con gái dự thi", "công tác tại huyện"
    declared_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (family_id IS NULL)", name="a_unit_or_a_family"),
        UniqueConstraint("festival_id", "user_id", "unit_id"),
        UniqueConstraint("festival_id", "user_id", "family_id"),
        NEVER_AGAIN,
    )


class RelationDismissed(Base):
    """The organiser decided that a declared relation is no tie for this seat, and why."""

    __tablename__ = "relation_dismissed"

    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), primary_key=True)
    relation_id: Mapped[int] = mapped_column(ForeignKey("declared_relation.id", ondelete="CASCADE"), primary_key=True)
    reason: Mapped[str]
    dismissed_at: Mapped[datetime]
    dismissed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
