"""How do the sheets and measures of a contest become its table: points, places with reasons, prizes, questions?

One function for every use (the secretary's page, the lock, a recount in a test, an export), fed with the one value
`judging.queries.Tally`, so that no two places of the house can count differently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from festival.contests.counting.attempts import counted
from festival.contests.counting.final_order import places_of
from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.panel import (
    JudgeTotal,
    NotValid,
    PanelMean,
    SheetState,
    entry_points,
    panel_mean,
)
from festival.core.sentence import N_, Sentence
from festival.editions.rules.measured import AttemptsCount
from festival.editions.rules.prizes import prizes_kept
from festival.judging.contest_rules import scoring_rule
from festival.judging.models import MeasureState
from festival.judging.tally import Appearance, Tally
from festival.results.counted import EntryDetail, by_places, ranked_by_places, taken_off, why
from festival.results.prizes import PrizeDecision, Prizes, Vacancy, award
from festival.results.rounds.carried import carried
from festival.results.rungs import ladder, tried
from festival.results.standings import EntryResult, FewDecision, OnFewSheets, RankedEntry, ResultState, standings
from festival.results.sums.points import sum_ladder, sum_result
from festival.results.ties import AskedOf, Come, Rung, Settling

OUT = {
    MeasureState.DID_NOT_START: ResultState.DNS,
    MeasureState.DID_NOT_FINISH: ResultState.DNF,
    MeasureState.DISQUALIFIED: ResultState.DSQ,
}

FEW = N_(
    "Chỉ %(marked)s trên %(panel)s giám khảo chấm, ít hơn mức %(smallest)s: ban giám khảo quyết định trước khi xếp hạng."
)
FEW_ACCEPTED = N_("Có %(marked)s phiếu, ít hơn mức %(smallest)s; ban giám khảo nhận kết quả: %(reason)s (%(names)s).")
FEW_NONE = N_("Có %(marked)s phiếu, ít hơn mức %(smallest)s; ban giám khảo không nhận kết quả: %(reason)s (%(names)s).")
HELD = N_("Chờ ban giám khảo quyết định về tiết mục có ít phiếu; chưa xếp hạng ai.")
SHARED_IN_ORDER = N_("Đồng hạng theo thứ hạng chung cuộc.")
OPEN = ContestState.OPEN


@dataclass(frozen=True, slots=True)
class ContestTable:
    """Places best first, prizes and open questions, and how each entry's points came about; keys are entry codes."""

    contest: Contest
    standings: tuple[RankedEntry, ...]
    prizes: Prizes
    details: Mapping[str, EntryDetail]
    appearances: Mapping[str, Appearance]
    few: Mapping[str, int]  # entries that wait for the panel because of few sheets, with how many there are
    by_order: bool  # match: places are those of the final order
    held: frozenset[str]  # entries with a result that nobody ranks before the panel has answered about those
    ladder: tuple[Rung, ...] = ()  # with the facts by which equal entries were parted

    @property
    def unsettled(self) -> tuple[RankedEntry, ...]:
        """Entries that have no valid result yet and are not out of the contest."""
        return tuple(each for each in self.standings if each.rank is None and each.open and each.entry not in self.held)

    @property
    def ties(self) -> tuple[tuple[RankedEntry, ...], ...]:
        """Groups on one place that the ladder could not part and the panel has not decided about."""
        return open_ties(self.standings)

    @property
    def waiting_rungs(self) -> tuple[Come, ...]:
        """Groups that wait for a third marking or a draw."""
        return waiting_rungs(self.standings)


def waiting_rungs(places: Sequence[RankedEntry]) -> tuple[Come, ...]:
    """Groups that wait at a rung for its record, best first."""
    return tuple(dict.fromkeys(each.come[-1] for each in places if each.waits is not None))


def come_to(places: Sequence[RankedEntry], asks: AskedOf | None = None) -> tuple[Come, ...]:
    """Every group that came to a rung with a record, answered or not, best first."""
    return tuple(dict.fromkeys(come for each in places for come in each.come if asks in (None, come.asks)))


