"""When is everybody of an act free, also from what was wished? What the first running order asks at every step. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime, timedelta

from festival.schedule.rules.planned import Placed, PlannedAct, PlannedSession
from festival.schedule.rules.wished import Span, Wishes

NO_TIME = timedelta()


class BusyTimes:
    """When each family and person is busy or away, and each stage closed; asked for the first moment all are free."""

    def __init__(self, gap: timedelta, wishes: Wishes, acts: Iterable[PlannedAct]) -> None:
        self._gap = gap
        self._wishes = wishes
        # a family and a person may have the same key: they are kept apart
        self._families: dict[Hashable, list[Span]] = defaultdict(list)
        self._persons: dict[Hashable, list[tuple[datetime, datetime, timedelta]]] = defaultdict(list)
        self._absent = {act.code: wishes.absent(act) for act in acts} if wishes.away else {}
        self._closed: dict[str, list[Span]] = {}

    def free_at(self, act: PlannedAct, session: PlannedSession, start: datetime) -> datetime:
        """The earliest start not before `start`.

        Who works together is bound from the beginning of the session; where that clashes no later start helps: datetime.max.
        """
        length = timedelta(minutes=act.duration_min)
        together = bool(session.together_min)
        closed, busy = self._closed_of(session), list(self._busy(act))
        moved = True
        while moved:
            moved = False
            for begins, ends, gap in busy:
                bound = session.starts_at if together else start
                if bound < ends + gap and begins < start + length + gap:
                    if together:
                        return datetime.max.replace(tzinfo=start.tzinfo)
                    start, moved = ends + gap, True
            for begins, ends in closed:
                if start < ends and begins < start + length:
                    start, moved = ends, True
        return start

    def latest_start(self, act: PlannedAct, session: PlannedSession, until: datetime) -> datetime:
        """The latest start with which the act is over at `until`, as far as pauses, the panel and its people's absence go."""
        length = timedelta(minutes=act.duration_min)
        start, moved = until - length, True
        while moved:
            moved = False
            for begins, ends in (*self._closed_of(session), *self._absent.get(act.code, ())):
                if start < ends and begins < start + length:
                    start, moved = begins - length, True
        return start

    def _closed_of(self, session: PlannedSession) -> Sequence[Span]:
        if session.code not in self._closed:
            self._closed[session.code] = self._wishes.closed(session)
        return self._closed[session.code]

    def _busy(self, act: PlannedAct) -> Iterable[tuple[datetime, datetime, timedelta]]:
        for family in act.families:
            for begins, ends in self._families.get(family, ()):
                yield begins, ends, self._gap
        own = timedelta(minutes=self._wishes.change_of(act.contest))
        for person in act.persons:
            for begins, ends, change in self._persons.get(person, ()):
                yield begins, ends, max(own, change)
        for begins, ends in self._absent.get(act.code, ()):
            yield begins, ends, NO_TIME

    def take(self, item: Placed) -> None:
        """Its people are bound from then on."""
        change = timedelta(minutes=self._wishes.change_of(item.act.contest))
        for family in item.act.families:
            self._families[family].append((item.busy_from, item.ends_at))
        for person in item.act.persons:
            self._persons[person].append((item.busy_from, item.ends_at, change))
