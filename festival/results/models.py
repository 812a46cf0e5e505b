"""What was locked, decided, signed, released and published?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.contests.models import Contest, ContestState
from festival.core.database import Base
from festival.core.types import EnumText, JsonText
from festival.registration.models import Entry


class Standing(Base):
    """A computed position with its reasons, as it was at the lock."""

    __tablename__ = "standing"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    place: Mapped[int | None]  # NULL = takes no place (absent, disqualified)
    shared: Mapped[bool] = mapped_column(default=False)
    score_milli: Mapped[int | None]
    reasons: Mapped[dict[str, Any]] = mapped_column(JsonText)
    entry: Mapped[Entry] = relationship()

    __table_args__ = (UniqueConstraint("contest_id", "entry_id"), Index("ix_standing_place", "contest_id", "place"))


class Award(Base):
    """What is given to an entry (or, for the whole-delegation prize, to a delegation)."""

    __tablename__ = "award"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))  # NULL = whole delegation
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    prize: Mapped[str]
    position: Mapped[int]  # of the prize: 1 = highest
    special: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint("(entry_id IS NULL) <> (delegation_id IS NULL)", name="one_winner"),
        UniqueConstraint("contest_id", "entry_id", "prize"),
    )


class LockProposal(Base):
    """The secretary's half of a lock: what the chair is asked to confirm."""

    __tablename__ = "lock_proposal"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    content_hash: Mapped[str]  # of the standings as proposed; marks that arrive later make it void
    proposed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]


class StateChange(Base):
    """Each step of a contest on the ladder of states, by whom and with which paper."""

    __tablename__ = "state_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    state: Mapped[ContestState] = mapped_column(EnumText(ContestState))
    at: Mapped[datetime]
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    with_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # the second person
    note: Mapped[str] = mapped_column(default="")  # override reason, decision number
    ledger_size: Mapped[int | None]
    ledger_hash: Mapped[str] = mapped_column(default="")
    contest: Mapped[Contest] = relationship()

    __table_args__ = (UniqueConstraint("contest_id", "state"),)


class JuryDecision(Base):
    """A recorded decision of the jury on a tie or a prize: reason and names, never a silent order."""

    __tablename__ = "jury_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    order: Mapped[list[int]] = mapped_column(JsonText)  # tied entry ids, best first
    reason: Mapped[str]
    names: Mapped[list[str]] = mapped_column(JsonText)  # who decided
    decided_at: Mapped[datetime]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (CheckConstraint("reason <> ''", name="reason_given"),)
