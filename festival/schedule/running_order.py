"""What is a first running order that puts nobody in two places at once?

Greedy, in the order of the day: at every step the session that is free first takes an act of its contest whose
families and people are free. With a drawn order that binds, it takes the next number and waits for it; without one,
the first that is free. What was wished (`rules.wished`) comes before the drawn order: an act that a wish holds back lets
the others pass, and that is shown. Deterministic: the same input gives the same plan. What does not fit is said with a
reason, never squeezed in. The plan is a first one: `conflicts.check` judges it like every other.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from festival.schedule.conflicts import Clash, Placed, PlanConflict, PlannedAct, PlannedSession, capacity
from festival.schedule.rules.agenda import BusyTimes
from festival.schedule.rules.foreseen import why_no_place
from festival.schedule.rules.wanted import HeldBack, by_queue, numbered
from festival.schedule.rules.wished import NO_WISHES, Wishes

STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class FirstPlan:
    """Acts at their times in the order of the day, and what could not be placed, with reasons."""

    placed: tuple[Placed, ...]
    unplaced: tuple[PlanConflict, ...]


def first_plan(
    acts: Sequence[PlannedAct],
    sessions: Sequence[PlannedSession],
    *,
    gap_min: int = 0,
    order_binds: bool = True,
    fixed: Sequence[Placed] = (),
    wishes: Wishes = NO_WISHES,
) -> FirstPlan:
    """A running order of `acts` in `sessions`.

    `gap_min`: least minutes between two acts of one family. `order_binds`: the drawn numbers of a contest are kept over
    all its sessions. `fixed`: acts that already have their time. A judge who sits in two sessions at
    once is not mended here but shown by the checker: it is the panel that must change.
    """
    short = capacity(acts, sessions)
    too_short = {code for conflict in short for code in conflict.acts}
    wanted_acts = numbered(act for act in acts if act.code not in too_short)
    agenda = BusyTimes(timedelta(minutes=gap_min), wishes, wanted_acts)
    for each in fixed:
        agenda.take(each)
    wanted = HeldBack(wanted_acts, wishes, fixed)
    wanted.keep_places(wanted_acts, sessions, agenda)
    filling = _Filling(wanted_acts, sessions, agenda, wanted, order_binds)
    filling.run()
    while wanted.wait_no_more(filling.left()):
        filling.run()
    left = [
        PlanConflict(Clash.UNPLACED, (act.code,), why_no_place(act, sessions, wishes)) for act in filling.left()
    ]  # fmt: skip
    placed = sorted(filling.placed, key=lambda each: (each.starts_at, each.session.stage, each.act.code))
    return FirstPlan(tuple(placed), (*short, *left))


class _Filling:
    """The sessions while acts come into them; `free`: from when each of them can take the next."""

    def __init__(
        self,
        acts: Sequence[PlannedAct],
        sessions: Sequence[PlannedSession],
        agenda: BusyTimes,
        wanted: HeldBack,
        order_binds: bool,
    ) -> None:
        self.sessions, self.agenda, self.wanted, self.order_binds = sessions, agenda, wanted, order_binds
        self.waiting = by_queue(acts)
        self.free = [session.starts_at + timedelta(minutes=session.together_min) for session in sessions]
        self.last_start: dict[str, datetime] = {}
        self.placed: list[Placed] = []

    def left(self) -> list[PlannedAct]:
        return [act for queue in self.waiting.values() for act in queue]

    def run(self) -> None:
        # The heap takes the session that is free first; sessions whose acts work together go before all others, because
        # they bind their families at a fixed time and cannot wait for them.
        cursors = [
            (session.together_min == 0, self.free[at], session.starts_at, at)
            for at, session in enumerate(self.sessions)
            if session.queue in self.waiting
        ]
        heapq.heapify(cursors)
        while cursors:
            later_turn, free_at, began, at = heapq.heappop(cursors)
            session, queue = self.sessions[at], self.waiting[self.sessions[at].queue]
            if not queue or self.wanted.is_full(session):
                continue
            earliest = max(free_at, self.last_start.get(session.queue, free_at)) if self.order_binds else free_at
            chosen = self._choose(session, earliest)
            if chosen is None:
                # somebody may wait for an act that another session is about to take
                if cursors and any(self.wanted.waits(act) for act in queue) and free_at + STEP < session.ends_at:
                    heapq.heappush(cursors, (later_turn, free_at + STEP, began, at))
                continue
            start, act = chosen
            if start > free_at and start - free_at > STEP:
                # it must wait: let the other sessions go on first, they may free or bind the same people
                later = min(start, free_at + STEP)
                if any(other[1] < start and self.waiting[self.sessions[other[3]].queue] for other in cursors):
                    heapq.heappush(cursors, (later_turn, later, began, at))
                    continue
            self._place(Placed(act, session, start), at)
            heapq.heappush(cursors, (later_turn, self.free[at], began, at))

    def _place(self, item: Placed, at: int) -> None:
        queue = self.waiting[item.act.queue]
        out_of_turn = self.wanted.kept(item.act) or self.wanted.passes_its_turn(item.act, fits=True)
        queue.remove(item.act)
        self.placed.append(item)
        self.agenda.take(item)
        self.wanted.placed(item)
        if not out_of_turn:
            self.last_start[item.act.queue] = item.starts_at
        self.free[at] = item.ends_at + timedelta(minutes=item.act.changeover_min)

    def _choose(self, session: PlannedSession, earliest: datetime) -> tuple[datetime, PlannedAct] | None:
        """The act to take now and its start, or None when nothing of this contest fits into the session any more."""
        opening = self.wanted.opening_of(session)
        if opening is not None and self.wanted.waits(opening):
            return None
        if opening is not None:
            found = self._tried(opening, session, earliest)
            if found is not None:
                return found, opening
            del self.wanted.opens[session.code]
        best = self._best(session, earliest)
        closing = self.wanted.closes.get(session.code)
        if best is None and closing is not None:
            if any(self.wanted.waits(act) for act in self.waiting[session.queue]):
                return None
            found = self._tried(closing, session, earliest)
            if found is not None:
                return found, closing
            del self.wanted.closes[session.code]
        return best

    def _best(self, session: PlannedSession, earliest: datetime) -> tuple[datetime, PlannedAct] | None:
        best: tuple[datetime, PlannedAct] | None = None
        for act in self.waiting[session.queue]:
            if self.wanted.kept(act) or self.wanted.waits(act):
                continue
            start = self._tried(act, session, earliest)
            if start is not None and (best is None or start < best[0]):
                best = (start, act)
            if (
                self.order_binds
                and act.number is not None
                and not self.wanted.passes_its_turn(act, fits=start is not None)
            ):
                # the drawn order binds: the next number or nobody
                return best
            if best is not None and best[0] == earliest:
                break
        return best

    def _tried(self, act: PlannedAct, session: PlannedSession, earliest: datetime) -> datetime | None:
        """Its start in this session; None when it does not fit."""
        start = self.agenda.free_at(act, session, self.wanted.from_(act, earliest))
        ends = start + timedelta(minutes=act.duration_min) if start <= session.ends_at else start
        if not self.wanted.fits(act, session, start) or ends > self.wanted.end_for_others(act, session, self.agenda):
            return None
        return start
