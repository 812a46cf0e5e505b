"""What do the messages of one batch of sheets speak of, and what is there already?

Every sheet of every judge comes through here while the contest waits, so the statements are built once, name the columns
they need, and are as many for a batch as for one sheet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select

from festival.contests.actions import fix_rules
from festival.contests.marks import Scale
from festival.contests.models import Contest, ContestState, Criterion, Judge, PanelSeat, ResultKind, Unavailability
from festival.core.database import db
from festival.core.statements import table
from festival.judging.contest_rules import scale_of
from festival.judging.correcting.acts import CorrectionTime, time_of
from festival.judging.models import Mark, ScoreSheet, SheetRevision
from festival.judging.sheet_messages import SheetMessage
from festival.judging.sheet_versions import Content, Present
from festival.judging.ties import tied_by_family
from festival.roster.models import Delegation, Entry

# A reserve's sheets are taken and count nowhere; what still comes of somebody who was replaced is kept aside.
BESIDE = (PanelSeat.RESERVE, PanelSeat.REPLACED)

_CONTEST, _CRITERION, _JUDGE, _TIE = table(Contest), table(Criterion), table(Judge), table(Unavailability)
_ENTRY, _DELEGATION = table(Entry), table(Delegation)
_SHEET, _MARK, _REVISION = table(ScoreSheet), table(Mark), table(SheetRevision)


@dataclass(frozen=True, slots=True)
class HeldContest:
    """A contest as it is *now*, held against a lock until the transaction ends."""

    id: int
    ledger_name: str
    state: ContestState
    result_kind: ResultKind
    corrections: str


@dataclass(frozen=True, slots=True)
class SittingJudge:
    """A seat of the one who sends."""

    id: int
    seat: PanelSeat


@dataclass(slots=True)
class SheetsKnown:
    """What the messages of one batch speak of, read once."""

    entries: dict[str, Any]
    contests: dict[int, HeldContest]
    judges: dict[tuple[int, int], SittingJudge]  # by (user, contest): who sits there or waits in reserve
    replaced: dict[tuple[int, int], SittingJudge]  # the same of the seat that went to somebody else
    scales: dict[int, dict[str, Scale]]
    criteria: dict[tuple[int, str], int]
    tied_units: dict[int, set[int]]
    tied: set[tuple[int, int]]  # (judge, entry) by family
    time: CorrectionTime

    def seat_of(self, message: SheetMessage, contest_id: int) -> SittingJudge | None:
        """Whose sheet it is of somebody who has two seats: what a tablet sends is of who sits or waits there now.

        What a secretary types of who was replaced and waits in reserve again is a slip given before: a reserve has none.
        """
        key = message.user_id, contest_id
        now, before = self.judges.get(key), self.replaced.get(key)
        if before is None or (now is not None and not (message.on_paper and now.seat is PanelSeat.RESERVE)):
            return now
        return before

    def seats(self) -> list[SittingJudge]:
        """All of both."""
        return [*self.judges.values(), *self.replaced.values()]


def hold_contests(contest_ids: Sequence[int]) -> dict[int, Contest]:
    """The contests with their state as it is *now*, held against a lock until this transaction ends."""
    fresh = db.session.scalars(
        select(Contest.id).where(Contest.id.in_(contest_ids), Contest.rules_fixed_at.is_(None)).order_by(Contest.id)
    ).all()
    for contest_id in fresh:
        fix_rules(contest_id)
    rows = db.session.scalars(
        select(Contest)
        .where(Contest.id.in_(contest_ids))
        .order_by(Contest.id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    return {contest.id: contest for contest in rows}


@cache
def _entries() -> Select[Any]:
    return (
        select(
            _ENTRY.c.id,
            _ENTRY.c.code,
            _ENTRY.c.contest_id,
            _ENTRY.c.state,
            _DELEGATION.c.unit_id,
            _CONTEST.c.rules_fixed_at.is_not(None).label("fixed"),
        )
        .join(_DELEGATION, _DELEGATION.c.id == _ENTRY.c.delegation_id)
        .join(_CONTEST, _CONTEST.c.id == _ENTRY.c.contest_id)
        .where(_ENTRY.c.code.in_(bindparam("codes", expanding=True)))
    )


@cache
def _contests() -> Select[Any]:
    columns = (_CONTEST.c.id, _CONTEST.c.ledger_name, _CONTEST.c.state, _CONTEST.c.result_kind, _CONTEST.c.corrections)
    return (
        select(*columns)
        .where(_CONTEST.c.id.in_(bindparam("contests", expanding=True)))
        .order_by(_CONTEST.c.id)
        .with_for_update(read=True)
    )


@cache
def _judges() -> Select[Any]:
    """Seats with what they are tied to; the seat's row is held, so that two sheets of one judge come one after the other."""
    return (
        select(
            _JUDGE.c.id,
            _JUDGE.c.user_id,
            _JUDGE.c.contest_id,
            _JUDGE.c.seat,
            _JUDGE.c.unit_id,
            _TIE.c.id.label("tie"),
            _TIE.c.unit_id.label("tied_unit"),
        )
        .outerjoin(_TIE, _TIE.c.judge_id == _JUDGE.c.id)
        .where(
            _JUDGE.c.user_id.in_(bindparam("users", expanding=True)),
            _JUDGE.c.contest_id.in_(bindparam("contests", expanding=True)),
            or_(_JUDGE.c.marks, _JUDGE.c.seat.in_(BESIDE)),
        )
        .order_by(_JUDGE.c.id)
        .with_for_update(of=_JUDGE)
    )


