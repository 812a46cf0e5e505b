"""What did each judge mark, and what was measured?

A sheet is unique per (judge, entry, round). What a judge did not mark is a state with a reason, never a zero. Every
version a sheet had or was offered is kept, and what arrived after the lock is kept apart, so nothing that was sent from
a tablet disappears.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.contests.models import Judge
from festival.contests.panel import SheetState
from festival.core.database import Base
from festival.core.types import EnumText, JsonText
from festival.roster.models import Entry


class ScoreSheet(Base):
    """What one judge fills for one entry in one round, as it stands now."""

    __tablename__ = "score_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    round: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[SheetState] = mapped_column(EnumText(SheetState))
    total_milli: Mapped[int | None]
    conflict: Mapped[bool] = mapped_column(default=False)  # two versions wait for this judge's choice
    on_paper: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")  # why not marked, or why the secretary typed a slip
    typed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    updated_at: Mapped[datetime]
    judge: Mapped[Judge] = relationship()
    entry: Mapped[Entry] = relationship()
    marks: Mapped[list[Mark]] = relationship(back_populates="sheet")

    __table_args__ = (
        UniqueConstraint("judge_id", "entry_id", "round"),
        CheckConstraint("(state = 'marked') = (total_milli IS NOT NULL)", name="total_when_marked"),
        CheckConstraint("round >= 1 AND version >= 1", name="counted_from_one"),
        Index("ix_score_sheet_entry", "entry_id"),
    )


class Mark(Base):
    """The number given for a criterion, in 1/1000 point."""

    __tablename__ = "mark"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheet.id", ondelete="CASCADE"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    milli: Mapped[int]
    sheet: Mapped[ScoreSheet] = relationship(back_populates="marks")

    __table_args__ = (CheckConstraint("milli BETWEEN -10000000 AND 10000000", name="within_reach"),)


class SheetRevision(Base):
    """A version a sheet had, or one that was offered on an older base and waits for the judge's choice.

    `content`: {"state", "marks": {criterion code: milli}, "total", "note", "on_paper"}.
    """

    __tablename__ = "sheet_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheet.id", ondelete="CASCADE"))
    version: Mapped[int]  # the one it became; for an offer, the one it met
    mid: Mapped[str | None] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    open_conflict: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]

    __table_args__ = (Index("ix_sheet_revision_sheet", "sheet_id"),)


class RefusedSheet(Base):
    """A sheet that came after the lock or that the judge may not fill: kept for the secretary, counted nowhere."""

    __tablename__ = "refused_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    mid: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    received_at: Mapped[datetime]

    __table_args__ = (Index("ix_refused_sheet_contest", "contest_id"),)


class MeasureState(StrEnum):
    """Whether a measured result counts; also notes that an entry of a judged contest did not appear."""

    VALID = "valid"
    DID_NOT_START = "dns"
    DID_NOT_FINISH = "dnf"
    DISQUALIFIED = "dsq"


class Measure(Base):
    """A count (whole number) or a time (ms) of an entry in one try (`round`), typed by the secretary."""

    __tablename__ = "measure"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    round: Mapped[int] = mapped_column(default=1)
    state: Mapped[MeasureState] = mapped_column(EnumText(MeasureState), default=MeasureState.VALID)
    value: Mapped[int | None]
    answers: Mapped[str | None]  # of a contest with questions: what became of each, see contests/questions/answers.py
    version: Mapped[int] = mapped_column(default=1)
    typed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    updated_at: Mapped[datetime]
    entry: Mapped[Entry] = relationship()

    __table_args__ = (
        UniqueConstraint("entry_id", "round"),
        CheckConstraint("(state = 'valid') = (value IS NOT NULL)", name="value_when_valid"),
        CheckConstraint("value IS NULL OR value >= 0", name="not_negative"),
    )


class FinalOrder(Base):
    """Who is first, second, … of a match contest: ids of entries best first, those that share a place in one group.

    Empty `places`: taken back. A contest of an earlier release may hold bare numbers in `measure` instead; they count only
    where it was locked with them.
    """

    __tablename__ = "final_order"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    places: Mapped[list[list[int]]] = mapped_column(JsonText)
    version: Mapped[int]
    typed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    updated_at: Mapped[datetime]


class MeasureRevision(Base):
    """What a try (`entry_id`, `round`) or a final order (both NULL) said before it was changed or taken back.

    `content`: {"state", "value", "version"} of a try (and "answers" where there are any), {"places", "version"} of a final order.
    """

    __tablename__ = "measure_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    round: Mapped[int | None]
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(entry_id IS NULL) = (round IS NULL)", name="a_try_or_an_order"),
        Index("ix_measure_revision_contest", "contest_id"),
    )


class Overtime(Base):
    """Seconds an act ran over its time (negative: ended before it), noted by the time-keeper; the penalty follows by rule."""

    __tablename__ = "overtime"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    seconds: Mapped[int]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    noted_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("seconds BETWEEN -36000 AND 36000000", name="within_reach"),)


class SeatCall(Base):
    """The secretary asks a judge for the sheet of an entry; it shows on the judge's own tablet until the judge has seen it."""

    __tablename__ = "seat_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    called_at: Mapped[datetime]
    called_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    seen_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_seat_call_open",
            "judge_id",
            "entry_id",
            unique=True,
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
    )


class Deduction(Base):
    """Points that the secretary took off an entry by a name of the rules, and whether that was taken back; nothing is deleted."""

    __tablename__ = "deduction"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    number: Mapped[int]  # 1, 2, … of this entry
    code: Mapped[str]  # as the rules of the contest name it
    reason: Mapped[str]
    points_milli: Mapped[int]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    given_at: Mapped[datetime]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("entry_id", "number"),
        CheckConstraint("points_milli > 0", name="takes_something"),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("taken_back_at IS NOT NULL OR taken_back_reason = ''", name="no_reason_before"),
    )


class Plate(Base):
    """The code under a plate of a contest that is judged blind, so that judges do not know whose it is; the number of its entry is nobody's but the secretary's."""

    __tablename__ = "plate"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    number: Mapped[int]

    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 9999", name="number_written"),
    )
