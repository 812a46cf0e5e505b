"""What does the head of a delegation read of its own entries once a result is public? What the rules let heads see, no more.

Judges are letters, never names. Before the publication there is nothing: no row of a contest that is not public is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.panel import SheetState
from festival.contests.queries import contests
from festival.core.database import db
from festival.core.sentence import Points
from festival.core.web.errors import NotFound
from festival.editions.rules.kinds import ShownToHeads
from festival.judging.comments.reading import CommentForFamily, comments_for
from festival.judging.tally import Appearance, JudgeSheet, Tally
from festival.results.current import current_tables, tallies_for_results, written_value
from festival.results.models import Award
from festival.roster.models import Delegation
from festival.roster.shown.public_names import NamesHeld, names_held


@dataclass(frozen=True, slots=True)
class MarksOfSeat:
    """What one judge gave, under the letter of the seat. `marks` in the order of the criteria; empty where none was given."""

    letter: str
    state: SheetState
    marks: tuple[Points, ...]
    total: Points | None


@dataclass(frozen=True, slots=True)
class OwnEntryResult:
    """An entry of the delegation: its prize, what it reached, what each judge gave and wrote as far as the rules let heads see."""

    name: str
    number: int | None
    prizes: tuple[str, ...]
    value: str
    seats: tuple[MarksOfSeat, ...]
    comments: tuple[CommentForFamily, ...]


@dataclass(frozen=True, slots=True)
class OwnContestResults:
    """A published contest in which the delegation took part. `limited`: the rules show heads nothing but prizes."""

    name: str
    limited: bool
    unit_label: str
    criteria: tuple[str, ...]
    entries: tuple[OwnEntryResult, ...]


@dataclass(frozen=True, slots=True)
class OwnResults:
    """One contest at a time: those that are public to choose from, and the chosen one; None where nothing is public yet."""

    choices: tuple[tuple[str, str], ...]  # code and name
    chosen: str
    contest: OwnContestResults | None
    taken_back: tuple[tuple[str, datetime], ...] = ()  # names of contests whose result is looked at again, since when


def own_results(delegation: Delegation, wanted: str) -> OwnResults:
    """`wanted`: code of a contest; the first that is public when none is named. NotFound for one that is not public."""
    every = contests(delegation.festival_id)
    public = {each.code: each for each in every if each.state is ContestState.PUBLISHED}
    gone = {each.code: (each.name, each.taken_back_at) for each in every if each.taken_back_at is not None}
    if wanted and wanted not in public and wanted not in gone:
        raise NotFound()
    choices, again = tuple((code, each.name) for code, each in public.items()), tuple(gone.values())
    if not public:
        return OwnResults((), "", None, again)
    chosen = public.get(wanted) or next(iter(public.values()))
    return OwnResults(choices, chosen.code, _contest(delegation, chosen, _shown(chosen, every)), again)


def _contest(delegation: Delegation, contest: Contest, shown: ShownToHeads) -> OwnContestResults:
    tallied = tallies_for_results([contest])[contest.id]
    own = [each for each in tallied.appearances if each.delegation_id == delegation.id]
    values = {line.entry: line.value for line in current_tables([tallied])[contest.id].standings}
    prizes, held = _prizes(contest.id), names_held(delegation.festival_id)
    comments = comments_for([each.code for each in own]) if own and shown is ShownToHeads.COMMENTS else []
    return OwnContestResults(
        contest.name,
        shown is ShownToHeads.NONE,
        contest.unit_label,
        tuple(each.name for each in tallied.criteria),
        tuple(
            _entry(tallied, at, shown, values.get(at.code), prizes.get(at.id, ()), comments, held)
            for at in sorted(own, key=lambda each: (each.number is None, each.number or 0, each.code))
        ),
    )


def _shown(contest: Contest, every: Sequence[Contest]) -> ShownToHeads:
    """Points of a final may hold those of the round before: nothing of them before that one is public too."""
    if contest.after and contest.after["contest"] not in {
        each.code for each in every if each.state is ContestState.PUBLISHED
    }:
        return ShownToHeads.NONE
    return ShownToHeads(contest.shown_to_heads)


def _prizes(contest_id: int) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = select(Award.entry_id, Award.prize).where(Award.contest_id == contest_id, Award.entry_id.is_not(None))
    for row in db.session.execute(rows.order_by(Award.special, Award.position, Award.id)):
        found[row.entry_id] = (*found.get(row.entry_id, ()), row.prize)
    return found


def _entry(
    tallied: Tally,
    at: Appearance,
    shown: ShownToHeads,
    value: int | None,
    prizes: tuple[str, ...],
    comments: Sequence[CommentForFamily],
    held: NamesHeld,
) -> OwnEntryResult:
    by_judges = shown in (ShownToHeads.MARKS, ShownToHeads.COMMENTS) and not tallied.out(at.id)
    seats = tallied.seats if by_judges and tallied.contest.result_kind is ResultKind.RUBRIC else ()
    return OwnEntryResult(
        held.entry(at.id, at.name),
        at.number,
        prizes,
        "" if shown is ShownToHeads.NONE else written_value(tallied.contest, value),
        tuple(
            _seat(tallied, seat.letter, tallied.sheets.get((seat.id, at.id)))
            for seat in seats
            if (seat.id, at.id) not in tallied.tied
        ),
        tuple(each for each in comments if shown is ShownToHeads.COMMENTS and each.entry == at.code),
    )


def _seat(tallied: Tally, letter: str, sheet: JudgeSheet | None) -> MarksOfSeat:
    if sheet is None or sheet.state is not SheetState.MARKED:
        return MarksOfSeat(letter, sheet.state if sheet else SheetState.ABSENT, (), None)
    marks = tuple(Points(sheet.marks[each.code]) for each in tallied.criteria if each.code in sheet.marks)
    return MarksOfSeat(letter, sheet.state, marks, Points(sheet.total_milli or 0))
