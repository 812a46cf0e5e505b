"""Which wishes hold an act in the queue: what it waits for, until when it must be over, which session it opens or closes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from festival.schedule.rules.agenda import BusyTimes
from festival.schedule.rules.planned import Placed, PlannedAct, PlannedSession
from festival.schedule.rules.wished import Wishes


class HeldBack:
    """What the first running order keeps in mind of the wishes while it places acts.

    `opens`, `closes`: session code → the act kept for its beginning or its end.
    """

    def __init__(self, acts: Sequence[PlannedAct], wishes: Wishes, fixed: Iterable[Placed]) -> None:
        self._wishes = wishes
        self._over = {each.act.code: each.ends_at for each in fixed}
        begins = {each.act.code: each.starts_at for each in fixed}
        self._latest = dict(wishes.latest)
        for first, second in wishes.before:
            if second in begins:
                self._latest[first] = min(begins[second], self._latest.get(first, begins[second]))
        self._waits_for: dict[str, set[str]] = {}
        codes = {act.code for act in acts}
        for first, second in wishes.before:
            if first in codes or first in self._over:
                self._waits_for.setdefault(second, set()).add(first)
        self._held = {*wishes.earliest, *self._waits_for, *(act.code for act in acts if wishes.absent(act))}
        self.opens: dict[str, PlannedAct] = {}
        self.closes: dict[str, PlannedAct] = {}
        self._full = {each.session.code for each in fixed if each.act.code in wishes.closing}
        self._begun = {each.session.code for each in fixed}

    def keep_places(self, acts: Sequence[PlannedAct], sessions: Sequence[PlannedSession], agenda: BusyTimes) -> None:
        """Opening acts get the first sessions that could hold them, closing acts the last."""
        by_time = sorted(sessions, key=lambda session: (session.starts_at, session.code))
        for codes, places, order in (
            (self._wishes.opening, self.opens, [each for each in by_time if each.code not in self._begun]),
            (self._wishes.closing, self.closes, by_time[::-1]),
        ):
            for act in (act for act in acts if act.code in codes):
                for session in order:
                    if session.queue != act.queue or session.code in places:
                        continue
                    earliest = session.starts_at + timedelta(minutes=session.together_min)
                    if self.fits(act, session, agenda.free_at(act, session, self.from_(act, earliest))):
                        places[session.code] = act
                        break

    def from_(self, act: PlannedAct, start: datetime) -> datetime:
        """When it may begin at the earliest: its hour has come, and what it waits for is over."""
        over = [self._over[first] for first in self._waits_for.get(act.code, ()) if first in self._over]
        return max(start, self._wishes.earliest.get(act.code, start), *over)

    def waits(self, act: PlannedAct) -> bool:
        """Whether something that must come before it has no time yet."""
        return not self._waits_for.get(act.code, set()) <= self._over.keys()

    def wait_no_more(self, left: Iterable[PlannedAct]) -> bool:
        """What has no time will get none: nobody waits for it. Answers whether somebody did."""
        missing = {act.code for act in left}
        waited = False
        for code, firsts in self._waits_for.items():
            if code in missing and firsts & missing:
                self._waits_for[code], waited = firsts - missing, True
        return waited

    def fits(self, act: PlannedAct, session: PlannedSession, start: datetime) -> bool:
        until = self._latest.get(act.code, session.ends_at)
        return start <= min(session.ends_at, until) - timedelta(minutes=act.duration_min)

    def passes_its_turn(self, act: PlannedAct, *, fits: bool) -> bool:
        """Whether a wish, and not the others, keeps it from being next: then the drawn order goes on without it."""
        return act.code in self._held or (not fits and act.code in self._latest)

    def is_full(self, session: PlannedSession) -> bool:
        return session.code in self._full

    def kept(self, act: PlannedAct) -> bool:
        """Whether a session keeps its beginning or its end for this act."""
        return any(act is each for places in (self.opens, self.closes) for each in places.values())

    def placed(self, item: Placed) -> None:
        self._over[item.act.code] = item.ends_at
        for first, second in self._wishes.before:
            if second == item.act.code and first not in self._over:
                self._latest[first] = min(item.starts_at, self._latest.get(first, item.starts_at))
        self._begun.add(item.session.code)
        for places in (self.opens, self.closes):
            for session in [session for session, act in places.items() if act is item.act]:
                del places[session]
        if item.act.code in self._wishes.closing:
            self._full.add(item.session.code)

    def opening_of(self, session: PlannedSession) -> PlannedAct | None:
        return None if session.code in self._begun else self.opens.get(session.code)

    def end_for_others(self, act: PlannedAct, session: PlannedSession, agenda: BusyTimes) -> datetime:
        """Until when another act must be off the stage, so that the closing act has its time."""
        last = self.closes.get(session.code)
        if last is None or last is act:
            return session.ends_at
        until = min(session.ends_at, self._latest.get(last.code, session.ends_at))
        return agenda.latest_start(last, session, until) - timedelta(minutes=act.changeover_min)


def numbered(acts: Iterable[PlannedAct]) -> list[PlannedAct]:
    """In the drawn order; those without a number behind."""
    return sorted(acts, key=lambda act: (act.number is None, act.number or 0, act.code))


def by_queue(acts: Iterable[PlannedAct]) -> Mapping[str, list[PlannedAct]]:
    found: dict[str, list[PlannedAct]] = {}
    for act in numbered(acts):
        found.setdefault(act.queue, []).append(act)
    return found
