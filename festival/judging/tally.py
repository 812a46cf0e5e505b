"""What has been marked and measured in a contest, by whom, and what is missing?

The tally reads one contest in a fixed number of queries, whatever its size; the secretary's page, the tablet's state and
the standings are all made from that one value, so they cannot disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, Text, and_, cast, func, null, or_, select

from festival.accounts.models import User
from festival.contests.models import Contest, ContestState, Criterion, Judge, PanelSeat, ResultKind
from festival.contests.panel import SheetState
from festival.contests.queries import criteria_of
from festival.contests.replacing.holders import holders, of_seats
from festival.contests.replacing.models import SeatReplacement
from festival.contests.summed.parts import PartPoints
from festival.core.database import db
from festival.editions.rules.kinds import MarkedByBoth
from festival.judging.given_deductions import GivenDeduction, names_of
from festival.judging.models import Mark, MeasureState, Plate, ScoreSheet
from festival.judging.ties import tied_pairs
from festival.judging.typed_results import OFF, OVER, typed_of
from festival.roster.deriving.numbers import own_number
from festival.roster.models import Delegation, Entry, EntryPerson, EntryState
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.published.standing import as_published, holding


@dataclass(frozen=True, slots=True)
class MarkingJudge:
    """A judge who marks."""

    id: int
    user_id: int
    name: str
    letter: str
    seat: PanelSeat
    sat: tuple[int, ...] = ()  # everybody who has sat here, the first first; empty where nobody was replaced


@dataclass(frozen=True, slots=True)
class Appearance:
    """An entry in the order in which it appears."""

    id: int
    code: str
    number: int | None
    name: str
    title: str
    delegation_id: int
    delegation: str
    unit_id: int
    members: int
    starts_at: datetime | None
    stage: str
    session: str
    act_state: ActState | None
    session_id: int | None = None
    plate: int | None = None  # judged blind: its number; `masked` when nothing else of it is told
    masked: bool = False

    @property
    def on_sheets(self) -> int | None:
        """The number that its sheets bear: that of its plate, where it is judged blind."""
        return self.number if self.plate is None else self.plate


@dataclass(frozen=True, slots=True)
class JudgeSheet:
    """A sheet as it stands; marks by criterion code."""

    id: int
    judge_id: int
    entry_id: int
    round: int
    version: int
    state: SheetState
    total_milli: int | None
    marks: Mapping[str, int]
    conflict: bool
    on_paper: bool
    note: str
    updated_at: datetime
    typed_by: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of an entry."""

    round: int
    state: MeasureState
    value: int | None
    version: int
    answers: str | None = None  # question by question, where the rules name them


