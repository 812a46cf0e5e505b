"""By which rules is a contest judged, as its row has fixed them?"""

from __future__ import annotations

from typing import Protocol

from festival.contests.marks import Scale
from festival.contests.models import Contest, Criterion, ResultKind, Secrecy
from festival.contests.panel import overtime_penalty, undertime_penalty
from festival.contests.questions.answers import Question, read_stored
from festival.editions.rules.penalties import OvertimeRule, UndertimeRule
from festival.editions.rules.scoring import PanelStep, Passes, Rounding, ScoringKind, ScoringRule, Shortfall


class KeepsLedger(Protocol):
    """A contest, or what is held of one."""

    @property
    def ledger_name(self) -> str: ...


def judging_stream(contest: KeepsLedger) -> str:
    """The ledger stream of a contest's marks."""
    return f"judging:{contest.ledger_name}"


def public_at_once(contest: Contest) -> bool:
    """Whether everybody sees a result of the contest as soon as it is typed; what a panel marks never is, nor what was taken back."""
    at_once = contest.secrecy is Secrecy.AT_ONCE and contest.result_kind is not ResultKind.RUBRIC
    return at_once and contest.taken_back_at is None


def questions_of(contest: Contest) -> tuple[Question, ...]:
    """The questions of a quiz in the order in which they are asked; none where right answers are only counted."""
    return read_stored(contest.questions)


def scoring_rule(contest: Contest) -> ScoringRule:
    """How the panel's totals become points, as the contest has fixed it."""
    return ScoringRule(
        kind=ScoringKind(contest.aggregate),
        delta_milli=contest.delta_milli,
        strict=contest.drop_strict,
        passes=Passes.ONE if contest.drop_passes == 1 else Passes.REPEATED,
        smallest_panel=contest.smallest_panel,
        below=Shortfall(contest.drop_below),
        all_dropped=Shortfall(contest.all_dropped),
        round_milli=contest.round_milli,
        drop_high=contest.drop_high,
        drop_low=contest.drop_low,
        by_panel=tuple(
            PanelStep(each["from"], each["high"], each["low"], each["closest"]) for each in contest.drop_by_panel or ()
        ),
        rounding=Rounding(contest.rounding),
        delta_percent_milli=contest.delta_percent_milli,
    )


def overtime_rule(contest: Contest) -> OvertimeRule | None:
    """What running over costs; None when the contest takes nothing off."""
    if contest.overtime_penalty_milli == 0:
        return None
    return OvertimeRule(contest.grace_s, contest.overtime_penalty_milli, contest.overtime_limit_milli)


def undertime_rule(contest: Contest) -> UndertimeRule | None:
    """What too short an act costs; None when the contest takes nothing off."""
    if contest.least_s == 0:
        return None
    return UndertimeRule(contest.least_s, contest.undertime_penalty_milli, contest.undertime_limit_milli)


def clock_penalty(contest: Contest, seconds: int) -> int:
    """Thousandths to take off an act that ran `seconds` over its time, or ended so long before it (negative)."""
    allowed_ms = contest.duration_min * 60_000
    lasted_ms = max(0, allowed_ms + seconds * 1000)
    return overtime_penalty(lasted_ms, allowed_ms, overtime_rule(contest)) + undertime_penalty(
        lasted_ms, undertime_rule(contest)
    )


def scale_of(criterion: Criterion) -> Scale:
    """The legal marks of a criterion."""
    return Scale(criterion.max_milli, criterion.step_milli, criterion.min_milli, criterion.weight_milli)
