"""How is a plan mended in a moment, without any solver? With few families where that is found soon, else by pushing: whoever cannot
stay goes where the fewest are in the way; those go on in turn.

Whoever has been pushed often is pushed less readily, so that two do not push each other for ever. At last everybody who moved
goes back as far as there is room. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from festival.schedule.mending.clashes import MendRules
from festival.schedule.mending.deepening import with_few
from festival.schedule.mending.shapes import MendAct, MendSpot, Ranges, inside, nearest, pieces, standing_spots

STEPS = 1_500
# what it costs to push one who has moved already, one who has not, and each time it was pushed before
MOVED, NEW, AGAIN = 3, 10, 5


@dataclass(frozen=True, slots=True)
class Pushed:
    """`spots` None: nothing was found; `stuck`: who then has no place, `against`: who stands in the way most."""

    spots: Mapping[str, MendSpot] | None
    stuck: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


def pushed(rules: MendRules, domains: Mapping[str, Mapping[str, Ranges]]) -> Pushed:
    """A plan that breaks no rule, or who has no place."""
    return _Pushing(rules, domains).answer()


class _Pushing:
    def __init__(self, rules: MendRules, domains: Mapping[str, Mapping[str, Ranges]]) -> None:
        self.rules, self.domains = rules, domains
        self.spots = standing_spots(rules.problem)
        self.times: Counter[str] = Counter()

    def answer(self) -> Pushed:
        acts = self.rules.problem.acts
        held = [act.code for act in acts if act.fixed and act.was is not None and act.rooms and not act.stays]
        if held:
            return Pushed(None, tuple(held))
        few = with_few(self.rules, self.domains)
        if few is not None:
            self.spots = few
            self._back()
            return Pushed(self.spots)
        waits = [act.code for act in acts if not act.fixed and not self._may(act, act.was)]
        for code in waits:
            self.spots.pop(code, None)
        for _step in range(STEPS):
            if not waits:
                self._back()
                return Pushed(self.spots)
            # asked ones first: they are the reason of it all
            code = min(waits, key=lambda each: (not self.rules.acts[each].asked, self._was_at(each), each))
            waits.remove(code)
            spot = self._best(code)
            if spot is None:
                return Pushed(None, (code,), tuple(self._in_the_way(code)))
            for other in self._meets(code, spot):
                del self.spots[other]
                waits.append(other)
            self.spots[code] = spot
            self.times[code] += 1
        most = [code for code, _ in self.times.most_common(5)]
        return Pushed(None, tuple(waits[:5]), tuple(code for code in most if code not in waits))

    def _may(self, act: MendAct, spot: MendSpot | None) -> bool:
        return spot is not None and inside(spot.at, self.domains[act.code].get(spot.session, ()))

    def _was_at(self, code: str) -> int:
        was = self.rules.acts[code].was
        return 0 if was is None else was.at

    def _standing_near(self, code: str) -> Iterator[tuple[MendAct, MendSpot]]:
        for other in self.rules.near[code]:
            if other in self.spots:
                yield self.rules.acts[other], self.spots[other]

    def _meets(self, code: str, spot: MendSpot) -> list[str]:
        act = self.rules.acts[code]
        return [
            other.code
            for other, stands in self._standing_near(code)
            if not other.fixed and inside(spot.at, self.rules.bad(act, spot.session, other, stands))
        ]

    def _best(self, code: str) -> MendSpot | None:
        """Where the fewest have to give way; of those the nearest to where it was."""
        act = self.rules.acts[code]
        places = [(price, _far(act, spot), spot) for spot, price in self._priced(act)]
        return min(places, key=lambda each: each[:2])[2] if places else None

    def _priced(self, act: MendAct) -> Iterator[tuple[MendSpot, int]]:
        """Where it could go, and what it costs there to push those who stand against it; of what costs the same at a stretch, the nearest."""
        home = act.home
        near = [
            (other, stands, AGAIN * self.times[other.code] + (NEW if stands == other.was else MOVED))
            for other, stands in self._standing_near(act.code)
            if not other.fixed
        ]
        for session, ranges in self.domains[act.code].items():
            marks = [
                (first, last, price)
                for other, stands, price in near
                for first, last in self.rules.bad(act, session, other, stands)
            ]
            for first, last, price in pieces(ranges[0][0], ranges[-1][1], marks):
                at = nearest(home, first, last, ranges)
                if at is not None:
                    yield MendSpot(session, at), price

    def _in_the_way(self, code: str) -> list[str]:
        """Of those who stay: who forbids the minutes in which it could else have been."""
        act, found = self.rules.acts[code], Counter[str]()
        for session, ranges in act.rooms.items():
            for other, stands in self._standing_near(code):
                if other.fixed:
                    for low, high in self.rules.bad(act, session, other, stands):
                        found[other.code] += sum(max(min(high, e) - max(low, b) + 1, 0) for b, e in ranges)
        return [each for each, minutes in found.most_common(5) if minutes]

    def _back(self) -> None:
        """Back to where it was, or nearer, where nobody is in the way by now; until nobody comes nearer."""
        nearer = True
        while nearer:
            nearer = False
            for act in self.rules.problem.acts:
                if act.fixed or self.spots[act.code] == act.was:
                    continue
                now = self.spots.pop(act.code)
                free = [spot for spot, price in self._priced(act) if not price]
                best = min(free, key=lambda spot: _far(act, spot), default=now)
                self.spots[act.code] = best if _far(act, best) < _far(act, now) else now
                nearer = nearer or self.spots[act.code] != now


def _far(act: MendAct, spot: MendSpot) -> tuple[int, bool]:
    return act.way(spot.at), act.was is not None and spot.session != act.was.session
