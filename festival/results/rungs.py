"""By which facts does a contest's ladder part entries that stand equal?

A draw by dice: for every entry take the SHA-256 of ``dice + "|" + contest code + "|" + entry code`` (as the draw of the
running order, `schedule/draw.py`); the smallest is the first lot. `docs/judging.md` shows the line of a shell. Of
delegations as a whole the contest code is the word ``delegations``. Lots drawn by hand are the order that was typed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from festival.contests.counting.dropping import rank_sums
from festival.contests.models import PanelSeat, ResultKind
from festival.contests.panel import JudgeTotal, PanelMean, SheetState, panel_mean
from festival.core.sentence import N_
from festival.editions.rules.measured import AttemptsCount
from festival.editions.rules.scoring import ScoringKind, ScoringRule
from festival.editions.rules.ties import TieStep
from festival.judging.contest_rules import scoring_rule
from festival.judging.models import MeasureState
from festival.judging.tally import Appearance, Attempt, Tally
from festival.results.counted import EntryDetail, by_places
from festival.results.ties import AskedOf, Rung, Shown
from festival.schedule.draw import seeded_order

# steps of the ladder that have no name of the festival's own
LESS_OVERTIME = N_("ít quá giờ hơn")
MEMBERS = N_("số thành viên tham gia")
NEXT_TRY = N_("lượt tốt thứ %(n)s")
NO_NEXT_TRY = N_("không có lượt tốt thứ %(n)s")
FIRSTS = N_("số giám khảo xếp thứ nhất")
CHAIR = N_("điểm của trưởng ban")
HEAD_TO_HEAD = N_("số lần được giám khảo xếp trên")
MARKED_AGAIN = N_("điểm chấm lại")
PLACES_AGAIN = N_("tổng thứ hạng khi chấm lại")
DRAW = N_("bốc thăm")

OF_WHOLE = "delegations"
THIRD = "3"  # the key of a judge who sits in no seat; letters of seats are A, B, C …


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
                    appearance.code: criterion_mean(tally, appearance, code, details[appearance.code])
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
            case TieStep.THIRD_MARKING:
                rungs.append(_marking(tally))
            case TieStep.DRAW:
                rungs.append(draw_rung(tally.contest.code))
            case TieStep.CONTEST | TieStep.FIRST_PLACES | TieStep.MEDALS | TieStep.PANEL:
                # the first three part delegations (whole-delegation table); the panel's decisions come last by themselves
                continue
    return rungs


def draw_rung(subject: str) -> Rung:
    """`subject`: the contest's code, or that of the delegations as a whole."""
    return Rung(DRAW, {}, higher_wins=False, shown=Shown.LOT, asks=AskedOf.DRAW, read=partial(drawn, subject))


def _marking(tally: Tally) -> Rung:
    """What was marked once more, added up by the contest's own rule."""
    read = partial(marked_again, scoring_rule(tally.contest))
    if by_places(tally.contest):
        return Rung(PLACES_AGAIN, {}, higher_wins=False, shown=Shown.COUNT, asks=AskedOf.MARKING, read=read)
    return Rung(MARKED_AGAIN, {}, asks=AskedOf.MARKING, read=read)


def criterion_mean(tally: Tally, appearance: Appearance, code: str, detail: EntryDetail) -> Fraction | None:
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


def drawn(subject: str, content: Mapping[str, Any]) -> dict[str, Fraction | int | None]:
    """The number of each entry's lot, the first stands before the others."""
    order = seeded_order(content["seed"], subject, content["entries"]) if content["seed"] else content["order"]
    return {entry: at for at, entry in enumerate(order, start=1)}


def marked_again(rule: ScoringRule, content: Mapping[str, Any]) -> dict[str, Fraction | int | None]:
    """What the new marks come to by the contest's rule: the exact mean, or the sum of places where judges' orders count.

    Whoever marked counts: the smallest panel of the contest is asked of sheets, not of a third marking.
    """
    marks: Mapping[str, Mapping[str, int]] = content["marks"]
    if rule.kind is ScoringKind.RANK_SUM:
        return dict(rank_sums(marks))
    anyone = replace(rule, smallest_panel=1)
    found: dict[str, Fraction | int | None] = {}
    for entry in content["entries"]:
        totals = [JudgeTotal(judge, SheetState.MARKED, given[entry]) for judge, given in marks.items()]
        panel = panel_mean(totals, anyone)
        found[entry] = panel.mean if isinstance(panel, PanelMean) else None
    return found
