"""By which rules is a contest judged, as its row has fixed them?"""

from __future__ import annotations

from typing import Protocol

from festival.contests.marks import Scale
from festival.contests.models import Contest, Criterion, ResultKind, Secrecy
from festival.editions.rules.penalties import OvertimeRule
from festival.editions.rules.scoring import Passes, ScoringKind, ScoringRule, Shortfall


class KeepsLedger(Protocol):
    """A contest, or what is held of one."""

    @property
    def ledger_name(self) -> str: ...


def judging_stream(contest: KeepsLedger) -> str:
    """The ledger stream of a contest's marks."""
    return f"judging:{contest.ledger_name}"


def public_at_once(contest: Contest) -> bool:
    """Whether everybody sees a result of the contest as soon as it is typed; what a panel marks never is."""
    return contest.secrecy is Secrecy.AT_ONCE and contest.result_kind is not ResultKind.RUBRIC


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
    )


def overtime_rule(contest: Contest) -> OvertimeRule | None:
    """What running over costs; None when the contest takes nothing off."""
    if contest.overtime_penalty_milli == 0:
        return None
    return OvertimeRule(contest.grace_s, contest.overtime_penalty_milli, contest.overtime_limit_milli)


def scale_of(criterion: Criterion) -> Scale:
    """The legal marks of a criterion."""
    return Scale(criterion.max_milli, criterion.step_milli, criterion.min_milli)
