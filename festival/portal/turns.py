"""When is a family's turn, and how many acts of the session still come before it?

The published programme only: a plan that is still being moved about would send people to the wrong hour. On the day the
stage manager's calls decide what is over, before it everything is still to come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from festival.programme.live import Call, Line, beside, called_state, expected_of, in_order, is_over, turns_in
from festival.programme.queries import PublicView, RunningProgramme, festival_day

NEAR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """One appearance of the family. `before`: acts of the session still to come first; None when it is over.

    `near`: it is a matter of minutes. The first act of tomorrow has none before it either, and nobody is to hurry to it.
    """

    line: Line
    before: int | None
    call: Call | None
    near: bool
    expected: datetime | None = None  # told where it comes later than published

    @property
    def state(self) -> str:
        """What the page says: "on_stage" | "done" | "absent" | "soon" | "later" | "far"."""
        if self.call is not None and self.call.state in {"on_stage", "done", "absent"}:
            return self.call.state
        if self.before is None:
            return "done"
        if not self.near:
            return "far"
        return "soon" if self.before <= 3 else "later"


def turns_of(view: PublicView | RunningProgramme | None, codes: frozenset[str], at: datetime) -> list[Turn]:
    """The turns of these entries in the published programme, in order of time."""
    if view is None:
        return []
    found = []
    for day in view.days:
        lines, today = day.lines, day.on == festival_day(at)
        expected = expected_of(lines, view.calls, at) if today else {}
        for line in lines:
            if line.is_of(codes):
                before = (
                    acts_before(lines, view.calls, line.entry, at) if today else acts_ahead(lines, line, day.on, at)
                )
                near = today and is_near(lines, view.calls, line, at)
                found.append(Turn(line, before, view.calls.get(line.entry), near, expected.get(line.entry)))
    return found


def possible_turns(view: PublicView | None, codes: frozenset[str]) -> list[Line]:
    """Matches of later rounds to which these entries can still come, in order of time."""
    lines = [] if view is None else [line for day in view.days for line in day.lines]
    return [line for line in lines if not line.may.isdisjoint(codes) and not line.is_of(codes)]


def is_near(lines: Sequence[Line], calls: Mapping[str, Call], line: Line, at: datetime) -> bool:
    """Whether it begins within the hour, or its session is being called: then the calls decide, not the clock."""
    session = [each for each in lines if each.session == line.session]
    return line.starts_at - at < NEAR or _called(session, calls)


def _called(session: Sequence[Line], calls: Mapping[str, Call]) -> bool:
    return any(called_state(calls, line) not in {"waiting", "ready"} for line in session)


def acts_before(lines: Sequence[Line], calls: Mapping[str, Call], entry: str, at: datetime) -> int | None:
    """How many acts of the same session still come before that of `entry`, a heat as one; None when it is over or not in the programme."""
    own = next((line for line in lines if line.entry == entry), None)
    if own is None:
        return None
    session = [line for line in lines if line.session == own.session]
    called = _called(session, calls)
    if is_over(own, calls, at, called=called):
        return None
    before = takewhile(lambda line: not beside(line, own), in_order(session, calls))
    return len(turns_in(line for line in before if not is_over(line, calls, at, called=called)))


def acts_ahead(lines: Sequence[Line], line: Line, on: date, at: datetime) -> int | None:
    """The same on a day that has not begun: all of the session before it. None when the day is over."""
    if on < festival_day(at):
        return None
    return len(turns_in(other for other in lines if other.session == line.session and other.starts_at < line.starts_at))
