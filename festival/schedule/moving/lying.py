"""How does the draft lie on the table: which acts follow one another in which session, and what keeps its place?

Read once for a page or a step, as plain values; times are those people speak of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from festival.core.clock import local
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.core.web.i18n import say
from festival.roster.models import Entry
from festival.schedule import queries
from festival.schedule.conflicts import Placed, PlannedAct, PlannedSession
from festival.schedule.later.models import BEGUN
from festival.schedule.later.reading import playing_of
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.moving.placing import Hours, StageTurn
from festival.schedule.timetable import sessions_alone


@dataclass(frozen=True, slots=True)
class LyingAct:
    """A row of the draft. `code`: of what stands on the stage together with it, as the planner has it; the numbers of a match
    of a later round lie below nought.
    """

    id: int
    entry_id: int
    session_id: int
    position: int
    starts_at: datetime
    minutes: int
    state: ActState
    locked: bool
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Lying:
    """All of it. `blocks`: session id -> what stands there one after the other, each with its rows (a match: two)."""

    festival_id: int
    sessions: Mapping[int, Session]
    given: queries.Material
    placed: Mapping[str, Placed]
    blocks: Mapping[int, Sequence[Sequence[LyingAct]]]
    acts: Mapping[str, PlannedAct]
    by_code: Mapping[str, Sequence[LyingAct]]
    row_of: Mapping[int, LyingAct]  # by entry

    def planned(self, session_id: int) -> PlannedSession:
        return next(each for each in self.given.sessions if each.code == str(session_id))

    def block(self, code: str) -> Sequence[LyingAct]:
        """The rows of what is called so; () when it has no place."""
        return self.by_code.get(code, ())

    def apart(self, code: str) -> bool:
        """Whether the two of a match, paired anew since, stand at different hours."""
        return len({(row.session_id, row.starts_at) for row in self.block(code)}) > 1

    def with_apart(self, sessions: Iterable[int]) -> set[int]:
        """These sessions, and all that share with them a match whose two stand apart: they are written together."""
        found = set(sessions)
        spread = [{row.session_id for row in rows} for rows in self.by_code.values()]
        spread = [each for each in spread if len(each) > 1]
        while True:
            more = set[int]().union(*(each for each in spread if each & found)) - found
            if not more:
                return found
            found |= more

    def turns(self, session_id: int) -> list[StageTurn]:
        locked = self.sessions[session_id].locked
        return [
            StageTurn(
                block[0].code,
                self.acts[block[0].code].title
                if block[0].code in self.acts
                else " – ".join(each.name for each in block),
                block[0].starts_at,
                block[0].minutes,
                locked or any(each.locked or each.state in BEGUN for each in block),
            )
            for block in self.blocks.get(session_id, ())
        ]

    def entries(self, code: str) -> list[int]:
        """Who stands there when it is put somewhere: its rows, and of a heat whoever has no place yet, by lanes."""
        rows = [row.entry_id for row in self.block(code) if row.entry_id > 0]
        lacking = [each for each in self.given.entries_of.get(code, ()) if each not in self.row_of]
        lanes = self.given.lanes
        return sorted([*rows, *lacking], key=lambda each: lanes[each].lane if each in lanes else 0)

    def hours(self, session_id: int) -> Hours:
        session = self.sessions[session_id]
        begins = local(session.starts_at) + timedelta(minutes=session.contest.together_min)
        return Hours(begins, session.contest.changeover_min)

    def held(self, code: str) -> Sentence | None:
        """Why this one is not moved at all; None when it may be. Of what is torn apart also those who stand elsewhere count."""
        apart = [self.row_of[each] for each in self.given.entries_of.get(code, ()) if each in self.row_of]
        rows = [*self.block(code), *apart]
        name = self.acts[code].title
        if any(row.state is ActState.ON_STAGE for row in rows):
            return N_("«%(name)s» đang thi, không dời được. Chờ thi xong, hoặc lùi lại ở trang điều hành.", name=name)
        if any(row.state is ActState.DONE for row in rows):
            return N_("«%(name)s» đã thi xong, giờ thi giữ nguyên.", name=name)
        if any(row.locked for row in rows):
            return N_("«%(name)s» đã khóa. Mở khóa rồi dời.", name=name)
        if rows and self.sessions[rows[0].session_id].locked:
            return N_("Buổi của «%(name)s» đã khóa. Mở khóa buổi rồi dời.", name=name)
        return None

    def open_to(self, code: str) -> list[Session]:
        """The sessions it can be put into, in the order of the days."""
        contest = self.acts[code].contest
        return [
            row
            for row in self.sessions.values()
            if row.contest.code == contest and not row.locked and not row.stage.closed
        ]


def lying(festival_id: int) -> Lying:
    """Read it."""
    rows = sessions_alone(festival_id)
    given, sessions = queries.material(festival_id, rows), {row.id: row for row in rows}
    code_of = {entry: code for code, entries in given.entries_of.items() for entry in entries}
    acts = {act.code: act for act in given.acts}
    planned = {each.code: each for each in given.sessions}
    blocks: dict[int, list[list[LyingAct]]] = defaultdict(list)
    by_code: dict[str, list[LyingAct]] = {}
    row_of: dict[int, LyingAct] = {}
    for row in db.session.execute(
        select(Act.id, Act.entry_id, Act.session_id, Act.position, Act.starts_at, Act.duration_min, Act.state,
               Act.locked, Entry.name)
        .join(Session, Session.id == Act.session_id)
        .join(Stage, Stage.id == Session.stage_id)
        .join(Entry, Entry.id == Act.entry_id)
        .where(Stage.festival_id == festival_id)
        .order_by(Act.session_id, Act.position)
    ):  # fmt: skip
        # an act of an entry that was withdrawn is no one's appointment any more, but stands in the draft
        code = code_of.get(row.entry_id) or given.gone.get(row.entry_id, f"#{row.entry_id}")
        act = LyingAct(
            row.id, row.entry_id, row.session_id, row.position, local(row.starts_at), row.duration_min, row.state,
            row.locked, code, row.name,
        )  # fmt: skip
        stands = by_code.get(code)
        if stands and not _together(stands[-1], act, row.entry_id in given.lanes, sessions[act.session_id]):
            code = f"#{row.entry_id}"  # drawn anew since, and what keeps its place is nobody's to bring along
            act, stands = replace(act, code=code), None
        row_of[row.entry_id] = act
        if stands:  # where the two of a match were paired anew since, it stands where the first of them does
            stands.append(act)
        else:
            by_code[code] = [act]
            blocks[row.session_id].append(by_code[code])
    for each in playing_of(given.told):
        match = each.match
        if match.session_id is not None and match.starts_at is not None:
            act = LyingAct(
                -match.id, -match.id, match.session_id, 0, local(match.starts_at), match.duration_min, match.state, match.locked,
                match.code, say(each.words),
            )  # fmt: skip
            by_code[match.code] = [act]
            blocks[match.session_id].append(by_code[match.code])
            blocks[match.session_id].sort(key=lambda block: block[0].starts_at)
    placed = {
        block[0].code: Placed(
            acts[block[0].code],
            planned[str(session_id)],
            block[0].starts_at,
            block[0].state in (ActState.DONE, ActState.ABSENT),
        )
        for session_id, several in blocks.items()
        for block in several
        if block[0].code in acts
    }
    return Lying(festival_id, sessions, given, placed, blocks, acts, by_code, row_of)


def _together(one: LyingAct, other: LyingAct, of_a_heat: bool, session: Session) -> bool:
    """A heat that was torn stands apart; the two of a match come together again unless one has to stay."""
    at_once = (one.session_id, one.starts_at) == (other.session_id, other.starts_at)
    if of_a_heat:
        return at_once
    return (at_once and one.position + 1 == other.position) or not (
        other.locked or session.locked or other.state in BEGUN
    )
