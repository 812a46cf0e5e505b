"""How does a sheet become a total, and how do the totals of a panel become the points of one entry?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from festival.contests.counting.dropping import median, trimmed
from festival.core.sentence import N_, Points, Sentence
from festival.editions.rules.penalties import OvertimeRule, UndertimeRule
from festival.editions.rules.scoring import Passes, Rounding, ScoringKind, ScoringRule, Shortfall


@dataclass(frozen=True, slots=True)
class SheetTotal:
    milli: int


@dataclass(frozen=True, slots=True)
class Incomplete:
    """These criteria have no mark; the sheet has no total, and certainly not zero."""

    missing: tuple[str, ...]


def sheet_total(
    marks: Mapping[str, int | None], criteria: Sequence[str], weights: Mapping[str, int] | None = None
) -> SheetTotal | Incomplete:
    """The sum of the marks of all criteria, each as many thousandths of itself as its weight says. A sheet without criteria, or with a stranger's mark, is a caller's error."""
    if not criteria:
        raise ValueError("a sheet without criteria has no total")
    strangers = set(marks) - set(criteria)
    if strangers:
        raise ValueError(f"marks for criteria the contest does not have: {sorted(strangers)}")
    missing = tuple(code for code in criteria if marks.get(code) is None)
    if missing:
        return Incomplete(missing)
    weighed = weights or {}
    # the rules refuse a weight that leaves a rest (`editions.rules.criteria`)
    return SheetTotal(sum(mark * weighed.get(code, 1000) // 1000 for code, mark in marks.items() if mark is not None))


def overtime_penalty(duration_ms: int, allowed_ms: int, rule: OvertimeRule | None) -> int:
    """Thousandths to take off. Minutes are counted from the *end of the grace*: with 60 s of grace, 61 s over is one."""
    if duration_ms < 0 or allowed_ms < 0:
        raise ValueError("durations are not negative")
    if rule is None:
        return 0
    over_ms = duration_ms - allowed_ms - rule.grace_s * 1000
    if over_ms <= 0:
        return 0
    penalty = -(-over_ms // 60_000) * rule.minus_milli
    return penalty if rule.limit_milli is None else min(penalty, rule.limit_milli)


def undertime_penalty(duration_ms: int, rule: UndertimeRule | None) -> int:
    """Thousandths to take off an act that was shorter than the least time, for each minute begun that it lacks."""
    if duration_ms < 0:
        raise ValueError("durations are not negative")
    short_ms = rule.least_s * 1000 - duration_ms if rule else 0
    if rule is None or short_ms <= 0:
        return 0
    penalty = -(-short_ms // 60_000) * rule.minus_milli
    return penalty if rule.limit_milli is None else min(penalty, rule.limit_milli)


class SheetState(StrEnum):
    """What a judge did about an entry. Only ``marked`` carries a number; the others are states and never a zero."""

    MARKED = "marked"
    RECUSED = "recused"
    LATE = "late"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class JudgeTotal:
    """One judge's sheet for the entry: a total when marked, none otherwise."""

    judge: str
    state: SheetState
    total_milli: int | None = None

    def __post_init__(self) -> None:
        if (self.state is SheetState.MARKED) != (self.total_milli is not None):
            raise ValueError("exactly a marked sheet carries a total")


class DropReason(StrEnum):
    """Why a sheet does not count."""

    DEVIATES = "deviates"
    HIGHEST = "highest"
    LOWEST = "lowest"


@dataclass(frozen=True, slots=True)
class Dropped:
    judge: str
    total_milli: int
    deviation: Fraction  # thousandths from the mean of the pass in which it fell, always positive
    in_pass: int
    why: DropReason = DropReason.DEVIATES


@dataclass(frozen=True, slots=True)
class PanelMean:
    """``mean`` is exact, in thousandths. ``kept`` names the judges whose totals it is the mean of."""

    mean: Fraction
    mean_of_all: Fraction
    kept: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    notes: tuple[Sentence, ...] = ()


class NoResult(StrEnum):
    NOBODY_MARKED = "nobody_marked"
    PANEL_TOO_SMALL = "panel_too_small"
    ALL_DROPPED = "all_dropped"


@dataclass(frozen=True, slots=True)
class NotValid:
    why: NoResult
    said: Sentence


NOTE_TOO_SMALL = N_("Chỉ có %(marked)s giám khảo chấm, dưới mức %(smallest)s: không loại điểm nào.")

NOTE_ALL_DROPPED = N_("Mọi phiếu đều lệch quá mức %(delta)s: giữ nguyên tất cả.")

NO_RESULT: Mapping[NoResult, Sentence] = {
    NoResult.NOBODY_MARKED: N_("Chưa có phiếu nào được chấm."),
    NoResult.PANEL_TOO_SMALL: N_("Chỉ có %(marked)s giám khảo chấm, dưới mức %(smallest)s: chưa có kết quả hợp lệ."),
    NoResult.ALL_DROPPED: N_("Mọi phiếu đều lệch quá mức %(delta)s: ban giám khảo phải quyết định."),
}


