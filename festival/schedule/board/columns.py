"""What stands on the board of one day: stages beside each other, half hours below each other, acts where they begin?

A day with more acts than a person can read at once is shown one stage at a time, and a stage with more in parts: a page stays
under 60 KB whatever the festival. While an act is taken up, the places where it can be put stand between the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from festival.core.clock import local, today
from festival.core.web.paging import ListPart, part
from festival.schedule.conflicts import PlanConflict, capacity, check
from festival.schedule.heats.apart import apart
from festival.schedule.later.possible import possible_clashes
from festival.schedule.models import ActState, Session, Stage
from festival.schedule.moving.foreseen import Spot, places
from festival.schedule.moving.lying import Lying, LyingAct
from festival.schedule.queries import GAP_MIN
from festival.schedule.rules.foreseen import unplaced
from festival.schedule.timetable import day_number

READ_AT_ONCE = 50
BAND = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class BoardWindow:
    """What the address asks for: a day written 20240614, a stage's code, a part, an act in the hand (its code)."""

    day: int = 0
    stage: str = ""
    page: int = 1
    take: str = ""

    @property
    def query(self) -> dict[str, Any]:
        """For an address, without the act."""
        said = {"day": self.day, "stage": self.stage, "page": self.page if self.page > 1 else 0}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class ActCard:
    """What stands on a stage at one time (a match: two entries)."""

    code: str
    names: tuple[str, ...]
    contest: str
    act_id: int
    starts_at: datetime
    ends_at: datetime
    number: int | None
    state: ActState
    locked: bool
    warn: bool
    movable: bool


@dataclass(frozen=True, slots=True)
class SessionHead:
    """Where a session begins, or goes on in this part."""

    session: Session
    goes_on: bool


@dataclass(frozen=True, slots=True)
class StageColumn:
    """One stage; `cells`: band -> what begins in it, in its order."""

    stage: Stage
    cells: Mapping[datetime, Sequence[SessionHead | ActCard | Spot]]


@dataclass(frozen=True, slots=True)
class DayBoard:
    """The page. `folded`: only one stage is shown because the day has too many acts; `days` with what stands in them."""

    window: BoardWindow
    days: tuple[tuple[int, date], ...]
    stages: tuple[Stage, ...]
    columns: tuple[StageColumn, ...]
    bands: tuple[datetime, ...]
    part: ListPart
    folded: bool
    acts: int
    sessions: tuple[Session, ...]
    conflicts: tuple[PlanConflict, ...]


def found_conflicts(table: Lying) -> list[PlanConflict]:
    """What the checker says of the draft as it lies."""
    return [
        *capacity(table.given.acts, table.given.sessions),
        *check(list(table.placed.values()), gap_min=GAP_MIN, wishes=table.given.wishes),
        *apart(
            table.given.acts,
            table.given.entries_of,
            table.given.lanes,
            {entry_id: (row.session_id, row.starts_at) for entry_id, row in table.row_of.items()},
        ),
        *possible_clashes(list(table.placed.values()), table.given.may),
        *unplaced(table.given.acts, table.given.sessions, table.given.wishes, table.placed.values()),
    ]


def board(table: Lying, asked: BoardWindow) -> DayBoard:
    """What is shown of it; a day or stage that is not there shows the first."""
    sessions = list(table.sessions.values())
    days = sorted({local(row.starts_at).date() for row in sessions})
    day = next(
        (on for on in days if day_number(on) == asked.day), today() if today() in days else days[0] if days else None
    )
    of_day = [row for row in sessions if local(row.starts_at).date() == day]
    stages = list({row.stage_id: row.stage for row in sorted(of_day, key=lambda row: row.stage.position)}.values())
    count = Counter(row.stage_id for row in of_day for _block in table.blocks.get(row.id, ()))
    folded = sum(count.values()) > READ_AT_ONCE and len(stages) > 1
    chosen = next((row for row in stages if row.code == asked.stage), stages[0] if folded else None)
    shown = [row for row in of_day if chosen is None or row.stage_id == chosen.id]
    lines = [(row, block) for row in shown for block in (table.blocks.get(row.id) or [[]])]
    # a part is cut only where one stage alone is shown: beside each other all of a day stands on one page
    cut = part(len(lines), READ_AT_ONCE if chosen is not None else max(len(lines), 1), asked.page)
    conflicts = found_conflicts(table)
    warned = {code for each in conflicts for code in each.acts}
    columns = _columns(table, cut.of(lines), cut.number, warned, asked.take)
    bands = sorted({band for column in columns for band in column.cells})
    return DayBoard(
        BoardWindow(
            0 if day is None else day_number(day), "" if chosen is None else chosen.code, cut.number, asked.take
        ),
        tuple((day_number(on), on) for on in days),
        tuple(stages),
        tuple(columns),
        tuple(bands),
        cut,
        folded,
        len(table.placed),
        tuple(of_day),
        tuple(conflicts),
    )


def _columns(
    table: Lying, lines: Iterable[tuple[Session, Sequence[LyingAct]]], page: int, warned: Collection[str], take: str
) -> list[StageColumn]:
    of: dict[int, list[tuple[Session, Sequence[LyingAct]]]] = defaultdict(list)
    for session, block in lines:
        of[session.stage_id].append((session, block))
    open_to = {row.id for row in table.open_to(take)} if take in table.acts and table.held(take) is None else set()
    columns = []
    for several in sorted(of.values(), key=lambda rows: rows[0][0].stage.position):
        cells: dict[datetime, list[SessionHead | ActCard | Spot]] = defaultdict(list)
        for session in {row.id: row for row, _block in several}.values():
            blocks = [block for row, block in several if row.id == session.id and block]
            here = {block[0].code for block in blocks}
            first = table.blocks.get(session.id) or [[]]
            goes_on = bool(blocks) and blocks[0] is not first[0]
            begins = blocks[0][0].starts_at if goes_on else local(session.starts_at)
            cells[_band(begins)].append(SessionHead(session, goes_on))
            free = {
                each.before: each
                for each in (places(table, take, [session]) if session.id in open_to else ())
                if each.before in here or not each.before
            }
            for block in blocks:
                card = _card(table, session, block, warned)
                if card.code in free:
                    cells[_band(card.starts_at)].append(free[card.code])
                cells[_band(card.starts_at)].append(card)
            last = not first[-1] or (bool(blocks) and blocks[-1] is first[-1])
            if "" in free and last:
                cells[_band(max(free[""].starts_at, begins))].append(free[""])
        columns.append(StageColumn(several[0][0].stage, cells))
    return columns


def _band(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)


def _card(table: Lying, session: Session, block: Sequence[LyingAct], warned: Collection[str]) -> ActCard:
    act = block[0]
    planned, heat = table.acts.get(act.code), act.entry_id in table.given.lanes
    state = next((row.state for row in block if row.state is ActState.ON_STAGE), act.state)
    return ActCard(
        act.code,
        (planned.title,) if planned and heat else tuple(row.name for row in block),
        session.contest.name,
        act.id,
        act.starts_at,
        act.starts_at + timedelta(minutes=act.minutes),
        planned.number if planned and not heat else None,
        state,
        any(row.locked for row in block),
        act.code in warned,
        planned is not None,
    )
