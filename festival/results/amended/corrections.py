"""What do the corrections of an amendment make of a signed result? Values in, values out.

The signed record is never touched. A corrected mark, measure or overtime goes into a copy of the tally, and the same
table is computed from it as from any other; a place or a prize that the amendment states itself is laid over that table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from festival.contests.models import Criterion
from festival.contests.panel import SheetState, SheetTotal, sheet_total
from festival.contests.summed.parts import PartPoints, read_parts
from festival.core.sentence import N_, Sentence
from festival.editions.rules.prizes import prizes_kept
from festival.judging.models import MeasureState
from festival.judging.tally import Attempt, JudgeSheet, Tally
from festival.results.prizes import PrizeDecision, PrizeOfEntry, Prizes, Vacancy, award
from festival.results.standings import RankedEntry, ResultState
from festival.results.table import ContestTable

PLACED = N_("Hạng ghi trong biên bản đính chính.")
GIVEN = N_("Giải ghi trong biên bản đính chính.")


class StatedTry(NamedTuple):
    """What a try should have been; `answers` question by question, where the rules name them."""

    state: MeasureState
    value: int | None
    answers: str | None = None

    def kept(self) -> list[Any]:
        return [self.state.value, self.value, *([] if self.answers is None else [self.answers])]


@dataclass(frozen=True, slots=True)
class Corrections:
    """All that differs from the signed record. Entries are codes, judges row ids, marks 1/1000 points.

    `places` and `prizes` are what the amendment states itself, whatever the numbers say; a prize of None: none.
    """

    marks: Mapping[tuple[str, int, str], int] = field(default_factory=dict)  # by entry, judge, criterion
    measures: Mapping[tuple[str, int], StatedTry] = field(default_factory=dict)  # by entry, try
    overtime: Mapping[str, int] = field(default_factory=dict)  # seconds
    places: Mapping[str, int] = field(default_factory=dict)
    prizes: Mapping[str, str | None] = field(default_factory=dict)
    specials: Mapping[str, str | None] = field(default_factory=dict)  # by special prize the entry; None: nobody
    # of a sum: by entry, what its components bring since they were amended
    parts: Mapping[str, tuple[PartPoints, ...]] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """As plain values, in an order that is always the same."""
        parts = {entry: [each.kept() for each in own] for entry, own in sorted(self.parts.items())}
        kept: dict[str, Any] = {
            "marks": [[*key, milli] for key, milli in sorted(self.marks.items())],
            "measures": [[*key, *stated.kept()] for key, stated in sorted(self.measures.items())],
            "overtime": dict(sorted(self.overtime.items())),
            "places": dict(sorted(self.places.items())),
            "prizes": dict(sorted(self.prizes.items())),
        }
        kept |= {"parts": parts} if parts else {}
        return kept | ({"specials": dict(sorted(self.specials.items()))} if self.specials else {})


def read_corrections(kept: Mapping[str, Any]) -> Corrections:
    """What `kept` wrote."""
    return Corrections(
        {(entry, judge, criterion): milli for entry, judge, criterion, milli in kept.get("marks", ())},
        {
            (entry, round_): StatedTry(MeasureState(state), *said)
            for entry, round_, state, *said in kept.get("measures", ())
        },
        kept.get("overtime", {}),
        kept.get("places", {}),
        kept.get("prizes", {}),
        kept.get("specials", {}),
        {entry: read_parts(own) for entry, own in kept.get("parts", {}).items()},
    )


@dataclass(frozen=True, slots=True)
class AmendedTally(Tally):
    """A tally with the corrections of the amendment in force; what the sheets said is in the record, not here."""

    corrections: Corrections = field(default_factory=Corrections)


def is_amended(tally: Tally) -> bool:
    """Whether an amendment is in force that corrects anything."""
    return isinstance(tally, AmendedTally) and tally.corrections != Corrections()


def corrected(tally: Tally, corrections: Corrections) -> AmendedTally:
    """The tally as the amendment says it should have been."""
    facts = {each.name: getattr(tally, each.name) for each in fields(tally)} | {"corrections": corrections}
    by_code = {appearance.code: appearance for appearance in tally.appearances}
    sheets = dict(tally.sheets)
    for (code, judge_id, criterion), milli in sorted(corrections.marks.items()):
        if code in by_code:
            key = judge_id, by_code[code].id
            sheets[key] = _with_mark(sheets.get(key), key, criterion, milli, tally.criteria)
    measures = dict(tally.measures)
    for (code, round_), (state, value, answers) in sorted(corrections.measures.items()):
        if code in by_code:
            entry_id = by_code[code].id
            kept = [each for each in measures.get(entry_id, ()) if each.round != round_]
            stated = Attempt(round_, state, value, 0, answers)
            measures[entry_id] = tuple(sorted((*kept, stated), key=lambda each: each.round))
    over = {by_code[code].id: seconds for code, seconds in corrections.overtime.items() if code in by_code}
    facts["parts"] = {
        **tally.parts,
        **{by_code[code].id: own for code, own in corrections.parts.items() if code in by_code},
    }
    facts |= {"sheets": sheets, "measures": measures, "overtime_s": {**tally.overtime_s, **over}}
    return AmendedTally(**facts)


def _with_mark(
    sheet: JudgeSheet | None, key: tuple[int, int], criterion: str, milli: int, criteria: Sequence[Criterion]
) -> JudgeSheet:
    """The sheet with this mark, added up as every sheet is. One that still lacks a mark has no total to speak of: it is
    refused before it is stored.
    """
    marks = {**(sheet.marks if sheet is not None else {}), criterion: milli}
    weights = {each.code: each.weight_milli for each in criteria}
    added = sheet_total(marks, list(weights), weights)
    total = added.milli if isinstance(added, SheetTotal) else sum(marks.values())
    if sheet is not None:
        return replace(sheet, state=SheetState.MARKED, marks=marks, total_milli=total, conflict=False)
    return JudgeSheet(
        id=0,
        judge_id=key[0],
        entry_id=key[1],
        round=1,
        version=0,
        state=SheetState.MARKED,
        total_milli=total,
        marks=marks,
        conflict=False,
        on_paper=True,
        note="",
        updated_at=datetime.min.replace(tzinfo=UTC),  # there is no sheet
    )


def wrong_places(table: ContestTable, places: Mapping[str, int]) -> int | None:
    """The first place at which the order would not count 1, 2, 2, 4; None when it does."""
    ranks = sorted(rank for each in table.standings if (rank := places.get(each.entry, each.rank)) is not None)
    return next((rank for at, rank in enumerate(ranks) if rank != at + 1 and (not at or rank != ranks[at - 1])), None)


def overridden(
    table: ContestTable,
    corrections: Corrections,
    decided: Sequence[PrizeDecision],
    vacant: Sequence[Vacancy] = (),
) -> ContestTable:
    """The table with the places and prizes that the amendment states; `decided`, `vacant`: what the panel decided on prizes."""
    prizes, standings = table.prizes, table.standings
    if corrections.places:
        standings = _placed(standings, corrections.places)
        prizes = award(standings, prizes_kept(table.contest.prizes), decided, vacant)
    if corrections.prizes:
        prizes = _given(prizes, standings, corrections.prizes)
    return replace(table, standings=standings, prizes=prizes)


def _placed(standings: Sequence[RankedEntry], places: Mapping[str, int]) -> tuple[RankedEntry, ...]:
    ranks = {each.entry: places.get(each.entry, each.rank) for each in standings}
    held = list(ranks.values())
    moved = [
        replace(
            each,
            state=ResultState.RANKED if each.entry in places else each.state,
            rank=ranks[each.entry],
            shared=ranks[each.entry] is not None and held.count(ranks[each.entry]) > 1,
            open=each.open and each.entry not in places,
            reasons=(*_own(each), PLACED) if each.entry in places else each.reasons,
        )
        for each in standings
    ]
    return tuple(sorted(moved, key=lambda each: (each.rank is None, each.rank or 0)))


def _own(each: RankedEntry) -> tuple[Sentence, ...]:
    return each.reasons if each.rank is not None else ()


def _given(prizes: Prizes, standings: Sequence[RankedEntry], stated: Mapping[str, str | None]) -> Prizes:
    ranks = {each.entry: each.rank for each in standings}
    kept = [each for each in prizes.awards if each.entry not in stated]
    new = [
        PrizeOfEntry(entry, prize, ranks.get(entry), (GIVEN,), decided=True) for entry, prize in stated.items() if prize
    ]
    order = {each.entry: at for at, each in enumerate(standings)}
    return Prizes(
        tuple(sorted((*kept, *new), key=lambda each: order.get(each.entry, 0))),
        tuple(each for each in prizes.questions if not set(each.entries) <= set(stated)),
        {entry: why for entry, why in prizes.without.items() if not stated.get(entry)}
        | {entry: (GIVEN,) for entry, prize in stated.items() if not prize and ranks.get(entry) is not None},
    )