def _mean(totals: Sequence[tuple[str, int]]) -> Fraction:
    return Fraction(sum(total for _, total in totals), len(totals))


def panel_mean(sheets: Sequence[JudgeTotal], rule: ScoringRule) -> PanelMean | NotValid:
    """The mean of the panel by the contest's rule (``ScoringRule``: strict drops a deviation *beyond* δ, not strict
    also one of exactly δ; ``smallest_panel`` counts the judges who marked, and fewer than that means by ``below`` that
    nobody is dropped or that there is no valid result).

    Recused, late and absent judges are not in it. With repeated passes every pass drops all that lie outside and takes
    the mean of the rest until a pass drops nobody. A pass that would leave nobody falls under ``all_dropped``:
    ``keep_all`` undoes every drop (the plain mean of all), ``not_valid`` leaves it to the panel.
    """
    if len({s.judge for s in sheets}) != len(sheets):
        raise ValueError("a judge has one sheet for an entry and round")
    # sorted by judge: the answer must not depend on the order in which tablets delivered
    marked = sorted((s.judge, s.total_milli) for s in sheets if s.total_milli is not None)

    def said(pattern: Sentence) -> Sentence:
        return pattern.filled(marked=len(marked), smallest=rule.smallest_panel, delta=Points(rule.delta_milli))

    if not marked:
        return NotValid(NoResult.NOBODY_MARKED, said(NO_RESULT[NoResult.NOBODY_MARKED]))
    everyone = tuple(judge for judge, _ in marked)
    of_all = _mean(marked)
    if len(marked) < rule.smallest_panel and rule.below is Shortfall.NOT_VALID:
        return NotValid(NoResult.PANEL_TOO_SMALL, said(NO_RESULT[NoResult.PANEL_TOO_SMALL]))
    if rule.kind in (ScoringKind.MEAN, ScoringKind.RANK_SUM):
        return PanelMean(of_all, of_all, everyone, ())
    if rule.kind is ScoringKind.MEDIAN:
        return PanelMean(median(marked), of_all, everyone, ())
    if len(marked) < rule.smallest_panel:
        return PanelMean(of_all, of_all, everyone, (), (said(NOTE_TOO_SMALL),))
    if rule.kind is ScoringKind.TRIMMED_MEAN:
        return _trimmed_mean(marked, of_all, rule)
    found = _deviation_drop(marked, of_all, rule)
    if found is not None:
        return found
    if rule.all_dropped is Shortfall.NOT_VALID:
        return NotValid(NoResult.ALL_DROPPED, said(NO_RESULT[NoResult.ALL_DROPPED]))
    return PanelMean(of_all, of_all, everyone, (), (said(NOTE_ALL_DROPPED),))


def _trimmed_mean(marked: Sequence[tuple[str, int]], of_all: Fraction, rule: ScoringRule) -> PanelMean:
    left = trimmed(marked, rule)
    dropped = [
        Dropped(judge, total, abs(total - of_all), 1, why)
        for why, gone in ((DropReason.HIGHEST, left.high), (DropReason.LOWEST, left.low))
        for judge, total in sorted(gone)
    ]
    return PanelMean(_mean(left.kept), of_all, tuple(judge for judge, _ in left.kept), tuple(dropped))


def _deviation_drop(marked: Sequence[tuple[str, int]], of_all: Fraction, rule: ScoringRule) -> PanelMean | None:
    """None: everybody would be dropped."""
    rest, mean, dropped, number = list(marked), of_all, list[Dropped](), 1
    while True:
        outside = [
            Dropped(judge, total, abs(total - mean), number)
            for judge, total in rest
            if (abs(total - mean) > rule.delta_milli if rule.strict else abs(total - mean) >= rule.delta_milli)
        ]
        if not outside:
            break
        if len(outside) == len(rest):
            return None
        gone = {d.judge for d in outside}
        dropped += outside
        rest = [(judge, total) for judge, total in rest if judge not in gone]
        mean = _mean(rest)
        number += 1
        if rule.passes is Passes.ONE:
            break
    return PanelMean(mean, of_all, tuple(judge for judge, _ in rest), tuple(dropped))


def rounded(points: Fraction, round_milli: int = 1, rounding: Rounding = Rounding.HALF_UP) -> int:
    """The one rounding: half up, or cut off, to a whole multiple of ``round_milli`` thousandths."""
    if rounding is Rounding.TRUNCATE:
        return (points / round_milli).__trunc__() * round_milli
    return (points / round_milli + Fraction(1, 2)).__floor__() * round_milli


def entry_points(mean: Fraction, penalty_milli: int, rule: ScoringRule) -> int:
    """The points an entry is ranked by: mean minus penalty, never below zero, rounded once."""
    return max(0, rounded(mean - penalty_milli, rule.round_milli, rule.rounding))
