"""In which order do the acts of a stage come on the day, and when will each begin?

Pure. A day follows the published programme until somebody says otherwise: the taps of the stage say what is over and when
it was, a changed order says who comes before whom. Nobody is expected before the published time: families come by it, so
a pause takes up a delay and an absent family makes nobody else earlier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PENDING = frozenset({"waiting", "ready"})
TOLD_FROM = timedelta(minutes=3)
"""A smaller delay is none: nobody is told of it."""


@dataclass(frozen=True, slots=True)
class DayAct:
    """An act as it was published, what was said of it since, and its turn when the order of its session was changed."""

    key: str
    session: int
    starts_at: datetime
    duration_min: int
    changeover_min: int = 0
    state: str = "waiting"
    began_at: datetime | None = None
    ended_at: datetime | None = None
    turn: int | None = None


def order_of_day(acts: Sequence[DayAct]) -> list[DayAct]:
    """As they come; `acts` in the order of the programme. Who was passed over comes after those still ahead in the session,
    or at the end of the day when a later session has begun.
    """
    sessions: dict[int, list[DayAct]] = {}
    for act in acts:
        sessions.setdefault(act.session, []).append(act)
    planned = [act for own in sessions.values() for act in sorted(own, key=_by_turn)]
    reached = "on_stage" if any(act.state == "on_stage" for act in planned) else "done"
    last = max((at for at, act in enumerate(planned) if act.state == reached), default=-1)
    passed = [act for act in planned[: last + 1] if act.state in PENDING]
    if not passed:
        return planned
    running = planned[last].session
    rest = [act for act in planned if act not in passed]
    end = max(at for at, act in enumerate(rest) if act.session == running) + 1
    here = [act for act in passed if act.session == running]
    return [*rest[:end], *here, *rest[end:], *(act for act in passed if act.session != running)]


def _by_turn(act: DayAct) -> tuple[bool, int]:
    return act.turn is None, act.turn or 0


def is_called(acts: Sequence[DayAct]) -> bool:
    """Whether somebody leads this stage by taps; an act asked to get ready says nothing of the clock yet."""
    return any(act.state not in PENDING for act in acts)


def expected_starts(acts: Sequence[DayAct], at: datetime) -> dict[str, datetime]:
    """When each act still to come on a stage will begin, by key; nothing while nobody leads the stage by taps."""
    return starts_from(acts, at) if is_called(acts) else {}


def starts_from(acts: Sequence[DayAct], at: datetime) -> dict[str, datetime]:
    """The same with the stage taken to be led: nobody can begin before this moment."""
    free = at
    for act in acts:
        over = timedelta(minutes=act.changeover_min)
        if act.state == "on_stage":
            free = max(free, at + over, (act.began_at or at) + timedelta(minutes=act.duration_min) + over)
        elif act.state == "done" and act.ended_at is not None:
            free = max(free, act.ended_at + over)
    found: dict[str, datetime] = {}
    together: dict[tuple[int, datetime], datetime] = {}
    for act in order_of_day(acts):
        if act.state not in PENDING:
            continue
        # two that share a published start (a match) share the stage
        shared = (act.session, act.starts_at)
        begins = together.get(shared) or _whole_minute(max(act.starts_at, free))
        together[shared] = found[act.key] = begins
        free = max(free, begins + timedelta(minutes=act.duration_min + act.changeover_min))
    return found


def _whole_minute(moment: datetime) -> datetime:
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + timedelta(minutes=1)


def told_later(acts: Sequence[DayAct], at: datetime) -> dict[str, datetime]:
    """The expected starts that are told beside the published ones: those that come later by what anybody would notice."""
    published: Mapping[str, datetime] = {act.key: act.starts_at for act in acts}
    return {key: begins for key, begins in expected_starts(acts, at).items() if begins - published[key] >= TOLD_FROM}


def overtime_s(began_at: datetime | None, ended_at: datetime | None, duration_min: int) -> int:
    """By how many seconds an act ran over its time; negative when it ended early, 0 while that is not known."""
    if began_at is None or ended_at is None:
        return 0
    return int((ended_at - began_at).total_seconds()) - 60 * duration_min


def moved(order: Sequence[str], key: str, after: str) -> list[str]:
    """The order with one act put behind another."""
    rest = [each for each in order if each != key]
    at = rest.index(after) + 1
    return [*rest[:at], key, *rest[at:]]
