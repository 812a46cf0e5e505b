"""The draft, as it lies, as the question that is asked of it; and does an answer keep every rule the draft keeps?

What a pair of acts breaks already it goes on breaking: such acts stay, unless the change itself moves them. The answer is held against
`conflicts.check`, which shares nothing with what looks for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations, pairwise

from festival.core.clock import from_local, local
from festival.schedule.conflicts import Clash, Placed, PlanConflict, PlannedAct, PlannedSession, check
from festival.schedule.drawn.dividing import drawn_material
from festival.schedule.history.keeping import shut
from festival.schedule.later.models import BEGUN
from festival.schedule.mending.change import PlanChange
from festival.schedule.mending.clashes import EVER, MendRules
from festival.schedule.mending.shapes import (
    NIGHT,
    MendAct,
    MendProblem,
    MendSession,
    MendSpot,
    Ranges,
    Spots,
    inside,
    without,
)
from festival.schedule.models import ActState
from festival.schedule.moving.lying import Lying
from festival.schedule.queries import GAP_MIN
from festival.schedule.rules.wished import free_spans
from festival.schedule.solver.shapes import DAY, moment

NOTICE_MIN = 30  # on the day nobody is asked to come earlier than they were told, within so many minutes
ANYWAY = frozenset({Clash.CHANGE})  # said beside the answer, and no reason against it
FOR_THE_ASKED = frozenset({Clash.ORDER, Clash.PLACE})  # these a person gives up who asks for an hour


@dataclass(frozen=True, slots=True)
class DayNow:
    """The day that is on: this moment, and when each act still to come is expected, by its code; `ends`: of those on a stage."""

    at: datetime
    expected: Mapping[str, datetime]
    ends: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class MendQuestion:
    """The problem, with what the answer is read back by. `before`: what the draft breaks already."""

    problem: MendProblem
    table: Lying
    change: PlanChange
    before: frozenset[object]

    @property
    def named(self) -> frozenset[str]:
        return frozenset(act.code for act in self.problem.acts if act.asked)

    def new_conflicts(self, spots: Spots) -> list[PlanConflict]:
        """What the answer breaks and the draft does not."""
        sessions = {each.code: each for each in self.table.given.sessions}
        after = [
            Placed(self.table.acts[code], sessions[spot.session], moment_of(spot.at))
            for code, spot in spots.items()
            if code in self.table.acts
        ]
        return [each for each in _checked(self.table, after) if _key(each) not in self.before]

    def proper(self, spots: Spots) -> bool:
        """Nothing new is broken, but what may be for the sake of it."""
        return all(self._allowed(each) for each in self.new_conflicts(spots))

    def _allowed(self, each: PlanConflict) -> bool:
        if each.kind in FOR_THE_ASKED:
            return not self.named.isdisjoint(each.acts)
        return each.kind in ANYWAY or (each.kind is Clash.OVERRUN and self.change.over > 0)


def moment_of(minutes: int) -> datetime:
    """As people say it."""
    day, rest = divmod(minutes, DAY)
    return local(from_local(datetime.fromordinal(day) + timedelta(minutes=rest)))


def question(table: Lying, festival_id: int, change: PlanChange, day: DayNow | None = None) -> MendQuestion:
    """What is asked of the draft."""
    return _Reading(table, festival_id, change, day).question()


def _checked(table: Lying, placed: Sequence[Placed]) -> list[PlanConflict]:
    return check(placed, gap_min=GAP_MIN, wishes=table.given.wishes)


def _key(each: PlanConflict) -> object:
    """The same conflict, also when the first act of a session is another one."""
    return each.kind, frozenset(each.sessions if each.kind is Clash.JUDGE else each.acts)


class _Reading:
    def __init__(self, table: Lying, festival_id: int, change: PlanChange, day: DayNow | None) -> None:
        self.table, self.change, self.now = table, change, day
        given = drawn_material(festival_id, table.given)
        self.planned = {act.code: act for act in given.acts}
        self.sessions = {each.code: each for each in given.sessions}
        self.closed = shut(festival_id)
        self.on = (moment(change.begins) - NIGHT) // DAY
        self.family = next((act for code, act in self.planned.items() if change.of in code.split("+")), None)

    def question(self) -> MendQuestion:
        acts = [self._act(code) for code in self.table.by_code] + [
            self._act(code) for code in self.planned if code not in self.table.by_code and code == self.change.of
        ]
        least = self._least(acts)
        acts = [
            replace(act, holds={who: min(gap, least.get(who, gap)) for who, gap in act.holds.items()}) for act in acts
        ]
        problem = MendProblem(
            tuple(acts),
            {code: MendSession(each.stage, moment(each.starts_at) if each.together_min else None)
             for code, each in self.sessions.items()},
            self.change.cap_of_others,
            tuple(self._after(acts)),
            tuple(self._precede(acts)),
        )  # fmt: skip
        rules = MendRules(problem)
        broken = {code for pair in rules.broken({a.code: a.was for a in acts if a.was}) for code in pair}
        still = [replace(a, fixed=True, rooms={}) if a.code in broken and a.stays else a for a in acts]
        before = frozenset(map(_key, _checked(self.table, list(self.table.placed.values()))))
        return MendQuestion(replace(problem, acts=tuple(still)), self.table, self.change, before)

    # ------------------------------------------------------------------------------------------------ one act

    def _act(self, code: str) -> MendAct:
        rows, act = self.table.block(code), self.planned.get(code)
        was = None
        if rows:
            at = rows[0].starts_at if self.now is None else self.now.expected.get(code, rows[0].starts_at)
            was = MendSpot(str(rows[0].session_id), moment(local(at)))
        if act is None:  # withdrawn: it stands in the draft, and binds its stage alone
            row = self.table.sessions[rows[0].session_id]
            return MendAct(code, rows[0].minutes, row.contest.changeover_min, was, {}, fixed=True)
        named = self.change.names(act, self.family)
        minutes, fixed = self._minutes(code, act), self._stays(code, was)
        rooms: dict[str, Ranges] = {}
        if not fixed or fixed == "held":
            rooms = {
                session.code: ranges
                for session in self.sessions.values()
                if (ranges := self._room(act, session, was, named, held=bool(fixed))) or _is_at(was, session)
            }
        return MendAct(
            code, minutes, act.changeover_min, was, rooms, tuple(sorted(f"f{each}" for each in act.families)),
            self._holds(act), bool(fixed), named and not fixed,
        )  # fmt: skip

    def _minutes(self, code: str, act: PlannedAct) -> int:
        """Its own; of one that is on the stage and runs over, until it is expected to end."""
        rows = self.table.block(code)
        if self.now is None or code not in self.now.ends or not rows:
            return act.duration_min
        return max(act.duration_min, moment(local(self.now.ends[code])) - moment(rows[0].starts_at))

    def _stays(self, code: str, was: MendSpot | None) -> str:
        """Why it is not moved: `over` (nothing is asked of it) or `held`; "" when it may be."""
        rows = self.table.block(code)
        named = self.planned[code].code == self.change.of or self.change.names(self.planned[code], self.family)
        if any(row.state in BEGUN or (row.state is ActState.ABSENT and not named) for row in rows):
            return "over"
        if was is not None and not named and not self._of_the_day(was):
            return "over"
        if (
            self.now is not None
            and not named
            and was is not None
            and was.at < moment(local(self.now.at))
            and code not in self.now.expected
        ):
            return "over"  # nobody leads this stage by taps: it is taken to have been
        called = any(row.state is ActState.READY for row in rows) and not self.change.called and not named
        return "held" if called or (rows and self.table.held(code) is not None) else ""

    def _of_the_day(self, was: MendSpot) -> bool:
        """Its session begins on the day of the change; what goes on after midnight belongs to it."""
        return (moment(self.sessions[was.session].starts_at) - NIGHT) // DAY == self.on

    def _room(
        self, act: PlannedAct, session: PlannedSession, was: MendSpot | None, named: bool, *, held: bool
    ) -> Ranges:
        """When it may begin in this session, whoever else moves."""
        here = _is_at(was, session)
        if session.queue != act.queue or (session.code in self.closed and not here):
            return ()
        found: list[tuple[int, int]] = []
        if not held and session.code not in self.closed and self.table.given.wishes.takes_it(session):
            longer = replace(session, ends_at=session.ends_at + timedelta(minutes=self.change.over))
            found = [
                (moment(begins), moment(ends) - act.duration_min)
                for begins, ends in free_spans(act, longer, self.table.given.wishes)
                if (ends - begins) >= timedelta(minutes=act.duration_min)
            ]
        if self.now is not None:
            earliest = moment(local(self.now.at)) + NOTICE_MIN
            earliest = earliest if was is None else min(was.at, earliest)
            found = without(found, -EVER, earliest - 1)
        if here and was is not None and not inside(was.at, found):
            found = sorted([*found, (was.at, was.at)])
        return self.change.left(tuple(found), act, session, named, session.contest)

    def _holds(self, act: PlannedAct) -> dict[str, int]:
        """A family has its pause, a person the minutes for the costume of this act."""
        change = self.table.given.wishes.change_of(act.contest)
        families = {f"f{each}": GAP_MIN for each in sorted(act.families, key=str)}
        return families | {f"p{each}": change for each in sorted(act.persons, key=str)}

    # ------------------------------------------------------------------------------------------------ several

    def _least(self, acts: Sequence[MendAct]) -> dict[str, int]:
        """Where the draft gives somebody less between two acts than they need, an answer may as well."""
        stands: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for act in acts:
            if act.was is not None and not act.asked:
                session = self.sessions[act.was.session]
                begins = moment(session.starts_at) if session.together_min else act.was.at
                for who, gap in act.holds.items():
                    stands[who].append((begins, act.was.at + act.minutes, gap))
        found: dict[str, int] = {}
        for who, own in stands.items():
            for (_, ends, gap), (begins, _, other) in pairwise(sorted(own)):
                if begins - ends < max(gap, other):
                    found[who] = max(min(begins - ends, found.get(who, gap)), 0)
        return found

    def _after(self, acts: Sequence[MendAct]) -> Iterator[tuple[str, str, int]]:
        """What is in order now stays so: drawn numbers, acts wished before others, who opens or closes a session."""
        wishes, by_code = self.table.given.wishes, {act.code: act for act in acts}
        drawn: dict[str, list[tuple[int, MendAct]]] = defaultdict(list)
        for act in acts:
            planned = self.table.acts.get(act.code)
            if planned is not None and planned.number is not None and act.was is not None and not act.asked:
                drawn[planned.queue].append((planned.number, act))
        wanted = [
            (a, b, 0) for own in drawn.values() for (_, a), (_, b) in pairwise(sorted(own, key=lambda each: each[0]))
        ]
        for first, then in wishes.before:
            if first in by_code and then in by_code:
                wanted.append((by_code[first], by_code[then], by_code[first].minutes))
        for code in wishes.opening | wishes.closing:
            if (end := by_code.get(code)) is None or end.was is None or end.asked:
                continue
            for act in acts:
                if act is not end and end.was.session in (*act.rooms, *([act.was.session] if act.was else [])):
                    wanted.append((end, act, 0) if code in wishes.opening else (act, end, 0))
        for one, other, minutes in wanted:
            if one.was is None or other.was is None or one.was.at + minutes <= other.was.at:
                yield one.code, other.code, minutes

    def _precede(self, acts: Sequence[MendAct]) -> Iterator[tuple[str, str]]:
        """Sessions of the day that share a judge, and do not overlap now."""
        spans: dict[str, tuple[int, int]] = {}
        for act in acts:
            if act.was is not None and self._of_the_day(act.was):
                begins, ends = spans.get(act.was.session, (act.was.at, 0))
                spans[act.was.session] = min(begins, act.was.at), max(ends, act.was.at + act.minutes)
        for one, other in combinations(sorted(spans, key=lambda code: spans[code]), 2):
            if self.sessions[one].judges & self.sessions[other].judges and spans[one][1] <= spans[other][0]:
                yield one, other


def _is_at(was: MendSpot | None, session: PlannedSession) -> bool:
    return was is not None and was.session == session.code
