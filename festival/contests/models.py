"""What is contested, by which rules, and who judges it?

Everything a rule set fixes before the first mark is a column or row here; the pure rules get it as plain values.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from festival.core.database import NEVER_AGAIN, Base
from festival.core.types import EnumText, JsonText
from festival.editions.models import Festival


class ResultKind(StrEnum):
    """How a result comes about."""

    RUBRIC = "rubric"  # judges and criteria
    COUNT = "count"  # balls: more wins
    TIME = "time"  # ms: fast or slow wins
    MATCH = "match"  # knock-out
    ANSWERS = "answers"  # quiz: right answers
    SUM = "sum"  # of other contests: no stage, no judges


class Secrecy(StrEnum):
    """When the public may know."""

    SECRET = "secret"  # noqa: S105 - kín: nothing before publication
    AT_ONCE = "at_once"  # công bố ngay


class ContestState(StrEnum):
    """The one ladder of states."""

    OPEN = "open"  # đang chấm
    LOCKED = "locked"  # khóa điểm, họp ban giám khảo
    SIGNED = "signed"  # biên bản đã ký
    DECIDED = "decided"  # quyết định trao giải
    RELEASED = "released"  # MC được đọc
    PUBLISHED = "published"  # công bố


class EntrantKind(StrEnum):
    """Who enters a contest."""

    FAMILY = "family"
    TEAM = "team"  # mixed from several families of a delegation


class Contest(Base):
    """One part (phần thi) of the festival."""

    __tablename__ = "contest"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    code: Mapped[str]
    # What its ledger streams are called after: its code, unless an earlier edition's contest has streams of that name.
    ledger_name: Mapped[str] = mapped_column(
        default=lambda context: context.get_current_parameters()["code"], server_default=""
    )
    name: Mapped[str]
    part_code: Mapped[str] = mapped_column(default="")  # heading shared by several contests: "the-thao"
    part_name: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
    result_kind: Mapped[ResultKind] = mapped_column(EnumText(ResultKind))
    entrant: Mapped[EntrantKind] = mapped_column(EnumText(EntrantKind), default=EntrantKind.FAMILY)
    secrecy: Mapped[Secrecy] = mapped_column(EnumText(Secrecy))
    # what everybody may know once it is published: as editions.rules.kinds.PublishedRule
    published: Mapped[str] = mapped_column(default="prizes", server_default="prizes")
    # what heads of delegations read then of their own entries: as editions.rules.kinds.ShownToHeads
    shown_to_heads: Mapped[str] = mapped_column(default="none", server_default="none")
    state: Mapped[ContestState] = mapped_column(EnumText(ContestState), default=ContestState.OPEN)
    entries_from_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))  # its entries come from that contest
    # a final: {"contest": code of the round before, "take": so many go on, "weight": 1/1000 percent of their points, or 0}
    after: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    # who went on, best first: {"lines": [{"entry", "from": codes, "place", "value": in the round before}]}; NULL = nobody yet
    cut: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    cut_announced_at: Mapped[datetime | None]  # from then on everybody may know who goes on
    entries_min: Mapped[int | None]  # at least so many entries of each delegation
    entries_per_delegation: Mapped[int]
    performers_min: Mapped[int] = mapped_column(default=1)
    performers_max: Mapped[int | None]
    # who a mixed team is made of, as contests/composing/composed.py reads it; None = the rules say nothing of it
    composition: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonText)
    # running time
    duration_min: Mapped[int]
    changeover_min: Mapped[int] = mapped_column(default=0)
    together_min: Mapped[int] = mapped_column(default=0)  # cooking: all work at once before they present one by one
    lanes: Mapped[int] = mapped_column(
        default=1, server_default="1"
    )  # so many entries run at a time, a heat; 1: one by one
    grace_s: Mapped[int] = mapped_column(default=0)
    overtime_penalty_milli: Mapped[int] = mapped_column(default=0)  # per started minute over
    overtime_limit_milli: Mapped[int | None]  # the most that is taken off
    least_s: Mapped[int] = mapped_column(
        default=0, server_default="0"
    )  # an act shorter than this costs points; 0: none
    undertime_penalty_milli: Mapped[int] = mapped_column(default=0, server_default="0")  # per started minute short
    undertime_limit_milli: Mapped[int | None]
    # what may be taken off by name: [{"code", "name", "points"}]
    deductions: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonText)
    panel_size: Mapped[int] = mapped_column(default=0)  # judges who mark, by the rule set
    # rubric rule; see contests/panel.py for the meaning
    aggregate: Mapped[str] = mapped_column(default="mean")  # as editions.rules.scoring.ScoringKind
    delta_milli: Mapped[int] = mapped_column(default=0)
    drop_strict: Mapped[bool] = mapped_column(default=True)
    drop_passes: Mapped[int] = mapped_column(default=1)
    smallest_panel: Mapped[int] = mapped_column(default=1)
    drop_below: Mapped[str] = mapped_column(default="keep_all")  # panel too small: keep_all | not_valid
    all_dropped: Mapped[str] = mapped_column(default="keep_all")  # everybody outside: keep_all | not_valid
    marked_by_both: Mapped[str] = mapped_column(default="first", server_default="first")  # see replacing/holders.py
    round_milli: Mapped[int] = mapped_column(default=1)  # points of an entry are rounded once, to this
    corrections: Mapped[str] = mapped_column(
        default="until_lock", server_default="until_lock"
    )  # of a sent sheet: until_lock | next_act | secretary
    comments: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # judges write to the family, who reads it after publication
    rounding: Mapped[str] = mapped_column(default="half_up", server_default="half_up")  # half_up | truncate
    delta_percent_milli: Mapped[int | None]  # δ was said as so many percent of the scale
    drop_high: Mapped[int] = mapped_column(default=0, server_default="0")  # trimmed mean
    drop_low: Mapped[int] = mapped_column(default=0, server_default="0")
    drop_by_panel: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonText)  # [{"from", "high", "low", "closest"}]
    attempts: Mapped[int] = mapped_column(default=1)  # count and time: rounds measured, the best counts
    attempts_count: Mapped[str] = mapped_column(default="best", server_default="best")  # best | sum | mean of the tries
    lower_wins: Mapped[bool] = mapped_column(default=False)  # time: fast wins
    unit_label: Mapped[str] = mapped_column(default="")  # "quả", "giây"
    points_per_answer_milli: Mapped[int] = mapped_column(default=1000)  # quiz
    # quiz: [{"code", "points", "minus", "name", "seconds", "package", "package_s"}]; None = right answers are only counted
    questions: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonText)
    # where points are summed: from the best step down, [{"reach": 1/1000 counted or ms, "points": 1/1000}]
    points_scale: Mapped[list[dict[str, int]] | None] = mapped_column(JsonText)
    shared_from: Mapped[int | None]  # match: from this place on entries may share one; None = none may
    # match: how sets are counted, {"best_of", "points", "lead", "cap", "third": played | shared}; None = just who won
    bracket: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    # sum: what is added (points | place_points) and of which contests, [{"contest": code, "weight": 1/1000}]
    sum_by: Mapped[str | None]
    sum_of: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonText)
    best_possible: Mapped[int | None]  # count: the most one can reach (10 kicks)
    counters: Mapped[int] = mapped_column(default=1, server_default="1")  # count and time: how many count blind
    counters_apart: Mapped[int] = mapped_column(
        default=0, server_default="0"
    )  # how far apart two counts may be: whole ones, or ms
    counters_take: Mapped[str] = mapped_column(
        default="later", server_default="later"
    )  # of two that agree: later | mean
    tie_ladder: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    place_points: Mapped[list[int]] = mapped_column(JsonText)  # milli-points by place, for the whole delegation
    prizes: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)  # [{"name": "Giải Nhất", "count": 1|null=rest}]
    special_prizes: Mapped[list[str]] = mapped_column(JsonText)
    paper_typing: Mapped[str] = mapped_column(default="by_seat", server_default="by_seat")  # by_seat | once | twice
    # whether the signature waits until each judge confirmed on the own tablet what was locked: optional | required
    confirming: Mapped[str] = mapped_column(default="optional", server_default="optional")
    plates_of: Mapped[str] = mapped_column(default="", server_default="")  # judged blind: whose plates they are
    # cooking: how many dishes, for how much money at most; None = the rules say nothing of it
    dishes_least: Mapped[int | None]
    dishes_most: Mapped[int | None]
    budget_vnd: Mapped[int | None]
    if TYPE_CHECKING:  # set below
        final_code: Mapped[str | None]
    rules_fixed_at: Mapped[datetime | None]  # the first mark: from then on no rule of the contest changes
    # its published result was taken back then; NULL once it is public again
    taken_back_at: Mapped[datetime | None]
    festival: Mapped[Festival] = relationship()
    criteria: Mapped[list[Criterion]] = relationship(back_populates="contest", order_by="Criterion.position")

    @property
    def registers(self) -> bool:
        """Whether families register for it; else its entries come from another contest (`roster.deriving.derived`)."""
        return self.entries_from_id is None

    @property
    def on_stage(self) -> bool:
        """Whether somebody does something in it: draw, timetable, measures; a sum is only reckoned."""
        return self.result_kind is not ResultKind.SUM

    @property
    def has_order(self) -> bool:
        """Whether its entries appear one after another at times that are told: draw, timetable, programme. Where plates are judged
        blind a timetable would tell whose each is.
        """
        return self.on_stage and not self.plates_of

    @property
    def entries_told(self) -> bool:
        """Whether families and the public may know its entries: those of a final not before it was announced who goes on, those
        that are judged blind not before the result is public.
        """
        if self.state is ContestState.PUBLISHED:
            return True
        return not self.plates_of and (self.after is None or self.cut_announced_at is not None)

    __table_args__ = (
        UniqueConstraint("festival_id", "code"),
        CheckConstraint(
            "aggregate IN ('mean', 'deviation_drop', 'trimmed_mean', 'median', 'rank_sum')", name="aggregate_known"
        ),
        CheckConstraint("rounding IN ('half_up', 'truncate')", name="rounding_known"),
        CheckConstraint("attempts_count IN ('best', 'sum', 'mean')", name="attempts_count_known"),
        CheckConstraint("drop_high >= 0 AND drop_low >= 0", name="drops_not_negative"),
        CheckConstraint("least_s >= 0 AND undertime_penalty_milli >= 0", name="undertime_not_negative"),
        CheckConstraint(
            "duration_min > 0 AND changeover_min >= 0 AND grace_s >= 0 AND together_min >= 0", name="times_not_negative"
        ),
        CheckConstraint("delta_milli >= 0 AND overtime_penalty_milli >= 0", name="points_not_negative"),
        CheckConstraint("smallest_panel >= 1 AND drop_passes >= 1 AND round_milli >= 1", name="panel_rule"),
        CheckConstraint(
            "drop_below IN ('keep_all', 'not_valid') AND all_dropped IN ('keep_all', 'not_valid')",
            name="shortfall_known",
        ),
        CheckConstraint("corrections IN ('until_lock', 'next_act', 'secretary')", name="corrections_known"),
        CheckConstraint("published IN ('prizes', 'standings', 'marks')", name="published_known"),
        CheckConstraint("shown_to_heads IN ('none', 'sums', 'marks', 'comments')", name="shown_to_heads_known"),
        CheckConstraint("attempts >= 1", name="attempts_some"),
        CheckConstraint("taken_back_at IS NULL OR state IN ('decided', 'released')", name="taken_back_is_lower"),
        CheckConstraint("sum_by IN ('points', 'place_points')", name="sum_by_known"),
        CheckConstraint("entries_per_delegation >= 1", name="entries_some"),
        NEVER_AGAIN,
    )


# Code of the round into which its first go on; read only where it is asked for.
_NEXT = Contest.__table__.alias("next_round")
Contest.final_code = column_property(
    select(_NEXT.c.code)
    .where(_NEXT.c.entries_from_id == Contest.id, _NEXT.c.after.is_not(None))
    .correlate(Contest)
    .scalar_subquery(),
    deferred=True,
)


class Criterion(Base):
    """An aspect judged, with its highest mark and step in 1/1000 point; a negative scale takes off."""

    __tablename__ = "criterion"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    position: Mapped[int]
    code: Mapped[str]  # as the rule set and the tie ladder name it
    name: Mapped[str]
    descriptor: Mapped[str] = mapped_column(default="")  # what the marks mean, one line each
    min_milli: Mapped[int] = mapped_column(default=0)
    max_milli: Mapped[int]
    step_milli: Mapped[int]
    weight_milli: Mapped[int] = mapped_column(default=1000, server_default="1000")  # its marks count so many times
    part: Mapped[str] = mapped_column(default="", server_default="")  # its group on the sheet: process, taste
    contest: Mapped[Contest] = relationship(back_populates="criteria")

    @property
    def highest_milli(self) -> int:
        """What it adds to a judge's total at most."""
        return self.max_milli * self.weight_milli // 1000

    __table_args__ = (
        UniqueConstraint("contest_id", "position"),
        UniqueConstraint("contest_id", "code"),
        CheckConstraint("max_milli > min_milli AND step_milli > 0", name="scale"),
        CheckConstraint("(max_milli - min_milli) % step_milli = 0", name="step_divides"),
        CheckConstraint(
            "weight_milli > 0 AND weight_milli * step_milli % 1000 = 0 AND weight_milli * min_milli % 1000 = 0",
            name="weighted_marks_whole",
        ),
    )


