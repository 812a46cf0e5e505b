"""By which facts does a contest's ladder part entries that stand equal?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial

from festival.contests.models import PanelSeat, ResultKind
from festival.contests.panel import PanelMean
from festival.core.sentence import N_
from festival.editions.rules.measured import AttemptsCount
from festival.editions.rules.ties import TieStep
from festival.judging.models import MeasureState
from festival.judging.tally import Appearance, Attempt, Tally
from festival.results.counted import EntryDetail
from festival.results.ties import Rung, Shown

# steps of the ladder that have no name of the festival's own
LESS_OVERTIME = N_("ít quá giờ hơn")
MEMBERS = N_("số thành viên tham gia")
NEXT_TRY = N_("lượt tốt thứ %(n)s")
NO_NEXT_TRY = N_("không có lượt tốt thứ %(n)s")
FIRSTS = N_("số giám khảo xếp thứ nhất")
CHAIR = N_("điểm của trưởng ban")
HEAD_TO_HEAD = N_("số lần được giám khảo xếp trên")


def tried(tries: Sequence[Attempt]) -> list[int | None]:
    """The value of each try, None of one that failed."""
    # who is disqualified has no valid try
    if any(each.state is MeasureState.DISQUALIFIED for each in tries):
        return []
    return [each.value for each in tries]


def ladder(tally: Tally, details: Mapping[str, EntryDetail]) -> list[Rung]:
    names = {criterion.code: criterion.name for criterion in tally.criteria}
    rungs: list[Rung] = []
    for step in tally.contest.tie_ladder:
        match TieStep(step["by"]):
            case TieStep.CRITERION:
                code = step["criterion"]
                facts = {
                    appearance.code: _criterion_mean(tally, appearance, code, details[appearance.code])
                    for appearance in tally.appearances
                }
                rungs.append(Rung(names.get(code, code), facts))
            case TieStep.LESS_OVERTIME:
                over = {
                    appearance.code: max(0, tally.overtime_s.get(appearance.id, 0)) * 1000
                    for appearance in tally.appearances
                }
                rungs.append(Rung(LESS_OVERTIME, over, higher_wins=False, shown=Shown.TIME))
            case TieStep.BEST_ATTEMPT:
                rungs += _next_tries(tally)
            case TieStep.MEMBERS:
                members = {appearance.code: appearance.members or None for appearance in tally.appearances}
                rungs.append(Rung(MEMBERS, members, shown=Shown.COUNT))
            case TieStep.FIRSTS:
                rungs.append(Rung(FIRSTS, _firsts(details), shown=Shown.COUNT))
            case TieStep.CHAIR:
                rungs.append(Rung(CHAIR, _of_the_chair(tally, details)))
            case TieStep.HEAD_TO_HEAD:
                rungs.append(
                    Rung(HEAD_TO_HEAD, {}, shown=Shown.COUNT, among=partial(_head_to_head, _by_judge(details)))
                )
            case TieStep.CONTEST | TieStep.FIRST_PLACES | TieStep.PANEL:
                # the first two part delegations (whole-delegation table); the panel's decisions come last by themselves
                continue
    return rungs


def _criterion_mean(tally: Tally, appearance: Appearance, code: str, detail: EntryDetail) -> Fraction | None:
    """The exact mean of one criterion over the judges whose sheets count."""
    if not isinstance(detail.panel, PanelMean):
        return None
    marks = [tally.sheets[int(judge), appearance.id].marks.get(code) for judge in detail.panel.kept]
    known = [mark for mark in marks if mark is not None]
    return Fraction(sum(known), len(known)) if len(known) == len(marks) and known else None


def _next_tries(tally: Tally) -> list[Rung]:
    """Equal best tries are parted by the second best, then the third; a try that failed stands behind all others."""
    shown = Shown.TIME if tally.contest.result_kind is ResultKind.TIME else Shown.COUNT
    lower = tally.contest.lower_wins
    rungs = []
    # where the best try is the value itself, the next one parts
    first = 1 if tally.contest.attempts_count == AttemptsCount.BEST else 0
    for at in range(first, tally.contest.attempts):
        facts: dict[str, Fraction | int | None] = {}
        for appearance in tally.appearances:
            values = sorted(_known(tally.measures.get(appearance.id, ())), reverse=not lower)
            facts[appearance.code] = values[at] if at < len(values) else None
        none = NO_NEXT_TRY.filled(n=at + 1)
        rungs.append(Rung(NEXT_TRY.filled(n=at + 1), facts, higher_wins=not lower, shown=shown, absent=none))
    return rungs


def _known(tries: Sequence[Attempt]) -> list[int]:
    return [value for value in tried(tries) if value is not None]


def _by_judge(details: Mapping[str, EntryDetail]) -> dict[str, dict[str, int]]:
    """The totals of each judge by entry, of entries with a result."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for entry, detail in details.items():
        if isinstance(detail.panel, PanelMean):
            for each in detail.totals:
                if each.total_milli is not None:
                    found[each.judge][entry] = each.total_milli
    return found


def _firsts(details: Mapping[str, EntryDetail]) -> dict[str, int]:
    """By how many judges an entry was put first, alone or with others."""
    firsts = {entry: 0 for entry, detail in details.items() if isinstance(detail.panel, PanelMean)}
    for totals in _by_judge(details).values():
        best = max(totals.values())
        for entry, total in totals.items():
            firsts[entry] += total == best
    return firsts


def _of_the_chair(tally: Tally, details: Mapping[str, EntryDetail]) -> dict[str, int | None]:
    chairs = {str(seat.id) for seat in tally.seats if seat.seat is PanelSeat.CHAIR}
    return {
        entry: next((each.total_milli for each in detail.totals if each.judge in chairs), None)
        for entry, detail in details.items()
    }


def _head_to_head(by_judge: Mapping[str, Mapping[str, int]], group: Sequence[str]) -> dict[str, int]:
    """How often a judge who marked them all put an entry before another of the group."""
    wins = dict.fromkeys(group, 0)
    for totals in by_judge.values():
        if all(entry in totals for entry in group):
            for entry in group:
                wins[entry] += sum(totals[entry] > totals[other] for other in group)
    return wins
