"""What is a first running order that puts nobody in two places at once?

Greedy, in the order of the day: at every step the session that is free first takes an act of its contest whose
families and people are free. With a drawn order that binds, it takes the next number and waits for it; without one,
the first that is free. Deterministic: the same input gives the same plan. What does not fit is said with a reason,
never squeezed in. The plan is a first one: `conflicts.check` judges it like every other.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from festival.schedule.conflicts import Clash, Placed, PlanConflict, PlannedAct, PlannedSession, capacity, no_place

STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class FirstPlan:
    """Acts at their times in the order of the day, and what could not be placed, with reasons."""

    placed: tuple[Placed, ...]
    unplaced: tuple[PlanConflict, ...]


_Busy = dict[Hashable, list[tuple[datetime, datetime]]]


class _Agenda:
    """When each family, person and judge is busy; asked for the first moment all of them are free."""

    def __init__(self, gap: timedelta) -> None:
        self.gap = gap
        # a family and a person may have the same key: they are kept apart
        self.families: _Busy = defaultdict(list)
        self.persons: _Busy = defaultdict(list)

    def free_at(self, act: PlannedAct, start: datetime, busy_from: datetime | None) -> datetime:
        """The earliest start not before `start`; with `busy_from` given the act binds its people from then on.

        When the fixed beginning itself clashes no later start helps: datetime.max.
        """
        length = timedelta(minutes=act.duration_min)
        moved = True
        while moved:
            moved = False
            for whose, busy, gap in (
                (act.families, self.families, self.gap),
                (act.persons, self.persons, timedelta()),
            ):
                for who in whose:
                    for begins, ends in busy.get(who, ()):
                        bound = busy_from or start
                        if bound < ends + gap and begins < start + length + gap:
                            if busy_from is not None:
                                return datetime.max.replace(tzinfo=start.tzinfo)
                            start, moved = ends + gap, True
        return start

    def take(self, act: PlannedAct, begins: datetime, ends: datetime) -> None:
        for family in act.families:
            self.families[family].append((begins, ends))
        for person in act.persons:
            self.persons[person].append((begins, ends))


def first_plan(
    acts: Sequence[PlannedAct],
    sessions: Sequence[PlannedSession],
    *,
    gap_min: int = 0,
    order_binds: bool = True,
    fixed: Sequence[Placed] = (),
) -> FirstPlan:
    """A running order of `acts` in `sessions`.

    `gap_min`: least minutes between two acts of one family. `order_binds`: the drawn numbers of a contest are kept over
    all its sessions. `fixed`: acts of other contests that already have their time. A judge who sits in two sessions at
    once is not mended here but shown by the checker: it is the panel that must change.
    """
    short = capacity(acts, sessions)
    too_short = {code for conflict in short for code in conflict.acts}
    agenda = _Agenda(timedelta(minutes=gap_min))
    for each in fixed:
        agenda.take(each.act, each.busy_from, each.ends_at)
    waiting: dict[str, deque[PlannedAct]] = {}
    for act in sorted(acts, key=lambda act: (act.number is None, act.number or 0, act.code)):
        if act.code not in too_short:
            waiting.setdefault(act.contest, deque()).append(act)
    # The heap takes the session that is free first; sessions whose acts work together go before all others, because
    # they bind their families at a fixed time and cannot wait for them.
    cursors = [
        (session.together_min == 0, session.starts_at + timedelta(minutes=session.together_min), session.starts_at, at)
        for at, session in enumerate(sessions)
        if session.contest in waiting
    ]
    heapq.heapify(cursors)
    last_start: dict[str, datetime] = {}
    placed: list[Placed] = []
    while cursors:
        later_turn, free_at, began, at = heapq.heappop(cursors)
        session, queue = sessions[at], waiting[sessions[at].contest]
        if not queue:
            continue
        earliest = max(free_at, last_start.get(session.contest, free_at)) if order_binds else free_at
        chosen = _choose(queue, session, earliest, agenda, order_binds=order_binds)
        if chosen is None:
            continue
        start, act = chosen
        if start > free_at and start - free_at > STEP:
            # it must wait: let the other sessions go on first, they may free or bind the same people
            later = min(start, free_at + STEP)
            if any(other[1] < start and waiting[sessions[other[3]].contest] for other in cursors):
                heapq.heappush(cursors, (later_turn, later, began, at))
                continue
        queue.remove(act)
        item = Placed(act, session, start)
        placed.append(item)
        agenda.take(act, item.busy_from, item.ends_at)
        last_start[session.contest] = start
        heapq.heappush(cursors, (later_turn, item.ends_at + timedelta(minutes=act.changeover_min), began, at))
    left = [PlanConflict(Clash.UNPLACED, (act.code,), no_place(act)) for queue in waiting.values() for act in queue]
    placed.sort(key=lambda each: (each.starts_at, each.session.stage, each.act.code))
    return FirstPlan(tuple(placed), (*short, *left))


def _choose(
    queue: deque[PlannedAct], session: PlannedSession, earliest: datetime, agenda: _Agenda, *, order_binds: bool
) -> tuple[datetime, PlannedAct] | None:
    """The act to take now and its start, or None when nothing of this contest fits into the session any more."""
    busy_from = session.starts_at if session.together_min else None
    best: tuple[datetime, PlannedAct] | None = None
    for act in queue:
        start = agenda.free_at(act, earliest, busy_from)
        fits = start <= session.ends_at - timedelta(minutes=act.duration_min)
        if fits and (best is None or start < best[0]):
            best = (start, act)
        if order_binds and act.number is not None:
            # the drawn order binds: the next number or nobody
            return best
        if best is not None and best[0] == earliest:
            break
    return best
