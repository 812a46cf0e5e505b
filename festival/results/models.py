"""What was locked, decided, awarded, and which step was taken when?"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.contests.models import Contest, ContestState
from festival.core.database import Base
from festival.core.types import Day, EnumText, JsonText
from festival.results.standings import ResultState
from festival.roster.models import Entry


class Standing(Base):
    """A computed position with its reasons, as it was at the lock (and after a decision on a tie)."""

    __tablename__ = "standing"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    state: Mapped[ResultState] = mapped_column(EnumText(ResultState))
    place: Mapped[int | None]  # NULL = takes no place (absent, disqualified)
    shared: Mapped[bool] = mapped_column(default=False)
    score_milli: Mapped[int | None]  # 1/1000 points; for count and time the measured value
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)  # each as core.sentence.to_json keeps it
    detail: Mapped[dict[str, Any]] = mapped_column(JsonText)  # how the panel's mean came about
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
    # Both names as they stand on the signed minutes, or on the last amendment; NULL before the minutes are signed.
    name: Mapped[str | None]
    delegation: Mapped[str | None]
    amended_at: Mapped[datetime | None]  # the names are those of an amendment
    named_later: Mapped[datetime | None]  # of an older release: the names of this moment, not of the signing

    __table_args__ = (
        CheckConstraint("(entry_id IS NULL) <> (delegation_id IS NULL)", name="one_winner"),
        UniqueConstraint("contest_id", "entry_id", "prize"),
        # NULLs are never equal to the constraint above: this one lets a delegation have one prize of the whole
        Index(
            "uq_award_delegation",
            "festival_id",
            "delegation_id",
            unique=True,
            sqlite_where=text("contest_id IS NULL"),
            postgresql_where=text("contest_id IS NULL"),
        ),
    )


class StateChange(Base):
    """Each step of a contest on the ladder of states, by whom and with which paper."""

    __tablename__ = "state_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    state: Mapped[ContestState] = mapped_column(EnumText(ContestState))
    at: Mapped[datetime]
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    with_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # the second person
    number: Mapped[str] = mapped_column(default="")  # of the minutes, of the award decision
    note: Mapped[str] = mapped_column(default="")  # the reason of an override
    papers_reason: Mapped[str] = mapped_column(
        default="", server_default=""
    )  # why the MC reads before the signed papers are here
    paper_day: Mapped[date | None]  # of the award decision, as on the paper; it may follow later
    ledger_size: Mapped[int | None]  # of the stream of marks, as it was at this step
    ledger_hash: Mapped[str] = mapped_column(default="")
    contest: Mapped[Contest] = relationship()

    __table_args__ = (UniqueConstraint("contest_id", "state"),)


class UnlockReason(StrEnum):
    """Why a locked contest is opened again."""

    PANEL = "panel"  # it cannot be signed as it is: nobody sits in its panel
    SHEETS = "sheets"  # sheets are missing that can still come
    WRONG_MARK = "wrong_mark"  # a mark or a result was typed wrong
    OTHER = "other"


class Unlocking(Base):
    """A contest was opened again before its minutes were signed; the lock that was taken back stays readable."""

    __tablename__ = "unlocking"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    code: Mapped[UnlockReason] = mapped_column(EnumText(UnlockReason))
    reason: Mapped[str]
    at: Mapped[datetime]
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    with_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    locked_at: Mapped[datetime]
    locked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    locked_with: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    locked_note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason_given"),
        Index("ix_unlocking_contest", "contest_id"),
    )


class TakeBackReason(StrEnum):
    """Why a result is taken back."""

    EARLY = "early"  # nothing is wrong with it: the MC goes on reading
    WRONG = "wrong"  # it is wrong, or in doubt: the MC does not read it any more either


class ResultTakenBack(Base):
    """A result was taken from the public page, one that is in doubt from the MC too; the steps that were taken back stay readable."""

    __tablename__ = "result_taken_back"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    code: Mapped[TakeBackReason] = mapped_column(EnumText(TakeBackReason))
    reason: Mapped[str]
    at: Mapped[datetime]
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    with_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None]  # NULL: it was not public yet
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_note: Mapped[str] = mapped_column(default="")
    released_at: Mapped[datetime | None]  # NULL: the MC goes on reading
    released_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    released_with: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    released_note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("by_user <> with_user", name="two_people"),
        CheckConstraint(
            "(code = 'early' AND published_at IS NOT NULL AND released_at IS NULL)"
            " OR (code = 'wrong' AND released_at IS NOT NULL)",
            name="what_goes",
        ),
        # a publication, and a release, is taken back once
        UniqueConstraint("contest_id", "published_at"),
        UniqueConstraint("contest_id", "released_at"),
    )


class StandingAmendment(Base):
    """The standings of signed minutes were amended: what was entered, and how everybody stands before and after it.

    The signed record (sheets, measures, `standing`) stays as it is; the last amendment of a subject is the one in force.
    The subject is a contest, or, without one, the whole delegation of the festival. `corrections`: all that differs from the
    signed record now, as `amended.corrections` reads it. `before`, `standings`: {"entry", "state", "place", "shared",
    "value", "prize"}, best first, no names; of the whole delegation the lines as `whole_minutes` keeps them.
    """

    __tablename__ = "standing_amendment"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))  # NULL = whole delegation
    ordinal: Mapped[int]  # 1, 2, 3 … of its subject: of two made on one reading only one is stored
    corrections: Mapped[dict[str, Any]] = mapped_column(JsonText)
    before: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    standings: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    # by special prize the code of the entry, of the whole delegation none
    specials_before: Mapped[dict[str, str]] = mapped_column(JsonText, default=dict, server_default="{}")
    specials: Mapped[dict[str, str]] = mapped_column(JsonText, default=dict, server_default="{}")
    number: Mapped[str]  # of its minutes
    reason: Mapped[str]
    at: Mapped[datetime]
    by_user: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # the chair
    with_user: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # the secretary
    paper_id: Mapped[int] = mapped_column(ForeignKey("signed_paper.id"))
    takes_back: Mapped[int | None]  # the ordinal of the amendment that is taken back by this one

    __table_args__ = (
        CheckConstraint("by_user <> with_user", name="two_people"),
        CheckConstraint("ordinal > 0", name="ordinal_counted"),
        CheckConstraint("reason <> ''", name="reason_given"),
        *(
            Index(
                f"uq_standing_amendment_{name}",
                column,
                "ordinal",
                unique=True,
                sqlite_where=text(condition),
                postgresql_where=text(condition),
            )
            for name, column, condition in (
                ("contest", "contest_id", "contest_id IS NOT NULL"),
                ("whole", "festival_id", "contest_id IS NULL"),
            )
        ),
    )


class DelegationPoints(Base):
    """Points that the organiser gave a delegation or took off it, by which document, and whether that was taken back.

    Nothing is deleted. They are in its sum at once while the minutes of the whole are not signed, afterwards by an
    amendment.
    """

    __tablename__ = "delegation_points"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"))
    number: Mapped[int]  # 1, 2, 3 … of the festival: of two recorded on one reading only one is stored
    points_milli: Mapped[int]  # 1/1000, below zero taken off
    reason: Mapped[str]
    document: Mapped[str]  # its number
    day: Mapped[date] = mapped_column(Day)  # of the document
    given_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    given_at: Mapped[datetime]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("festival_id", "number"),
        CheckConstraint("number > 0", name="number_counted"),
        CheckConstraint("points_milli <> 0 AND points_milli BETWEEN -10000000 AND 10000000", name="some_points"),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("document <> ''", name="document_named"),
        CheckConstraint("taken_back_at IS NOT NULL OR taken_back_reason = ''", name="no_reason_before"),
        Index("ix_delegation_points_delegation", "delegation_id"),
    )


class DecisionKind(StrEnum):
    """What the panel was asked."""

    TIE = "tie"
    PRIZE = "prize"
    VACANT = "vacant"  # a prize is given to nobody
    MARKING = "marking"  # a third marking of entries that were still equal
    DRAW = "draw"
    OUT = "out"  # what becomes of an entry without a valid result, or with fewer sheets than the smallest panel


class PanelDecision(Base):
    """A recorded decision of the panel on a tie or a prize: reason and names, never a silent order.

    It is about a contest, or about the delegations of a festival as a whole. `content`: tie {"order": [[codes], …]} best
    first; prize {"prizes": {code: prize or null}}; vacant {"prize", "then": next | none | hand_down}; out {"entry": code, "state": dns | dnf | dsq}, or of an entry with too
    few sheets {"entry": code, "state": accept | none | wait, "marked": sheets}. Marking {"entries": [codes], "marks":
    {letter of the seat, or "3" of a third judge: {code: milli}}}; draw {"entries", "seed": dice, "" for lots by hand,
    "order": [codes]}; of both {"entries", "held": false} where the panel went past it. Of these two, of prize and of vacant
    "takes_back": id where the one before is taken back. The codes are those of entries, or of delegations.
    """

    __tablename__ = "jury_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    festival_id: Mapped[int | None] = mapped_column(ForeignKey("festival.id"))  # of the whole delegation
    kind: Mapped[DecisionKind] = mapped_column(EnumText(DecisionKind))
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    reason: Mapped[str]
    names: Mapped[list[str]] = mapped_column(JsonText)  # who decided
    decided_at: Mapped[datetime]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("(contest_id IS NULL) <> (festival_id IS NULL)", name="one_subject"),
        Index("ix_jury_decision_contest", "contest_id"),
        Index("ix_jury_decision_festival", "festival_id"),
    )