@cache
def _criteria() -> Select[Any]:
    return (
        select(_CRITERION)
        .where(_CRITERION.c.contest_id.in_(bindparam("contests", expanding=True)))
        .order_by(_CRITERION.c.position)
    )


@cache
def _sheets() -> Select[Any]:
    """A row for each mark of each sheet; one without a mark for a sheet that has none."""
    columns = ("id", "judge_id", "entry_id", "version", "state", "total_milli", "conflict", "note")
    return (
        select(*(_SHEET.c[name] for name in columns), _CRITERION.c.code, _MARK.c.milli)
        .outerjoin(_MARK, _MARK.c.sheet_id == _SHEET.c.id)
        .outerjoin(_CRITERION, _CRITERION.c.id == _MARK.c.criterion_id)
        .where(
            _SHEET.c.judge_id.in_(bindparam("judges", expanding=True)),
            _SHEET.c.entry_id.in_(bindparam("entries", expanding=True)),
            _SHEET.c.round == 1,
        )
    )


@cache
def _offers() -> Select[Any]:
    return select(_REVISION.c.sheet_id, _REVISION.c.mid, _REVISION.c.content).where(
        and_(_REVISION.c.sheet_id.in_(bindparam("sheets", expanding=True)), _REVISION.c.open_conflict),
        _REVISION.c.mid.is_not(None),
    )


def _ask(statement: Select[Any], **asked: list[Any]) -> list[Any]:
    return list(db.session.connection().execute(statement, asked))


def _held(entries: Iterable[Any]) -> dict[int, HeldContest]:
    """As `hold_contests`, of what a sheet depends on; the first sheet of a contest fixes its rules.

    Before the row is held: two who hold it for sharing and then both want to write it wait for each other in a circle.
    """
    fixed = {row.contest_id: row.fixed for row in entries}
    for contest_id in sorted(fixed):
        if not fixed[contest_id]:
            fix_rules(contest_id)
    return {row.id: HeldContest(*row) for row in _ask(_contests(), contests=sorted(fixed))}


def know(messages: Sequence[SheetMessage]) -> SheetsKnown:
    """Everything a batch is decided by, but the sheets themselves."""
    entries = {row.code: row for row in _ask(_entries(), codes=sorted({message.entry_code for message in messages}))}
    contests = _held(entries.values())
    judges: dict[tuple[int, int], SittingJudge] = {}
    replaced: dict[tuple[int, int], SittingJudge] = {}
    tied_units: dict[int, set[int]] = defaultdict(set)
    with_family: set[int] = set()
    users = sorted({message.user_id for message in messages})
    for row in _ask(_judges(), users=users, contests=list(contests)):
        those = replaced if row.seat is PanelSeat.REPLACED else judges
        those[row.user_id, row.contest_id] = SittingJudge(row.id, row.seat)
        tied_units[row.id].update(unit for unit in (row.unit_id, row.tied_unit) if unit is not None)
        if row.tie is not None and row.tied_unit is None:
            with_family.add(row.id)
    scales: dict[int, dict[str, Scale]] = defaultdict(dict)
    criteria: dict[tuple[int, str], int] = {}
    for row in _ask(_criteria(), contests=list(contests)):
        scales[row.contest_id][row.code] = scale_of(row)
        criteria[row.contest_id, row.code] = row.id
    ids = [row.id for row in entries.values()]
    tied = tied_by_family(sorted(with_family), ids)
    times = time_of(messages, {contest.id: contest.corrections for contest in contests.values()}, ids)
    return SheetsKnown(entries, contests, judges, replaced, scales, criteria, tied_units, tied, times)


def sheets_there(judges: list[int], entries: list[int]) -> dict[tuple[int, int], tuple[int, Present]]:
    """The sheets of these judges for these entries as they stand, with the number of their row."""
    rows: dict[tuple[int, int], Any] = {}
    marks: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for row in _ask(_sheets(), judges=judges, entries=entries):
        pair = (row.judge_id, row.entry_id)
        rows[pair] = row
        if row.code is not None:
            marks[pair][row.code] = row.milli
    return {
        pair: (row.id, Present(row.version, Content(row.state, marks[pair], row.total_milli, row.note), row.conflict))
        for pair, row in rows.items()
    }


def open_offers(sheets: list[int]) -> list[Any]:
    """The versions that wait beside these sheets for the judge's choice; asks nothing where none does."""
    return _ask(_offers(), sheets=sheets) if sheets else []