@dataclass(frozen=True, slots=True)
class Tally:
    """Everything a contest's result depends on."""

    contest: Contest
    criteria: tuple[Criterion, ...]
    seats: tuple[MarkingJudge, ...]
    appearances: tuple[Appearance, ...]
    tied: frozenset[tuple[int, int]]  # (judge, entry): may not mark
    sheets: Mapping[tuple[int, int], JudgeSheet]  # by (who sits there now, entry): the sheet that counts for the seat
    measures: Mapping[int, tuple[Attempt, ...]]  # by entry, tries in order
    overtime_s: Mapping[int, int]  # by entry
    order: tuple[tuple[int, ...], ...] | None = None  # match: the final order as typed, groups of entries best first
    order_version: int = 0
    deductions: Mapping[int, tuple[GivenDeduction, ...]] = field(default_factory=dict)  # by entry, those that stand
    parts: Mapping[int, tuple[PartPoints, ...]] = field(default_factory=dict)  # sum: by entry, of each component
    waits_for: tuple[str, ...] = ()  # sum: names of components whose minutes are not signed

    def out(self, entry_id: int) -> MeasureState | None:
        """Why an entry takes no place (did not start, …), None when it takes part."""
        return next((m.state for m in self.measures.get(entry_id, ()) if m.state is not MeasureState.VALID), None)

    def expected(self, appearance: Appearance) -> list[MarkingJudge]:
        """The judges from whom a sheet is due for an entry."""
        return (
            []
            if self.out(appearance.id)
            else [seat for seat in self.seats if (seat.id, appearance.id) not in self.tied]
        )

    def missing(self) -> list[tuple[Appearance, MarkingJudge]]:
        """Sheets that are due and not there."""
        return [
            (appearance, seat)
            for appearance in self.appearances
            for seat in self.expected(appearance)
            if (seat.id, appearance.id) not in self.sheets
        ]

    def unmeasured(self) -> list[Appearance]:
        """Entries of a measured contest without any result."""
        if self.contest.result_kind in (ResultKind.RUBRIC, ResultKind.SUM):
            return []
        if self.contest.result_kind is ResultKind.MATCH:
            placed = {entry_id for group in self.order or () for entry_id in group}
            return [each for each in self.appearances if each.id not in placed and not self.out(each.id)]
        return [appearance for appearance in self.appearances if not self.measures.get(appearance.id)]

    def conflicts(self) -> list[tuple[Appearance, MarkingJudge]]:
        """Sheets in two versions."""
        return [
            (appearance, seat)
            for appearance in self.appearances
            for seat in self.seats
            if (sheet := self.sheets.get((seat.id, appearance.id))) is not None and sheet.conflict
        ]


COMING_IN = (Judge.marks, SeatReplacement.root_id, SeatReplacement.number)


def marking_judges_of(contest_ids: Iterable[int]) -> dict[int, tuple[MarkingJudge, ...]]:
    """The marking judges by contest, in the order of their letters, with who sat there before them."""
    rows = db.session.execute(
        select(Judge.contest_id, Judge.id, Judge.user_id, User.name, Judge.letter, Judge.seat, *COMING_IN)
        .join(User, User.id == Judge.user_id)
        .outerjoin(SeatReplacement, and_(SeatReplacement.in_id == Judge.id, SeatReplacement.taken_back_at.is_(None)))
        .where(Judge.contest_id.in_(list(contest_ids)), or_(Judge.marks, SeatReplacement.id.is_not(None)))
        .order_by(Judge.letter, Judge.id)
    ).all()
    sat = holders((row.root_id, row.number, row.id) for row in rows if row.root_id is not None)
    found: dict[int, list[MarkingJudge]] = defaultdict(list)
    for id_, row in {row.id: row for row in rows if row.marks}.items():
        seat = MarkingJudge(id_, row.user_id, row.name, row.letter or "", row.seat, sat.get(id_, ()))
        found[row.contest_id].append(seat)
    return {contest_id: tuple(seats) for contest_id, seats in found.items()}


# Of a contest whose entries are settled: exactly these, each with so many members (None: as many as now).
Held = Mapping[int, int | None]