class PanelSeat(StrEnum):
    """What somebody is in the panel of a contest."""

    CHAIR = "chair"
    MEMBER = "member"
    SECRETARY = "secretary"
    RESERVE = "reserve"  # marks beside the others; counts nowhere until seated
    REPLACED = "replaced"  # sat here, gave the seat to a substitute; the sheets that were given stay
    STOOD_DOWN = "stood_down"  # was in reserve and is no more


# Who is in a panel now, in the order in which it is listed.
PRESENT_SEATS = (PanelSeat.CHAIR, PanelSeat.MEMBER, PanelSeat.SECRETARY, PanelSeat.RESERVE)


class Judge(Base):
    """A seat in the panel of a contest. Chair and members mark; the secretary adds up; reserves wait (`replacing`)."""

    __tablename__ = "judge"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    seat: Mapped[PanelSeat] = mapped_column(EnumText(PanelSeat))
    letter: Mapped[str | None]  # A, B, …: how the judge appears in public
    marks: Mapped[bool] = mapped_column(default=True)  # whether the sheets of this seat count
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # tied to this unit: does not mark its entries
    contest: Mapped[Contest] = relationship()

    __table_args__ = (
        UniqueConstraint("contest_id", "user_id", "seat"),
        UniqueConstraint("contest_id", "letter"),
        NEVER_AGAIN,
    )


class Unavailability(Base):
    """A judge who may not mark one delegation, or one family alone, with the reason (tied to it)."""

    __tablename__ = "unavailability"

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    reason: Mapped[str]
    noted_at: Mapped[datetime]
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))

    __table_args__ = (
        UniqueConstraint("judge_id", "unit_id"),
        UniqueConstraint("judge_id", "family_id"),
        CheckConstraint("(unit_id IS NULL) <> (family_id IS NULL)", name="a_unit_or_a_family"),
    )
