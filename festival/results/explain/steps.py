"""By which steps did an entry come to its place? From the table and what it was made of; nothing is read here.

Each step is plain values (thousandths, fractions as «a/b», letters of seats): a page words them, and `verify.py`, which
shares no line with this house, must come to the same list. In order: each judge's sheet, what was dropped and why, the
mean, the penalty, the rounding, the rungs of the ladder that were asked, the panel's word, the place, the prize.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from festival.contests.counting.dropping import places, rank_sums
from festival.contests.models import ContestState, ResultKind
from festival.contests.panel import Dropped, NotValid, PanelMean, SheetState, entry_points
from festival.contests.summed.parts import exact_sum, summed, takes_part
from festival.core.sentence import Sentence, to_json
from festival.editions.rules.scoring import ScoringKind
from festival.judging.contest_rules import clock_penalty, scoring_rule
from festival.judging.tally import Appearance, Tally
from festival.results.amended.corrections import AmendedTally, Corrections
from festival.results.decisions import Decisions
from festival.results.rounds.carried import carried
from festival.results.standings import OnFewSheets, RankedEntry
from festival.results.table import ContestTable
from festival.results.ties import Rung, Settling, decision_of, facts_of, record_of

ExplainStep = dict[str, Any]


def steps_of(tally: Tally, table: ContestTable, entry: str, decided: Decisions) -> list[ExplainStep]:
    """The whole chain of one entry."""
    line = next(each for each in table.standings if each.entry == entry)
    appearance = table.appearances[entry]
    stated = tally.corrections if isinstance(tally, AmendedTally) else Corrections()
    by_amendment = entry in stated.places
    if tally.contest.result_kind is ResultKind.RUBRIC:
        found = [] if tally.out(appearance.id) else list(_judged(tally, table, appearance, decided))
    elif tally.contest.result_kind is ResultKind.SUM:
        found = list(_summed(table, entry))
    else:
        found = list(_measured(tally, table, line, appearance, by_amendment=by_amendment))
    last = list(_prize(table, entry, stated))
    if line.rank is None:
        return [*found, {"step": "no_place", "state": line.state.value}, *last]
    if by_amendment:
        # what the amendment states follows from no ladder
        found.append({"step": "amended_place", "place": line.rank})
    elif not table.by_order:
        equal = sorted(each.entry for each in table.standings if each.rank is not None and each.value == line.value)
        found += _parted(entry, equal, table.ladder, decided.ties)
    found.append({"step": "place", "place": line.rank, "shared": line.shared})
    return [*found, *last]


def _summed(table: ContestTable, entry: str) -> Iterator[ExplainStep]:
    """What each component brings, and the sum."""
    parts = table.details[entry].parts
    for each in parts:
        yield {"step": "part", **each.kept()}
    if takes_part(parts):
        yield {"step": "sum", "exact": str(exact_sum(parts)), "points": summed(parts)}


def _prize(table: ContestTable, entry: str, stated: Corrections) -> Iterator[ExplainStep]:
    if entry in stated.prizes:
        yield {"step": "amended_prize", "prize": stated.prizes[entry]}
        return
    prize = next((each.prize for each in table.prizes.awards if each.entry == entry), None)
    if prize:
        yield {"step": "prize", "prize": prize}


def _judged(tally: Tally, table: ContestTable, at: Appearance, decided: Decisions) -> Iterator[ExplainStep]:
    letters = {str(seat.id): seat.letter for seat in tally.seats}
    totals: dict[str, int] = {}
    for seat in tally.seats:
        sheet = tally.sheets.get((seat.id, at.id))
        state = SheetState.ABSENT if sheet is None else sheet.state
        total = None if sheet is None else sheet.total_milli
        if (seat.id, at.id) in tally.tied:
            state, total = SheetState.RECUSED, None
        yield {"step": "sheet", "seat": seat.letter, "state": state.value, "total": total}
        if total is not None:
            totals[str(seat.id)] = total
    detail, rule = table.details[at.code], scoring_rule(tally.contest)
    if isinstance(detail.panel, NotValid):
        yield {"step": "no_result", "said": to_json(detail.panel.said)}
        return
    panel = detail.panel
    assert panel is not None
    yield from _dropped(panel.dropped, totals, letters)
    few = list(_few(tally, len(totals), decided, at.code))
    if rule.kind is ScoringKind.RANK_SUM:
        yield from few
        if _stands(tally, table, at.code, decided):
            yield from _off(tally, at)
            yield _places(tally, table, at.code, decided)
        return
    if rule.kind is ScoringKind.MEDIAN:
        yield {"step": "median", "totals": sorted(totals.values()), "mean": str(panel.mean)}
    else:
        total = sum(totals[each] for each in panel.kept)
        kept = [letters[each] for each in panel.kept]
        yield {"step": "mean", "seats": kept, "sum": total, "mean": str(panel.mean)}
    yield from _off(tally, at)
    mean = panel.mean
    if brought := carried(tally.contest.after, tally.contest.cut, at.code):
        mean += brought.exact
        yield {"step": "carried", "points": brought.value, "weight": brought.weight_milli, "plus": str(brought.exact)}
    exact = mean - detail.penalty_milli
    points = entry_points(mean, detail.penalty_milli, rule)
    rounding = {"to": rule.round_milli, "how": rule.rounding.value}
    yield {"step": "rounded", "exact": str(exact), **rounding, "points": points}
    yield from few


def _off(tally: Tally, at: Appearance) -> Iterator[ExplainStep]:
    """What is taken off: by the clock, and by decisions of the secretary."""
    if seconds := tally.overtime_s.get(at.id, 0):
        yield {"step": "penalty", "seconds": seconds, "minus": clock_penalty(tally.contest, seconds)}
    for each in tally.deductions.get(at.id, ()):
        yield {"step": "deduction", "name": each.name, "minus": each.milli}


def _stands(tally: Tally, table: ContestTable, entry: str, decided: Decisions) -> bool:
    """Whether the entry has a place in each judge's order."""
    detail = table.details[entry]
    if not isinstance(detail.panel, PanelMean):
        return False
    marked = sum(each.total_milli is not None for each in detail.totals)
    return all(step["say"] == OnFewSheets.ACCEPT for step in _few(tally, marked, decided, entry))


