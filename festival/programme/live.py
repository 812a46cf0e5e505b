"""Who is on a stage now, who is next, and how late is it?

Pure. When the stage manager calls acts, their states decide; a stage where nobody has called anything today follows
the published times and says so. The lateness is that of the act on stage, else of the one that should have begun.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from festival.schedule.heats.rule import Lane
from festival.schedule.stage_day.expected import DayAct, order_of_day, told_later

Called = Literal["waiting", "ready", "on_stage", "done", "absent"]
SHOWN_NEXT = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One act of the published programme, as anybody may read it: the entry's name and its unit, no member; `number` 0: none."""

    act: int
    entry: str
    number: int
    name: str
    title: str
    unit: str
    contest: str
    contest_name: str
    stage: str
    stage_name: str
    session: int
    session_label: str
    starts_at: datetime
    duration_min: int
    changeover_min: int = 0
    sides: frozenset[str] = frozenset()  # of a match of a later round: the entries that are known to play it
    may: frozenset[str] = frozenset()  # and those that can still come to it
    works_from: datetime | None = None  # where all of a session work at once before they present: since when
    at: Lane | None = None  # of a contest that runs by lanes

    def is_of(self, entries: Collection[str]) -> bool:
        """Whether it is a turn of one of these entries."""
        return self.entry in entries or not self.sides.isdisjoint(entries)

    @property
    def ends_at(self) -> datetime:
        """By the timetable."""
        return self.starts_at + timedelta(minutes=self.duration_min)


@dataclass(frozen=True, slots=True)
class Call:
    """What the stage manager said of an act."""

    state: Called
    began_at: datetime | None = None
    ended_at: datetime | None = None
    turn: int | None = None  # in its session, when the order was changed on the day


@dataclass(frozen=True, slots=True)
class Board:
    """One stage at one moment. `called`: by the stage manager, else by the timetable; `expected`: by entry, where it is late."""

    stage: str
    stage_name: str
    called: bool
    now: Line | None
    then: tuple[Line, ...]
    late_min: int
    expected: Mapping[str, datetime] = field(default_factory=dict)


def boards(lines: Sequence[Line], calls: Mapping[str, Call], at: datetime) -> tuple[Board, ...]:
    """A board for each stage that has something now or still to come today, in the order of the programme.

    `lines` are the acts of one day in order of time.
    """
    found = (_board([line for line in lines if line.stage == stage], calls, at) for stage in _stages(lines))
    return tuple(board for board in found if board.now is not None or board.then)


def _board(lines: list[Line], calls: Mapping[str, Call], at: datetime) -> Board:
    called = any(called_state(calls, line) not in {"waiting", "ready"} for line in lines)
    if called:
        now = next((line for line in lines if called_state(calls, line) == "on_stage"), None)
    else:
        now = next((line for line in lines if line.starts_at <= at < line.ends_at), None)
    coming = in_order(lines, calls)
    ahead = [
        line for line in coming
        if line != now and not is_over(line, calls, at, called=called)
        and not (now is not None and _is_on(line, now, calls, called=called))
    ]  # fmt: skip
    then = turns_in(ahead)[:SHOWN_NEXT]
    late = _late(now, then, calls, at, called)
    told = expected_of(lines, calls, at)
    expected = {line.entry: told[line.entry] for line in then if line.entry in told}
    on = None if now is None else as_heat(now, [line for line in lines if _is_on(line, now, calls, called=called)])
    shown = [as_heat(each, [line for line in ahead if beside(line, each)]) for each in then]
    return Board(lines[0].stage, lines[0].stage_name, called, on, tuple(shown), late, expected)


def beside(line: Line, other: Line) -> bool:
    """Whether both are of one heat."""
    return line == other or (
        line.at is not None
        and other.at is not None
        and (line.session, line.starts_at, line.at.heat) == (other.session, other.starts_at, other.at.heat)
    )


def _is_on(line: Line, now: Line, calls: Mapping[str, Call], *, called: bool) -> bool:
    return beside(line, now) and (not called or called_state(calls, line) == "on_stage")


def as_heat(line: Line, several: Sequence[Line]) -> Line:
    """The line of a heat, where it is shown as one: everybody by lanes, no number and no unit."""
    if line.at is None or len(several) < 2:
        return line
    names = [f"{each.at.lane}. {each.name}" for each in sorted(several, key=lambda each: each.number) if each.at]
    return replace(line, number=0, name=" · ".join(names), unit="", title="")


def turns_in(lines: Iterable[Line]) -> list[Line]:
    """The first line of each heat, and every other line: what comes one after the other."""
    found: list[Line] = []
    for line in lines:
        if not any(beside(line, each) for each in found):
            found.append(line)
    return found


def in_order(lines: Sequence[Line], calls: Mapping[str, Call]) -> list[Line]:
    """The acts of one stage and day as they come: in the order of the day, who was passed over later."""
    by_entry = {line.entry: line for line in lines}
    return [by_entry[act.key] for act in order_of_day(_of_the_day(lines, calls))]


def expected_of(lines: Sequence[Line], calls: Mapping[str, Call], at: datetime) -> dict[str, datetime]:
    """The expected starts of one day, by entry; told where they come later than published."""
    found: dict[str, datetime] = {}
    for stage in _stages(lines):
        found |= told_later(_of_the_day([line for line in lines if line.stage == stage], calls), at)
    return found


def _of_the_day(lines: Sequence[Line], calls: Mapping[str, Call]) -> list[DayAct]:
    said = {line.entry: calls.get(line.entry) or Call("waiting") for line in lines}
    return [
        DayAct(
            line.entry,
            line.session,
            line.starts_at,
            line.duration_min,
            line.changeover_min,
            said[line.entry].state,
            said[line.entry].began_at,
            said[line.entry].ended_at,
            said[line.entry].turn,
        )
        for line in lines
    ]


def is_over(line: Line, calls: Mapping[str, Call], at: datetime, *, called: bool) -> bool:
    """Whether an act is over: by its call where the stage is called, by the clock elsewhere."""
    return called_state(calls, line) in {"done", "absent"} if called else line.ends_at <= at


def _late(now: Line | None, then: Sequence[Line], calls: Mapping[str, Call], at: datetime, called: bool) -> int:
    if not called:
        return 0
    if now is not None and (began := calls[now.entry].began_at) is not None:
        late = began - now.starts_at
    elif now is None and then:
        late = at - min(line.starts_at for line in then)
    else:
        return 0
    return max(0, int(late.total_seconds()) // 60)


def called_state(calls: Mapping[str, Call], line: Line) -> Called:
    """What the stage manager has said of an act; waiting before the first call."""
    call = calls.get(line.entry)
    return "waiting" if call is None else call.state


def _stages(lines: Sequence[Line]) -> list[str]:
    return list(dict.fromkeys(line.stage for line in lines))
