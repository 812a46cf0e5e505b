"""What makes the points of an entry beside its marks: dropped sheets, penalties, places; and how is it said?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from festival.contests.counting.dropping import places, rank_sums
from festival.contests.models import Contest
from festival.contests.panel import DropReason, JudgeTotal, NotValid, PanelMean, rounded
from festival.contests.summed.parts import PartPoints
from festival.core.sentence import N_, Points, Sentence
from festival.editions.rules.scoring import ScoringKind, ScoringRule
from festival.judging.contest_rules import clock_penalty
from festival.judging.tally import Appearance, Tally
from festival.results.standings import EntryResult, ResultState

DROPPED = N_("Loại phiếu %(letters)s: lệch quá %(delta)s điểm so với trung bình %(mean)s.")
TRIMMED = {
    DropReason.HIGHEST: N_("Bỏ phiếu cao nhất: %(letters)s."),
    DropReason.LOWEST: N_("Bỏ phiếu thấp nhất: %(letters)s."),
}
RANK_SUM = N_("Tổng thứ hạng của các giám khảo: %(places)s.")
PENALTY = N_("Trừ %(points)s điểm do quá giờ.")
TOO_SHORT = N_("Trừ %(points)s điểm do thiếu giờ.")
DEDUCTED = N_("Trừ %(points)s điểm: %(name)s.")
PENALISED = N_("Trừ %(points)s điểm.")


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """How an entry's points came about; all in 1/1000 points. `totals`: what each judge gave; `parts`: of a sum."""

    panel: PanelMean | NotValid | None
    penalty_milli: int
    totals: tuple[JudgeTotal, ...] = ()
    parts: tuple[PartPoints, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenOff:
    """What is taken off an entry in all, and each part of it in words."""

    milli: int
    reasons: tuple[Sentence, ...]


def taken_off(tally: Tally, appearance: Appearance) -> TakenOff:
    """By the clock, and by decisions of the secretary."""
    seconds = tally.overtime_s.get(appearance.id, 0)
    clock = clock_penalty(tally.contest, seconds)
    said = [(PENALTY if seconds > 0 else TOO_SHORT).filled(points=Points(clock))] if clock else []
    given = tally.deductions.get(appearance.id, ())
    said += [
        DEDUCTED.filled(points=Points(each.milli), name=each.name)
        if each.name
        else PENALISED.filled(points=Points(each.milli))
        for each in given
    ]
    return TakenOff(clock + sum(each.milli for each in given), tuple(said))


def why(panel: PanelMean, off: TakenOff, rule: ScoringRule, letters: Mapping[str, str]) -> tuple[Sentence, ...]:
    """What beside the marks made the points of an entry."""
    reasons = list(panel.notes)
    for reason, said in ((DropReason.DEVIATES, DROPPED), *TRIMMED.items()):
        gone = [letters[each.judge] for each in panel.dropped if each.why is reason]
        if gone:
            known = {"letters": ", ".join(gone)}
            if reason is DropReason.DEVIATES:
                mean = Points(rounded(panel.mean_of_all))
                reasons.append(said.filled(**known, delta=Points(rule.delta_milli), mean=mean))
            else:
                reasons.append(said.filled(**known))
    return (*reasons, *off.reasons)


def by_places(contest: Contest) -> bool:
    """Whether entries stand by the sum of the places that the judges give them: the least is first."""
    return contest.aggregate == ScoringKind.RANK_SUM


def ranked_by_places(results: Sequence[EntryResult], details: Mapping[str, EntryDetail]) -> list[EntryResult]:
    """The same entries with the sum of their places for a value (1/1000). What is taken off counts in each judge's order."""
    ranked = {each.entry for each in results if each.state is ResultState.RANKED}
    by_judge: dict[str, dict[str, int]] = {}
    for entry in ranked:
        for each in details[entry].totals:
            if each.total_milli is not None:
                by_judge.setdefault(each.judge, {})[entry] = each.total_milli - details[entry].penalty_milli
    given = {judge: places(totals) for judge, totals in by_judge.items()}
    sums = rank_sums(by_judge)
    return [
        replace(
            each,
            value=rounded(sums[each.entry] * 1000),
            reasons=(*each.reasons, RANK_SUM.filled(places=_listed(each.entry, details[each.entry], given))),
        )
        if each.entry in ranked
        else each
        for each in results
    ]


def _listed(entry: str, detail: EntryDetail, given: Mapping[str, Mapping[str, int]]) -> str:
    return " + ".join(str(given[each.judge][entry]) for each in detail.totals if entry in given.get(each.judge, {}))