def _places(tally: Tally, table: ContestTable, entry: str, decided: Decisions) -> ExplainStep:
    """The place that each judge's order gives the entry, and their sum."""
    letters = {str(seat.id): seat.letter for seat in tally.seats}
    by_judge: dict[str, dict[str, int]] = {}
    for code, detail in table.details.items():
        for each in detail.totals if _stands(tally, table, code, decided) else ():
            if each.total_milli is not None:
                by_judge.setdefault(each.judge, {})[code] = each.total_milli - detail.penalty_milli
    own = {
        letters[each.judge]: places(by_judge[each.judge])[entry]
        for each in table.details[entry].totals
        if each.total_milli is not None
    }
    return {"step": "places", "places": own, "judges": len(by_judge), "sum": str(rank_sums(by_judge)[entry])}


def _dropped(
    dropped: Sequence[Dropped], totals: Mapping[str, int], letters: Mapping[str, str]
) -> Iterator[ExplainStep]:
    for each in dropped:
        gone = {other.judge for other in dropped if other.in_pass < each.in_pass}
        rest = [total for judge, total in totals.items() if judge not in gone]
        yield {
            "step": "dropped",
            "seat": letters[each.judge],
            "total": each.total_milli,
            "mean": str(Fraction(sum(rest), len(rest))),
            "away": str(each.deviation),
            "pass": each.in_pass,
            "why": each.why.value,
        }


def _few(tally: Tally, marked: int, decided: Decisions, entry: str) -> Iterator[ExplainStep]:
    """Fewer sheets than the smallest panel: what the panel said about it."""
    smallest, answer = tally.contest.smallest_panel, decided.few.get(entry)
    signed = tally.contest.state not in (ContestState.OPEN, ContestState.LOCKED)
    if marked >= smallest or (answer is None and signed):
        return
    say = OnFewSheets.WAIT if answer is None or answer.marked != marked else answer.say
    yield {"step": "few", "marked": marked, "smallest": smallest, "say": say.value}


def _measured(
    tally: Tally, table: ContestTable, line: RankedEntry, at: Appearance, *, by_amendment: bool
) -> Iterator[ExplainStep]:
    if table.by_order:
        if line.rank is not None and not by_amendment:
            yield {"step": "order", "place": line.rank}
        return
    for each in tally.measures.get(at.id, ()):
        yield {"step": "try", "n": each.round, "state": each.state.value, "value": each.value}
        if each.answers is not None:
            yield {"step": "answers", "n": each.round, "answers": each.answers, "value": each.value}
    if line.value is not None:
        yield {"step": "tries", "count": tally.contest.attempts_count, "value": line.value}


def _parted(
    entry: str, equal: list[str], ladder: Sequence[Rung], decisions: Sequence[Settling]
) -> Iterator[ExplainStep]:
    """Down the ladder, for as long as others stand beside the entry."""
    for rung in ladder:
        if len(equal) == 1:
            return
        record = None if rung.asks is None else record_of(decisions, rung.asks, equal)
        if rung.asks is not None and (record is None or not record.held):
            yield {"step": "asked", "of": rung.asks.value, "equal": equal, "waits": record is None}
            if record is None:
                return
            continue
        known = facts_of(rung, equal, decisions)
        facts = {each: known.get(each) for each in equal}
        missing = rung.absent is None and None in facts.values()
        stay = equal if missing else [each for each in equal if facts[each] == facts[entry]]
        yield {
            "step": "rung",
            "rung": to_json(rung.name) if isinstance(rung.name, Sentence) else rung.name,
            "facts": {each: None if fact is None else str(fact) for each, fact in facts.items()},
            "missing": missing,
            "equal": stay,
        }
        equal = stay
    if len(equal) > 1:
        taken = decision_of(decisions, equal)
        yield {"step": "panel", "equal": equal, "order": taken and [list(group) for group in taken.order]}
