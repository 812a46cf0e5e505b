"""How does a sum of contests become a table: what a component's result is worth, an entry's total, its reasons, its ladder?

Nothing is read here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from festival.contests.counting.attempts import shown
from festival.contests.models import Contest, ResultKind
from festival.contests.summed.parts import PartPoints, summed, takes_part
from festival.core.sentence import N_, Points, Sentence
from festival.editions.rules.measured import AttemptsCount
from festival.editions.rules.scoring import ScoringKind
from festival.editions.rules.ties import TieStep
from festival.editions.rules.whole import WholeSum
from festival.judging.tally import Appearance, Tally
from festival.results.rungs import MEMBERS, draw_rung
from festival.results.standings import EntryResult, RankedEntry, ResultState, place_points, scale_points
from festival.results.ties import Rung, Shown

WAITS = N_("Chờ ký biên bản: %(names)s.")
PART = N_("%(name)s: %(points)s điểm.")
PART_WEIGHED = N_("%(name)s: %(points)s điểm, hệ số %(weight)s.")
NOT_THERE = N_("%(name)s: không dự thi, tính 0 điểm.")
NO_PLACE = N_("%(name)s: không được xếp hạng, tính 0 điểm.")
FIRST_PLACES = N_("số giải Nhất")
NOT_ENTERED = N_("không dự phần thi này")


def own_values(contest: Contest, values: Mapping[str, int]) -> dict[str, int]:
    """The results of a contest as points in themselves (1/1000), by the conversion that its rules state."""
    if contest.points_scale:
        # a time is held in ms and a step in 1/1000 s; a count is a whole number
        unit = 1 if contest.result_kind is ResultKind.TIME else 1000
        scale = [(step["reach"], step["points"]) for step in contest.points_scale]
        count = AttemptsCount(contest.attempts_count)
        return {
            entry: scale_points(shown(value, count, contest.attempts) * unit, scale, less_wins=contest.lower_wins)
            for entry, value in values.items()
        }
    if contest.result_kind is ResultKind.ANSWERS:
        return {entry: value * contest.points_per_answer_milli for entry, value in values.items()}
    if contest.result_kind is ResultKind.RUBRIC and contest.aggregate != ScoringKind.RANK_SUM:
        return dict(values)
    return {}  # numbers of another kind are added to nothing


def brought_into(contest: Contest, by: WholeSum, standings: Sequence[RankedEntry]) -> dict[str, int]:
    """What each entry of a component brings into a sum, before the weight."""
    if by is WholeSum.PLACE_POINTS:
        return place_points(standings, contest.place_points)
    values = own_values(contest, {each.entry: each.value for each in standings if each.value is not None})
    return {each.entry: values.get(each.entry, 0) if each.rank is not None else 0 for each in standings}


def sum_result(tally: Tally, appearance: Appearance) -> EntryResult:
    """The total of an entry, or why it has none yet."""
    if tally.waits_for:
        return EntryResult(
            appearance.code, ResultState.WAITING, reasons=(WAITS.filled(names=", ".join(tally.waits_for)),)
        )
    parts = tally.parts.get(appearance.id, ())
    if not takes_part(parts):
        return EntryResult(appearance.code, ResultState.DNS)
    return EntryResult(appearance.code, ResultState.RANKED, summed(parts), tuple(map(part_said, parts)))


def part_said(part: PartPoints) -> Sentence:
    """What one component brings, in words."""
    if not part.entries:
        return NOT_THERE.filled(name=part.name)
    if not part.places:
        return NO_PLACE.filled(name=part.name)
    points = Points(part.points_milli)
    if part.weight_milli == 1000:
        return PART.filled(name=part.name, points=points)
    return PART_WEIGHED.filled(name=part.name, points=points, weight=Points(part.weight_milli))


def sum_ladder(tally: Tally) -> list[Rung]:
    """By which facts equal sums are parted."""
    by_code = {each.code: tally.parts.get(each.id, ()) for each in tally.appearances}
    rungs: list[Rung] = []
    for step in tally.contest.tie_ladder:
        match TieStep(step["by"]):
            case TieStep.CONTEST:
                of = {
                    code: next((p for p in parts if p.contest == step["contest"]), None)
                    for code, parts in by_code.items()
                }
                name = next((part.name for part in of.values() if part is not None), step["contest"])
                facts = {code: part.points_milli if part and part.entries else None for code, part in of.items()}
                rungs.append(Rung(name, facts, absent=NOT_ENTERED))
            case TieStep.FIRST_PLACES:
                firsts = {code: sum(part.places.count(1) for part in parts) for code, parts in by_code.items()}
                rungs.append(Rung(FIRST_PLACES, firsts, shown=Shown.COUNT))
            case TieStep.MEMBERS:
                members = {each.code: each.members or None for each in tally.appearances}
                rungs.append(Rung(MEMBERS, members, shown=Shown.COUNT))
            case TieStep.DRAW:
                rungs.append(draw_rung(tally.contest.code))
            case _:
                continue
    return rungs