def _entry_rows(contest_ids: Iterable[int], settled: Iterable[int]) -> Sequence[Row[Any]]:
    """The enrolled entries of contests with where they appear; of contests that are `settled` the others too."""
    members = select(EntryPerson.entry_id, func.count().label("members")).group_by(EntryPerson.entry_id).subquery()
    return db.session.execute(
        select(
            Entry.contest_id,
            Entry.id,
            Entry.code,
            own_number().label("number"),
            Entry.name,
            Entry.title,
            Entry.delegation_id,
            Delegation.name.label("delegation"),
            Delegation.unit_id,
            func.coalesce(members.c.members, 0).label("members"),
            Act.starts_at,
            Act.position,
            Act.state.label("act_state"),
            Stage.name.label("stage"),
            Session.label.label("session"),
            Session.id.label("session_id"),
            Plate.number.label("plate"),
            (Contest.plates_of != "").label("blind"),
            (Contest.state == ContestState.OPEN).label("open"),
            holding().label("plan_id"),
        )
        .join(Contest, Contest.id == Entry.contest_id)
        .outerjoin(Plate, Plate.entry_id == Entry.id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(members, members.c.entry_id == Entry.id)
        .outerjoin(Act, Act.entry_id == Entry.id)
        .outerjoin(Session, Session.id == Act.session_id)
        .outerjoin(Stage, Stage.id == Session.stage_id)
        .where(
            Entry.contest_id.in_(list(contest_ids)),
            or_(Entry.state == EntryState.ENROLLED, Entry.contest_id.in_(list(settled))),
        )
    ).all()


def appearances_of(
    contest_ids: Iterable[int], held: Mapping[int, Held] | None = None
) -> dict[int, tuple[Appearance, ...]]:
    """The entries that take part, by contest, in the published order of appearance (else by number).

    `held`: by contest, the entries that take part instead, whatever has become of them since.
    """
    settled = held or {}
    far = datetime.max.replace(tzinfo=UTC)
    found: dict[int, list[Appearance]] = defaultdict(list)
    for row in sorted(
        map(as_published, _entry_rows(contest_ids, settled)),
        key=lambda row: (
            row.starts_at if row.starts_at and not row.blind else far,  # a timetable would tell whose plate it is
            0 if row.blind else row.position or 0,
            row.plate or (row.number if row.number is not None else 1_000_000),
            row.id,
        ),
    ):
        among = settled.get(row.contest_id)
        if among is not None and row.id not in among:
            continue
        members_held = among.get(row.id) if among else None
        appearance = _appearance(row, members_held)
        found[row.contest_id].append(masked(appearance) if row.blind and row.open else appearance)
    return {contest_id: tuple(appearances) for contest_id, appearances in found.items()}


def masked(appearance: Appearance) -> Appearance:
    """What is told of an entry that is judged blind: its plate, and nothing that tells whose it is."""
    return replace(
        appearance, number=appearance.plate, name=_("Mâm %(number)s", number=appearance.plate or "?"), title="",
        delegation="", starts_at=None, stage="", session="", act_state=None, session_id=None, masked=True,
    )  # fmt: skip


def _appearance(row: Any, members_held: int | None) -> Appearance:
    return Appearance(
        row.id,
        row.code,
        row.number,
        row.name,
        row.title,
        row.delegation_id,
        row.delegation,
        row.unit_id,
        row.members if members_held is None else members_held,
        row.starts_at,
        row.stage or "",
        row.session or "",
        row.act_state,
        row.session_id,
        row.plate,
    )


def sheets_of(
    judge_ids: Sequence[int], entry_ids: Sequence[int] | None = None, *, marks_too: bool = True
) -> dict[tuple[int, int], JudgeSheet]:
    """The sheets of these judges (for these entries) by (judge, entry); without `marks_too` only that they are there."""
    wanted = [ScoreSheet.judge_id.in_(judge_ids), ScoreSheet.round == 1]
    if entry_ids is not None:
        wanted.append(ScoreSheet.entry_id.in_(entry_ids))
    rows = db.session.execute(select(*_SHEET_COLUMNS, (_MARKS if marks_too else null()).label("marks")).where(*wanted))
    found = [
        JudgeSheet(
            row.id, row.judge_id, row.entry_id, row.round, row.version, row.state, row.total_milli,
            _read_marks(row.marks or ""), row.conflict, row.on_paper, row.note, row.updated_at, row.typed_by,
        )
        for row in rows
    ]  # fmt: skip
    return {(each.judge_id, each.entry_id): each for each in found}


# The marks of a sheet in its own row, "content:9000,fault:0": a code has neither sign (editions/rules/document.CODE).
_MARKS = (
    select(func.aggregate_strings(Criterion.code + ":" + cast(Mark.milli, Text), ","))
    .select_from(Mark)
    .join(Criterion, Criterion.id == Mark.criterion_id)
    .where(Mark.sheet_id == ScoreSheet.id)
    .correlate(ScoreSheet)
    .scalar_subquery()
)


def _read_marks(text: str) -> dict[str, int]:
    return {code: int(milli) for code, _colon, milli in (each.partition(":") for each in text.split(",") if each)}


_SHEET_COLUMNS = (
    ScoreSheet.id,
    ScoreSheet.judge_id,
    ScoreSheet.entry_id,
    ScoreSheet.round,
    ScoreSheet.version,
    ScoreSheet.state,
    ScoreSheet.total_milli,
    ScoreSheet.conflict,
    ScoreSheet.on_paper,
    ScoreSheet.note,
    ScoreSheet.updated_at,
    ScoreSheet.typed_by,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a door has read of contests already in this transaction, to ask whether anything is new."""

    appearances: Mapping[int, tuple[Appearance, ...]]
    seats: Mapping[int, tuple[MarkingJudge, ...]]
    tied: Mapping[int, frozenset[tuple[int, int]]]


def read_tallies(
    contests: Sequence[Contest],
    held: Mapping[int, Held] | None = None,
    *,
    marks_too: bool = True,
    seen: Seen | None = None,
) -> dict[int, Tally]:
    """Everything the results of these contests depend on as it stands now, by contest, in as many statements as for one.

    `held` as in `appearances_of`. Without `marks_too` only what is there and what is missing.
    """
    ids = [contest.id for contest in contests]
    seen = seen or Seen(appearances_of(ids, held), marking_judges_of(ids), tied_pairs(ids))
    appearances, seats, tied = seen.appearances, seen.seats, seen.tied
    sat = [judge for panel in seats.values() for seat in panel for judge in (seat.id, *seat.sat)]
    sheets = sheets_of(sat, marks_too=marks_too)
    measures: dict[int, list[Attempt]] = defaultdict(list)
    overtime: dict[int, int] = {}
    orders: dict[int, tuple[tuple[tuple[int, ...], ...] | None, int]] = {}
    names = {each.id: names_of(each) for each in contests if each.deductions and marks_too}
    named = {each.id: names[key] for key in names for each in appearances.get(key, ())}
    off: dict[int, list[GivenDeduction]] = defaultdict(list)
    for row in db.session.execute(typed_of(ids, names)):
        if row.round == OFF:
            off[row.of].append(GivenDeduction(named.get(row.of, {}).get(row.text, row.text), row.value))
        elif row.places is not None:
            orders[row.of] = (tuple(map(tuple, row.places)) or None, row.version)
        elif row.round == OVER:
            overtime[row.of] = row.value
        else:
            measures[row.of].append(Attempt(row.round, row.state, row.value, row.version, row.text))
    criteria = criteria_of(contests) if marks_too else {}
    found = {}
    for contest in contests:
        order, version = orders.get(contest.id, (None, 0))
        own, panel = appearances.get(contest.id, ()), seats.get(contest.id, ())
        entries, of_each = [each.id for each in own], {seat.id: seat.sat or (seat.id,) for seat in panel}
        counted = of_seats(of_each, entries, sheets, MarkedByBoth(contest.marked_by_both))
        aside = tied.get(contest.id, frozenset())
        found[contest.id] = Tally(
            contest=contest,
            criteria=criteria.get(contest.id, ()),
            seats=panel,
            appearances=own,
            # an act that another judge of the seat has marked is none that the present one, tied to it, leaves out
            tied=frozenset(pair for pair in aside if pair not in counted or counted[pair].judge_id == pair[0]),
            sheets=counted,
            measures={appearance.id: tuple(measures[appearance.id]) for appearance in own if appearance.id in measures},
            overtime_s={appearance.id: overtime[appearance.id] for appearance in own if appearance.id in overtime},
            order=order,
            order_version=version,
            deductions={appearance.id: tuple(off[appearance.id]) for appearance in own if appearance.id in off},
        )
    return found


def read_tally(contest: Contest, held: Held | None = None) -> Tally:
    """The same of one contest."""
    return read_tallies([contest], {contest.id: held} if held else None)[contest.id]