def open_ties(places: Sequence[RankedEntry]) -> tuple[tuple[RankedEntry, ...], ...]:
    """Groups on one place that the ladder could not part and nobody has decided about."""
    groups: dict[int, list[RankedEntry]] = {}
    for each in places:
        if each.rank is not None and each.shared and each.open and each.waits is None:
            groups.setdefault(each.rank, []).append(each)
    return tuple(tuple(group) for group in groups.values())


def compute_table(
    tally: Tally,
    ties: Sequence[Settling] = (),
    prizes: Sequence[PrizeDecision] = (),
    vacant: Sequence[Vacancy] = (),
    *,
    settled: bool,
    out: Mapping[str, ResultState] | None = None,
    few: Mapping[str, FewDecision] | None = None,
) -> ContestTable:
    """The table of a contest. `settled`: after the lock a sheet that is not there is an absent judge's, before it the
    entry waits. After the lock nobody has a place while the panel has to say whether an entry's few sheets count.
    """
    waiting: dict[str, int] = {}
    held: frozenset[str] = frozenset()
    if tally.contest.result_kind is ResultKind.RUBRIC:
        results, details = _judged(tally, few or {}, waiting, settled=settled)
    elif tally.contest.result_kind is ResultKind.SUM:
        results = [sum_result(tally, appearance) for appearance in tally.appearances]
        details = {each.code: EntryDetail(None, 0, parts=tally.parts.get(each.id, ())) for each in tally.appearances}
    else:
        results = [_measured(tally, appearance) for appearance in tally.appearances]
        details = {appearance.code: EntryDetail(None, 0) for appearance in tally.appearances}
    decided_out = out or {}
    waiting = {entry: marked for entry, marked in waiting.items() if entry not in decided_out}
    if waiting and settled:
        held = frozenset(each.entry for each in results if each.state is ResultState.RANKED)
        results = [
            EntryResult(each.entry, ResultState.WAITING, reasons=(HELD,)) if each.entry in held else each
            for each in results
        ]
    # the panel may say of an entry without a valid result that it takes no place; never of one that has points
    results = [
        EntryResult(each.entry, decided_out[each.entry])
        if each.entry in decided_out
        and each.entry not in held
        and each.state in (ResultState.WAITING, ResultState.NOT_VALID)
        else each
        for each in results
    ]
    by_order = tally.order is not None
    rungs = () if by_order else tuple(_rungs(tally, details))
    places = standings(
        results,
        higher_wins=not (tally.contest.lower_wins or by_order or by_places(tally.contest)),
        ladder=rungs,
        decisions=ties,
        equal=SHARED_IN_ORDER if by_order else None,
    )
    return ContestTable(
        tally.contest,
        places,
        award(places, prizes_kept(tally.contest.prizes), prizes, vacant),
        details,
        {appearance.code: appearance for appearance in tally.appearances},
        waiting,
        by_order,
        held,
        rungs,
    )


def _rungs(tally: Tally, details: Mapping[str, EntryDetail]) -> list[Rung]:
    return sum_ladder(tally) if tally.contest.result_kind is ResultKind.SUM else ladder(tally, details)


def _judged(
    tally: Tally, decided: Mapping[str, FewDecision], waiting: dict[str, int], *, settled: bool
) -> tuple[list[EntryResult], dict[str, EntryDetail]]:
    """`waiting` gets the entries whose few sheets the panel has to decide about."""
    rule = scoring_rule(tally.contest)
    letters = {str(seat.id): seat.letter for seat in tally.seats}
    results: list[EntryResult] = []
    details: dict[str, EntryDetail] = {}
    for appearance in tally.appearances:
        out = tally.out(appearance.id)
        if out is not None:
            results.append(EntryResult(appearance.code, OUT[out]))
            details[appearance.code] = EntryDetail(None, 0)
            continue
        totals, waits = _panel_of(tally, appearance)
        off = taken_off(tally, appearance)
        panel = panel_mean(totals, rule)
        details[appearance.code] = EntryDetail(panel, off.milli, tuple(totals))
        if waits and not settled:
            results.append(EntryResult(appearance.code, ResultState.WAITING))
            continue
        match panel:
            case NotValid(_, said):
                results.append(EntryResult(appearance.code, ResultState.NOT_VALID, reasons=(said,)))
            case PanelMean():
                marked = sum(each.total_milli is not None for each in totals)
                answer = _on_few(tally, appearance, marked, decided)
                if isinstance(answer, EntryResult):
                    results.append(answer)
                    if not answer.decided:
                        waiting[appearance.code] = marked
                    continue
                brought = carried(tally.contest.after, tally.contest.cut, appearance.code)
                reasons = (*answer, *why(panel, off, rule, letters), *([brought.said] if brought else ()))
                points = entry_points(panel.mean + (brought.exact if brought else 0), off.milli, rule)
                results.append(EntryResult(appearance.code, ResultState.RANKED, points, reasons))
    return (ranked_by_places(results, details) if by_places(tally.contest) else results), details


