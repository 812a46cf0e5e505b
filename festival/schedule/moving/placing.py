"""Where does an act come to stand when it is put before another one, and whom does it push? Pure.

Acts of a session follow one another with the changeover between; waits the plan had are kept where they can be. An act that
has begun or is locked (`fixed`) keeps its start, whoever is put beside it: who would have to push it is told its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class StageTurn:
    """What stands on the stage together (a match: two entries), and from when."""

    code: str
    title: str
    starts_at: datetime
    minutes: int
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class InTheWay:
    """Nothing was moved: this one cannot be pushed."""

    turn: StageTurn


@dataclass(frozen=True, slots=True)
class Hours:
    """From when a session has its stage, and how long it is changed over."""

    earliest: datetime
    changeover_min: int = 0

    def after(self, turns: Sequence[StageTurn], at: int) -> datetime:
        """When the stage is free for whoever comes at place `at`."""
        if at == 0:
            return self.earliest
        last = turns[at - 1]
        return max(self.earliest, last.starts_at + timedelta(minutes=last.minutes + self.changeover_min))


def placed_before(
    turns: Sequence[StageTurn], new: StageTurn, before: str | None, hours: Hours
) -> tuple[StageTurn, ...] | InTheWay:
    """The session with `new` before `before` (None: behind all). One that stands in it already leaves its place first."""
    if all(turn.code != new.code for turn in turns):
        return _put_in(turns, new, before, hours)
    turned = _turned(turns, new.code, before, hours)
    others = [turn for turn in turns if turn.code != new.code]
    return turned if isinstance(turned, tuple) else _put_in(others, new, before, hours)


def _at(turns: Sequence[StageTurn], before: str | None) -> int:
    return next((at for at, turn in enumerate(turns) if turn.code == before), len(turns))


def _put_in(
    turns: Sequence[StageTurn], new: StageTurn, before: str | None, hours: Hours
) -> tuple[StageTurn, ...] | InTheWay:
    """From the moment the one in front is over; only those are pushed who would stand in its way."""
    at = _at(turns, before)
    put = replace(new, starts_at=hours.after(turns, at))
    return _pushed([*turns[:at], put, *turns[at:]], at + 1, hours)


def _pushed(turns: list[StageTurn], first: int, hours: Hours) -> tuple[StageTurn, ...] | InTheWay:
    for at in range(first, len(turns)):
        begins = max(turns[at].starts_at, hours.after(turns, at))
        if begins == turns[at].starts_at:
            break
        if turns[at].fixed:
            return InTheWay(turns[at])
        turns[at] = replace(turns[at], starts_at=begins)
    return tuple(turns)


def _turned(
    turns: Sequence[StageTurn], code: str, before: str | None, hours: Hours
) -> tuple[StageTurn, ...] | InTheWay:
    """Inside one session: those between the old place and the new one step up, the starts stay the session's own."""
    old = _at(turns, code)
    order = [turn for turn in turns if turn.code != code]
    new = _at(order, before)
    order.insert(new, turns[old])
    first, last = min(old, new), max(old, new)
    held = next((turn for turn in order[first : last + 1] if turn.fixed), None)
    if held is not None:
        return InTheWay(held)
    starts = [turn.starts_at for turn in turns]
    for at in range(first, last + 1):
        order[at] = replace(order[at], starts_at=max(starts[at], hours.after(order, at)))
    return _pushed(order, last + 1, hours)
