"""Which acts of a plan can begin earlier without anybody waiting longer? Pure.

The solver looks for the least waiting and leaves a stage empty where that costs nobody anything. A programme goes on: in
the order of time each act steps up as far as its stage, its people and its panel let it, unless its family would have to come
earlier for other acts of that day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from festival.schedule.solver.shapes import ActToTime, OpenWindow, PlaceOfAct, WholeFestival


def closer(festival: WholeFestival, plan: Sequence[PlaceOfAct]) -> tuple[PlaceOfAct, ...]:
    """The same plan without needless holes; whatever rule it kept it keeps."""
    acts = {act.code: act for act in festival.acts}
    places = {each.act: each for each in plan}
    held = {each.act for each in festival.locked}
    firm = _Firm(festival, acts, places)
    for place in sorted(plan, key=lambda each: (each.at, each.stage)):
        if place.act not in held:
            places[place.act] = replace(place, at=firm.earliest(place))
    return tuple(sorted(places.values(), key=lambda each: (each.at, each.stage, each.act)))


class _Firm:
    """What an act may not meet."""

    def __init__(self, festival: WholeFestival, acts: dict[str, ActToTime], places: dict[str, PlaceOfAct]) -> None:
        self.festival, self.acts, self.places = festival, acts, places
        self.changeover = {each.code: each.changeover_min for each in festival.contests}
        self.binding = {each.code for each in festival.contests if each.order_binds}
        self.panels: dict[str, list[str]] = defaultdict(list)
        for panel in festival.panels:
            for contest in panel.contests:
                self.panels[contest].append(panel.code)
        self.away: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for gone in festival.away:
            self.away[gone.kind, gone.code].append((gone.begins, gone.ends))
        self.beside: dict[tuple[str, str], list[str]] = defaultdict(list)
        for code, place in places.items():
            for key in (*self._who(acts[code]), ("stage", place.stage)):
                self.beside[key].append(code)

    def _who(self, act: ActToTime) -> list[tuple[str, str]]:
        return [
            *(("family", each) for each in act.families),
            *(("person", each) for each in act.people),
            *(("panel", each) for each in self.panels[act.contest]),
        ]

    def _window(self, place: PlaceOfAct) -> OpenWindow:
        act = self.acts[place.act]
        return next(
            w for w in self.festival.windows
            if w.stage == place.stage and w.begins <= place.at and place.at + act.minutes <= w.ends
            and self.festival.takes(w, act.contest)
        )  # fmt: skip

    def earliest(self, place: PlaceOfAct) -> int:
        """From when it could begin, in its window, with everybody else where they are."""
        act = self.acts[place.act]
        begins = max([self._window(place).begins, *self._after(act), *self._firsts(place)])
        for first, last in sorted(self._spans(act, place.stage)):
            if begins + act.minutes > first and begins < last:
                begins = last
        return min(begins, place.at)

    def _after(self, act: ActToTime) -> Iterable[int]:
        """When those begin that are before it in a drawn order that binds."""
        if act.number is not None and act.contest in self.binding:
            for code, place in self.places.items():
                other = self.acts[code]
                if other.contest == act.contest and other.number is not None and other.number < act.number:
                    yield place.at

    def _firsts(self, place: PlaceOfAct) -> Iterable[int]:
        """When each of its families that is in several acts that day begins it: it does not come earlier for this one."""
        day = self._window(place).day
        for family in self.acts[place.act].families:
            same = [
                each
                for each in map(self.places.__getitem__, self.beside["family", family])
                if self._window(each).day == day
            ]
            if len(same) > 1:
                yield min(each.at for each in same)

    def _spans(self, act: ActToTime, stage: str) -> Iterable[tuple[int, int]]:
        own = self.changeover[act.contest]
        for kind, code in (*self._who(act), ("stage", stage)):
            yield from self.away.get((kind, code), ())
            for other in self.beside[kind, code]:
                if other == act.code:
                    continue
                at, theirs = self.places[other].at, self.acts[other]
                before = {"family": self.festival.family_gap_min, "stage": own}.get(kind, 0)
                after = self.festival.family_gap_min if kind == "family" else 0
                if kind == "stage":
                    after = self.changeover[theirs.contest]
                yield at - before, at + theirs.minutes + after