def _on_few(
    tally: Tally, appearance: Appearance, marked: int, decided: Mapping[str, FewDecision]
) -> EntryResult | tuple[Sentence, ...]:
    """What follows when fewer judges marked than the smallest panel; reasons alone when the result counts."""
    smallest = tally.contest.smallest_panel
    answer = decided.get(appearance.code)
    # what an earlier release let be signed without the question stands as it was signed
    signed = tally.contest.state not in (ContestState.OPEN, ContestState.LOCKED)
    if marked >= smallest or (answer is None and signed):
        return ()
    known = {"marked": marked, "smallest": smallest}
    if answer is None or answer.marked != marked or answer.say is OnFewSheets.WAIT:
        said = FEW.filled(panel=len(tally.seats), **known)
        return EntryResult(appearance.code, ResultState.NOT_VALID, reasons=(said,))
    why = {"reason": answer.reason, "names": ", ".join(answer.names)}
    if answer.say is OnFewSheets.NONE:
        said = FEW_NONE.filled(**known, **why)
        return EntryResult(appearance.code, ResultState.NOT_VALID, reasons=(said,), decided=True)
    return (FEW_ACCEPTED.filled(**known, **why),)


def _panel_of(tally: Tally, appearance: Appearance) -> tuple[list[JudgeTotal], bool]:
    """What each judge gave the entry, and whether something is still due or in two versions."""
    totals, waits = [], False
    for seat in tally.seats:
        sheet = tally.sheets.get((seat.id, appearance.id))
        if (seat.id, appearance.id) in tally.tied:
            totals.append(JudgeTotal(str(seat.id), SheetState.RECUSED))
        elif sheet is None:
            totals.append(JudgeTotal(str(seat.id), SheetState.ABSENT))
            waits = True
        else:
            totals.append(JudgeTotal(str(seat.id), sheet.state, sheet.total_milli))
            waits = waits or sheet.conflict
    return totals, waits


def _measured(tally: Tally, appearance: Appearance) -> EntryResult:
    """What the valid tries come to; without one, the state of the last that failed; without any, waiting."""
    tries = tally.measures.get(appearance.id, ())
    if tally.contest.result_kind is ResultKind.MATCH and (tally.order is not None or tally.contest.state is OPEN):
        return _in_order(tally, appearance)
    count, lower = AttemptsCount(tally.contest.attempts_count), tally.contest.lower_wins
    value = counted(tried(tries), count, attempts=tally.contest.attempts, lower_wins=lower)
    if value is not None:
        return EntryResult(appearance.code, ResultState.RANKED, value)
    failed = [each.state for each in tries if each.state is not MeasureState.VALID]
    # of a sum whose tries are not all there yet nothing is known, unless one has failed that must not
    over = failed and (lower or count is AttemptsCount.BEST or len(failed) == len(tries))
    return EntryResult(appearance.code, OUT[failed[-1]] if over else ResultState.WAITING)


def _in_order(tally: Tally, appearance: Appearance) -> EntryResult:
    """The place in the final order. A bare number that an earlier release took ranks nobody in an open contest: who has
    typed it knows whether it counts wins or is a place.
    """
    out = tally.out(appearance.id)
    if out is not None:
        return EntryResult(appearance.code, OUT[out])
    present = {each.id for each in tally.appearances if not tally.out(each.id)}
    groups = [[entry for entry in group if entry in present] for group in tally.order or ()]
    for place, group in places_of([group for group in groups if group]):
        if appearance.id in group:
            return EntryResult(appearance.code, ResultState.RANKED, place)
    return EntryResult(appearance.code, ResultState.WAITING)
