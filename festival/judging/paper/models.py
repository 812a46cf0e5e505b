"""Who marks on paper, what was typed from which slip by whom, which photo lies beside it, and what the border check found?

A typing is no sheet: it is held until a second person typed the same slip. Rows are never changed in what they say; a
correction is a further row, and what it replaces stays beside it. That two people type, and that one of them is not the
other, is held by unique indices, not by who asked first.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText

WAITING = text("state IN ('held', 'differs')")
STANDING = text("standing")


def _one_standing(name: str, *columns: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=STANDING, postgresql_where=STANDING)


class PaperSeat(Base):
    """A judge of whom slips are expected, and no tablet."""

    __tablename__ = "paper_seat"

    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), primary_key=True)
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    noted_at: Mapped[datetime]


class TypingState(StrEnum):
    """What became of a typing. `held` and `differs` wait; of the others nothing is waited for."""

    HELD = "held"  # the first of two
    DIFFERS = "differs"  # from the other typing, or from the judge's tablet
    AGREED = "agreed"  # both say the same, the sheet stands
    DECIDED = "decided"  # somebody else decided what the slip says
    DROPPED = "dropped"  # taken back, or typed again by the same person


class SlipTyping(Base):
    """What one person typed from one slip: marks by criterion code, and the total that stands on the slip."""

    __tablename__ = "slip_typing"

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    round: Mapped[int] = mapped_column(default=1)
    place: Mapped[int]  # the first typing of the slip, or the second
    state: Mapped[TypingState] = mapped_column(EnumText(TypingState))
    marks: Mapped[dict[str, int]] = mapped_column(JsonText)
    total_milli: Mapped[int]
    note: Mapped[str]
    typed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    typed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("place IN (1, 2)", name="two_places"),
        CheckConstraint("round >= 1", name="counted_from_one"),
        *(
            Index(f"uq_slip_typing_{name}", "judge_id", "entry_id", "round", column, unique=True,
                  sqlite_where=WAITING, postgresql_where=WAITING)
            for name, column in (("place", "place"), ("person", "typed_by"))
        ),
        Index("ix_slip_typing_entry", "entry_id"),
    )  # fmt: skip


class SlipDecision(Base):
    """What a slip says, decided by who typed it in neither time. `options`: what stood side by side, by name."""

    __tablename__ = "slip_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    round: Mapped[int] = mapped_column(default=1)
    options: Mapped[dict[str, Any]] = mapped_column(
        JsonText
    )  # {"first" | "second" | "sheet": {"marks", "total", "by"}}
    kept: Mapped[str]  # a name of `options`, or "typed"
    marks: Mapped[dict[str, int]] = mapped_column(JsonText)
    total_milli: Mapped[int]
    reason: Mapped[str]
    decided_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime]
    standing: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (_one_standing("uq_slip_decision_standing", "judge_id", "entry_id", "round"),)


class SlipPhoto(Base):
    """The picture of a slip (`entry_id`), or of the page a judge signed for a session (`session_id`); earlier ones are kept."""

    __tablename__ = "slip_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    content: Mapped[bytes]  # JPEG without anything the phone wrote into it; empty once it was erased
    sha256: Mapped[str]
    kept_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    kept_at: Mapped[datetime]
    standing: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        CheckConstraint("(entry_id IS NULL) <> (session_id IS NULL)", name="of_a_slip_or_a_page"),
        *(
            Index(f"uq_slip_photo_{name}", "judge_id", f"{name}_id", unique=True,
                  sqlite_where=text(f"standing AND {name}_id IS NOT NULL"),
                  postgresql_where=text(f"standing AND {name}_id IS NOT NULL"))
            for name in ("entry", "session")
        ),
    )  # fmt: skip


class BorderEnd(StrEnum):
    """Why a border check stands no more."""

    ANEW = "anew"  # begun anew, with a reason
    UNLOCKED = "unlocked"


class BorderCheck(Base):
    """Which slips are typed a third time before the signature, drawn from which dice.

    `slips`: [judge, entry, "border" | "drawn"]; `rest`: of how many the drawn ones were drawn.
    """

    __tablename__ = "border_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    number: Mapped[int]
    seed: Mapped[str]
    slips: Mapped[list[list[Any]]] = mapped_column(JsonText)
    rest: Mapped[int]
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    begun_at: Mapped[datetime]
    reason: Mapped[str]  # why it was begun anew
    standing: Mapped[bool] = mapped_column(default=True)
    ended: Mapped[BorderEnd | None] = mapped_column(EnumText(BorderEnd))

    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        CheckConstraint("number >= 1", name="counted_from_one"),
        _one_standing("uq_border_check_standing", "contest_id"),
    )


class BorderTyping(Base):
    """What the checker typed blind from a slip, and whether it is what was locked. `settled`: the panel's reason to sign."""

    __tablename__ = "border_typing"

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("border_check.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    marks: Mapped[dict[str, int]] = mapped_column(JsonText)
    total_milli: Mapped[int]
    same: Mapped[bool]
    typed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    typed_at: Mapped[datetime]
    standing: Mapped[bool] = mapped_column(default=True)
    settled: Mapped[str] = mapped_column(default="")
    names: Mapped[list[str]] = mapped_column(JsonText, default=list)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (_one_standing("uq_border_typing_standing", "check_id", "judge_id", "entry_id"),)


class SheetConfirmation(Base):
    """A judge saw on the own tablet what was locked and confirmed it, or two people say why nobody waits for it."""

    __tablename__ = "sheet_confirmation"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    digest: Mapped[str]
    mid: Mapped[str | None] = mapped_column(unique=True)  # of the tablet's message
    reason: Mapped[str]  # of an override
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    with_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    standing: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        CheckConstraint("(mid IS NULL) = (reason <> '')", name="confirmed_or_overridden"),
        _one_standing("uq_sheet_confirmation_standing", "contest_id", "judge_id"),
    )
