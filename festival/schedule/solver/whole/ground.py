"""Where on the stages is there room, moment by moment? Who stands where is kept as bits, so that asking is a few shifts.

A *field* is a day of the festival (days that run into each other are one). For each field every stage, panel, person and family has
the minutes in which it is taken; an act may begin where it meets none of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from festival.schedule.solver.shapes import ActToTime, OpenWindow, PlaceOfAct, WholeFestival
from festival.schedule.solver.whole.trains import MOST_ACTS, meeting, spread, whole


@dataclass(frozen=True, slots=True)
class StoodAt:
    """Where an act stands: stage and field by their number, its moment in that field, its calendar day."""

    stage: int
    field: int
    at: int
    day: int


class StageGround:
    """Everything that does not change, and what is taken."""

    def __init__(self, festival: WholeFestival) -> None:
        self.festival = festival
        self.acts = festival.acts
        contests = {each.code: each for each in festival.contests}
        self.changeover = [contests[act.contest].changeover_min for act in self.acts]
        self.fields = _fields(festival, max(self.changeover, default=0))
        self.merged = len(self.fields) < len({window.day for window in festival.windows})
        self._whose(festival)
        self._windows(festival)
        self._orders({code for code, each in contests.items() if each.order_binds})
        self.due: dict[int, tuple[int, int]] = {}  # between which moments a drawn act is to begin, while that is set
        self.stands: dict[int, StoodAt] = {}
        self.taken: dict[tuple[int, str, str], int] = defaultdict(int)
        self.met: dict[tuple[int, str, str], dict[int, int]] = defaultdict(dict)
        numbers = {act.code: at for at, act in enumerate(self.acts)}
        stages = {stage.code: at for at, stage in enumerate(festival.stages)}
        self.locked = {numbers[each.act] for each in festival.locked}
        for each in festival.locked:
            field = next(at for at, (begins, ends) in enumerate(self.fields) if begins <= each.at < ends)
            self.put(numbers[each.act], stages[each.stage], field, each.at - self.fields[field][0])

    def _whose(self, festival: WholeFestival) -> None:
        """Who must be free for each act: panels, and people and families that also stand outside its own families."""
        panels: dict[str, list[str]] = defaultdict(list)
        for panel in festival.panels:
            for contest in panel.contests:
                panels[contest].append(panel.code)
        self.groups: dict[str, list[int]] = defaultdict(list)
        people: dict[str, list[int]] = defaultdict(list)
        for at, act in enumerate(self.acts):
            for family in act.families or (f"\0{act.code}",):
                self.groups[family].append(at)
            for person in act.people:
                people[person].append(at)
        watched = {family for family, acts in self.groups.items() if len(acts) > MOST_ACTS}
        watched |= {family for act in self.acts if len(act.families) > 1 for family in act.families}
        self.needs: list[list[tuple[str, str]]] = []
        self.families: list[list[str]] = []
        for act in self.acts:
            own = {at for family in act.families for at in self.groups[family]}
            apart = [person for person in act.people if len(people[person]) > 1 and not own.issuperset(people[person])]
            self.needs.append(
                [*(("panel", code) for code in panels[act.contest]), *(("person", code) for code in apart)]
            )
            self.families.append([family for family in act.families if family in watched])

    def _windows(self, festival: WholeFestival) -> None:
        """Where each act may begin when nothing else is placed, by field: stages and moments."""
        self.starts: list[list[list[tuple[int, int]]]] = []
        away: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for gone in festival.away:
            away[gone.kind, gone.code].append((gone.begins, gone.ends))
        panels = {act.contest: [p.code for p in festival.panels if act.contest in p.contests] for act in self.acts}
        kept: dict[tuple[str, int, int], list[tuple[int, int]]] = {}
        for act in self.acts:
            who = [("family", f) for f in act.families] + [("person", p) for p in act.people]
            who += [("panel", p) for p in panels[act.contest]]
            gone_at = [span for each in who for span in away.get(each, ())]
            by_field = []
            for field in range(len(self.fields)):
                key = act.contest, act.minutes, field
                if key not in kept:
                    kept[key] = [*self._open(festival, act, field)]
                blocked = self._blocked(gone_at, act.minutes, field)
                by_field.append([(stage, free) for stage, bits in kept[key] if (free := bits & ~blocked)])
            self.starts.append(by_field)

    def _open(self, festival: WholeFestival, act: ActToTime, field: int) -> Iterator[tuple[int, int]]:
        begins, ends = self.fields[field]
        for at, stage in enumerate(festival.stages):
            bits = 0
            for window in festival.windows:
                if (
                    window.stage == stage.code
                    and begins <= window.begins < ends
                    and festival.takes(window, act.contest)
                ):
                    room = window.ends - window.begins - act.minutes + 1
                    bits |= whole(max(room, 0)) << (window.begins - begins)
            if bits:
                yield at, bits

    def _blocked(self, spans: Iterable[tuple[int, int]], minutes: int, field: int) -> int:
        """The moments at which an act of this length would meet one of these spans."""
        first, last = self.fields[field]
        bits = 0
        for begins, ends in spans:
            low, high = max(begins - minutes + 1, first), min(ends, last)
            if low < high:
                bits |= whole(high - low) << (low - first)
        return bits

    def _orders(self, binding: set[str]) -> None:
        """The acts of each contest whose drawn order binds, by their number; where an act stands in that."""
        drawn: dict[str, list[int]] = defaultdict(list)
        for at, act in enumerate(self.acts):
            if act.contest in binding and act.number is not None:
                drawn[act.contest].append(at)
        self.order: dict[int, tuple[list[int], int]] = {}
        for acts in drawn.values():
            acts.sort(key=lambda at: self.acts[at].number or 0)
            self.order |= {act: (acts, at) for at, act in enumerate(acts)}

    # ------------------------------------------------------------------------------------------------ who stands where

    def put(self, act: int, stage: int, field: int, at: int) -> None:
        """The act stands there from now on."""
        window = self.window(stage, field, at)
        self.stands[act] = StoodAt(stage, field, at, window.day)
        self._toggle(act)

    def lift(self, act: int) -> StoodAt:
        """Take it off its stage."""
        self._toggle(act)
        return self.stands.pop(act)

    def _toggle(self, act: int) -> None:
        standing = self.stands[act]
        minutes = self.acts[act].minutes
        body = whole(minutes) << standing.at
        stage = (standing.field, "stage", str(standing.stage))
        self.taken[stage] ^= whole(minutes + self.changeover[act]) << standing.at
        self.met.pop(stage, None)
        for kind, code in (*self.needs[act], *(("family", family) for family in self.families[act])):
            self.taken[standing.field, kind, code] ^= body
            self.met.pop((standing.field, kind, code), None)

    def window(self, stage: int, field: int, at: int) -> OpenWindow:
        """The window this moment lies in."""
        code, moment = self.festival.stages[stage].code, self.fields[field][0] + at
        return next(w for w in self.festival.windows if w.stage == code and w.begins <= moment < w.ends)

    def _meeting(self, field: int, kind: str, code: str, length: int) -> int:
        busy = self.taken.get((field, kind, code), 0)
        if not busy:
            return 0
        known = self.met[field, kind, code]
        if length not in known:
            known[length] = meeting(busy, length)
        return known[length]

    def free(self, act: int, field: int, own: str = "") -> int:
        """The moments at which this act may begin, whoever of family `own` is where."""
        found = 0
        length = self.acts[act].minutes + self.changeover[act]
        for stage, bits in self.starts[act][field]:
            found |= bits & ~self._meeting(field, "stage", str(stage), length)
        return found and found & self._others(act, field, own)

    def free_by_stage(self, act: int, field: int, own: str = "") -> list[tuple[int, int]]:
        """The same for each stage."""
        length, others = self.acts[act].minutes + self.changeover[act], self._others(act, field, own)
        found = [
            (stage, bits & others & ~self._meeting(field, "stage", str(stage), length))
            for stage, bits in self.starts[act][field]
        ]
        return [(stage, bits) for stage, bits in found if bits]

    def _others(self, act: int, field: int, own: str) -> int:
        """The moments at which its panels, its people and its other families are free, and the drawn order lets it."""
        found, minutes = self.in_order(act, field), self.acts[act].minutes
        for kind, code in self.needs[act]:
            found &= ~self._meeting(field, kind, code, minutes)
        for family in self.families[act]:
            if family != own and (busy := self.taken.get((field, "family", family), 0)):
                gap = self.festival.family_gap_min
                found &= ~meeting(spread(busy, gap), minutes + gap)
        return found

    def in_order(self, act: int, field: int) -> int:
        """The moments between the nearest lower and the nearest higher number that already stand."""
        if act not in self.order:
            return whole(self.fields[field][1] - self.fields[field][0])
        acts, at = self.order[act]
        begins, ends = self.fields[field]
        low = next((self.moment(each) for each in reversed(acts[:at]) if each in self.stands), begins)
        high = next((self.moment(each) for each in acts[at + 1 :] if each in self.stands), ends - 1)
        from_due, to_due = self.due.get(act, (begins, ends))
        low, high = max(low, begins, from_due), min(high, ends - 1, to_due)
        return whole(high - low + 1) << (low - begins) if low <= high else 0

    def spread_out(self, slack: float) -> dict[int, tuple[int, int]]:
        """For each drawn act its share of the hours of its contest, and so much of them before and after."""
        found = {}
        for acts, _ in {id(acts): (acts, at) for acts, at in self.order.values()}.values():
            contest = self.acts[acts[0]].contest
            open_at = sorted(
                {at for w in self.festival.windows if self.festival.takes(w, contest) for at in range(w.begins, w.ends)}
            )
            for at, act in enumerate(acts):
                share, last = (at + 0.5) / len(acts), len(open_at) - 1
                low, high = max(share - slack, 0.0), min(share + slack, 1.0)
                found[act] = open_at[int(low * last)], open_at[int(high * last)]
        return found

    def moment(self, act: int) -> int:
        """When it begins."""
        return self._moment(self.stands[act])

    def _moment(self, standing: StoodAt) -> int:
        return self.fields[standing.field][0] + standing.at

    def waited(self, acts: Sequence[int], stands: Mapping[int, StoodAt]) -> int:
        """From the begin of the first of these to the end of the last, less their own minutes."""
        begun = [(self._moment(stands[act]), self.acts[act].minutes) for act in acts]
        if not begun:
            return 0
        first, last = min(at for at, _ in begun), max(at + minutes for at, minutes in begun)
        return last - first - sum(minutes for _, minutes in begun)

    def rooms(self, act: int, field: int, at: int) -> list[int]:
        """The stages that take it at this moment; first where the fewest minutes would stay empty before it."""
        length = self.acts[act].minutes + self.changeover[act]
        found = []
        for stage, bits in self.starts[act][field]:
            if bits >> at & 1 and not self._meeting(field, "stage", str(stage), length) >> at & 1:
                before = self.taken.get((field, "stage", str(stage)), 0) & whole(at)
                found.append((at - before.bit_length(), stage))
        return [stage for _, stage in sorted(found)]

    def plan(self, stands: Mapping[int, StoodAt]) -> list[PlaceOfAct]:
        """What stands, in the order of time."""
        found = [
            PlaceOfAct(self.acts[act].code, self.festival.stages[each.stage].code, self._moment(each))
            for act, each in stands.items()
        ]
        return sorted(found, key=lambda each: (each.at, each.stage, each.act))


def _fields(festival: WholeFestival, changeover: int) -> list[tuple[int, int]]:
    """From the first to the last moment of each day with a window; days that run into each other are one."""
    days: dict[int, tuple[int, int]] = {}
    for window in festival.windows:
        begins, ends = days.get(window.day, (window.begins, window.ends))
        days[window.day] = (min(begins, window.begins), max(ends, window.ends))
    found: list[tuple[int, int]] = []
    for _, (begins, ends) in sorted(days.items()):
        if found and begins < found[-1][1] + max(changeover, festival.family_gap_min):
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found
