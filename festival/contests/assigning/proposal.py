"""Who could judge where? A proposal for all panels at once: pure, the same for the same values, and proved to be the best.

A seat goes only to somebody who can judge the contest, is free on its days and is tied to nobody in it; of panels that are
judged at the same time a person sits in one. Of all ways to fill every seat the proposal has the smallest sum of squared
loads (nobody sits in four panels while another sits in one), and of those the fewest changes. It is a flow of least cost:
there is none better when no way round in what is left of the network lowers the cost, and one is looked for. When
not every seat can be filled, the panels that together need more people than there are for them are named.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Assignable:
    """Somebody who may judge: the contests, and whether as a chair; the days; the units and families tied to."""

    id: int
    contests: frozenset[str]
    chairs: bool = False
    days: frozenset[str] | None = None  # None: all of them
    tied: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PanelWanted:
    """A panel to be filled: one chair and members; who enters (units and families, as in `tied`), when it is judged."""

    code: str
    size: int
    enters: frozenset[str] = frozenset()
    times: tuple[tuple[datetime, datetime], ...] = ()
    now: frozenset[int] = frozenset()  # who sits there already
    chair: int | None = None


@dataclass(frozen=True, slots=True)
class PanelProposed:
    code: str
    chair: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotEnough:
    """These panels together need `needed` seats to be filled, and there are only `there` ways to fill them."""

    panels: tuple[str, ...]
    needed: int
    there: int


@dataclass(frozen=True, slots=True)
class Assigned:
    panels: tuple[PanelProposed, ...]
    loads: Mapping[int, int] = field(default_factory=dict)
    changes: int = 0


def may_sit(person: Assignable, panel: PanelWanted) -> bool:
    """Whether somebody may judge there at all."""
    days = {f"{start:%Y-%m-%d}" for start, _end in panel.times}
    free = person.days is None or days <= person.days
    return panel.code in person.contests and free and not (person.tied & panel.enters)


def blocks(panels: Sequence[PanelWanted]) -> dict[str, int]:
    """Panels that are judged at the same time, in one chain of overlaps, have one number: a person sits in one of them."""
    number = {panel.code: at for at, panel in enumerate(panels)}
    for one in panels:
        for other in panels:
            overlap = any(a < d and c < b for a, b in one.times for c, d in other.times)
            if overlap and number[one.code] != number[other.code]:
                low, high = sorted((number[one.code], number[other.code]))
                number = {code: low if at == high else at for code, at in number.items()}
    return number


class _Net:
    """A network of arcs with room and cost; arc `i ^ 1` is the way back of arc `i`."""

    def __init__(self) -> None:
        self.nodes: dict[object, int] = {}
        self.ends: list[tuple[int, int]] = []
        self.room: list[int] = []
        self.cost: list[int] = []
        self.out: dict[int, list[int]] = {}

    def node(self, name: object) -> int:
        number = self.nodes.setdefault(name, len(self.nodes))
        self.out.setdefault(number, [])
        return number

    def arc(self, start: object, end: object, room: int, cost: int) -> int:
        first, last = self.node(start), self.node(end)
        self.ends += [(first, last), (last, first)]
        self.room += [room, 0]
        self.cost += [cost, -cost]
        self.out[first].append(len(self.room) - 2)
        self.out[last].append(len(self.room) - 1)
        return len(self.room) - 2

    def cheapest(self, start: int) -> tuple[list[int | None], list[int], bool]:
        """The least cost to each node, the arc by which it is reached, and whether costs can fall for ever."""
        reached: list[int | None] = [None] * len(self.nodes)
        by, times = [-1] * len(self.nodes), [0] * len(self.nodes)
        reached[start] = 0
        waiting, waits = deque([start]), {start}
        while waiting:
            first = waiting.popleft()
            waits.discard(first)
            times[first] += 1
            if times[first] > len(self.nodes):
                return reached, by, True
            for arc in self.out[first]:
                if not self.room[arc]:
                    continue
                last = self.ends[arc][1]
                cost, known = (reached[first] or 0) + self.cost[arc], reached[last]
                if known is None or cost < known:
                    reached[last], by[last] = cost, arc
                    if last not in waits:
                        waiting.append(last)
                        waits.add(last)
        return reached, by, False

    def fill(self, start: object, end: object) -> int:
        """As much as can flow, at the least cost."""
        flown, first, last = 0, self.node(start), self.node(end)
        while True:
            reached, by, _falls = self.cheapest(first)
            if reached[last] is None:
                return flown
            at = last
            while at != first:
                self.room[by[at]] -= 1
                self.room[by[at] ^ 1] += 1
                at = self.ends[by[at]][0]
            flown += 1


CHAIR, MEMBER = "chair", "member"
LOAD = 10_000  # what one more square of a load costs against one change


def _network(
    people: Sequence[Assignable], panels: Sequence[PanelWanted]
) -> tuple[_Net, dict[int, tuple[int, str, str]]]:
    net, seats = _Net(), dict[int, tuple[int, str, str]]()
    block = blocks(panels)
    net.node("source")
    for person in sorted(people, key=lambda each: each.id):
        for time in range(len(set(block.values()))):
            net.arc("source", person.id, 1, LOAD * (2 * time + 1))
        own = sorted((panel for panel in panels if may_sit(person, panel)), key=lambda each: each.code)
        for number in sorted({block[panel.code] for panel in own}):
            net.arc(person.id, (person.id, number), 1, 0)
        for panel in own:
            for duty in (CHAIR, MEMBER) if person.chairs else (MEMBER,):
                stays = person.id in panel.now and (duty == CHAIR) == (person.id == panel.chair)
                arc = net.arc((person.id, block[panel.code]), (panel.code, duty), 1, 0 if stays else 1)
                seats[arc] = (person.id, panel.code, duty)
    for panel in sorted(panels, key=lambda each: each.code):
        net.arc((panel.code, CHAIR), "sink", 1, 0)
        net.arc((panel.code, MEMBER), "sink", panel.size - 1, 0)
    return net, seats


def propose(people: Sequence[Assignable], panels: Sequence[PanelWanted]) -> Assigned | NotEnough:
    """Every seat of every panel filled as well as can be, or why that cannot be."""
    net, seats = _network(people, panels)
    wanted = sum(panel.size for panel in panels)
    flown = net.fill("source", "sink")
    if flown < wanted:
        return _short(net, panels)
    assert not net.cheapest(net.node("source"))[2], "a way round is left that lowers the cost"
    given = sorted(seats[arc] for arc in seats if not net.room[arc])
    loads = {person.id: sum(who == person.id for who, _code, _duty in given) for person in people}
    chosen = []
    for panel in panels:
        own = [(who, duty) for who, code, duty in given if code == panel.code]
        chosen.append(
            PanelProposed(
                panel.code,
                next(who for who, duty in own if duty == CHAIR),
                tuple(who for who, duty in own if duty == MEMBER),
            )
        )
    changes = sum(net.cost[arc] for arc in seats if not net.room[arc])
    return Assigned(tuple(chosen), loads, changes)


def _short(net: _Net, panels: Sequence[PanelWanted]) -> NotEnough:
    """What can no longer be reached from the source needs more than flows into it."""
    reached = net.cheapest(net.node("source"))[0]
    lacking = {}
    for panel in panels:
        parts = [(panel.code, duty) for duty in (CHAIR, MEMBER)]
        left = [part for part in parts if _room_to_sink(net, part)]
        if left:
            lacking[panel.code] = left
    # whoever could still be moved belongs to the same shortage
    back = _who_reaches(net, {net.node(part) for parts in lacking.values() for part in parts})
    short = [
        (panel, duty)
        for panel in panels
        for duty in (CHAIR, MEMBER)
        if net.node((panel.code, duty)) in back and reached[net.node((panel.code, duty))] is None
    ]
    needed = sum(1 if duty == CHAIR else panel.size - 1 for panel, duty in short)
    there = needed - sum(_room_to_sink(net, (panel.code, duty)) for panel, duty in short)
    return NotEnough(tuple(dict.fromkeys(panel.code for panel, _duty in short)), needed, there)


def _room_to_sink(net: _Net, part: tuple[str, str]) -> int:
    ends = (net.node(part), net.node("sink"))
    return sum(net.room[arc] for arc, each in enumerate(net.ends) if each == ends)


def _who_reaches(net: _Net, wanted: Iterable[int]) -> set[int]:
    found = set(wanted)
    while True:
        more = {
            first
            for arc, (first, last) in enumerate(net.ends)
            if net.room[arc] and last in found and first not in found
        }
        if not more:
            return found
        found |= more


def faults(
    people: Sequence[Assignable], panels: Sequence[PanelWanted], chosen: Sequence[PanelProposed]
) -> list[tuple[str, str, int]]:
    """What is wrong with panels somebody changed by hand: (panel, fault, whom it is about); 0 for nobody."""
    known, wanted, block = {each.id: each for each in people}, {each.code: each for each in panels}, blocks(panels)
    found: list[tuple[str, str, int]] = []
    sits: dict[tuple[int, int], list[str]] = {}
    for panel in chosen:
        seats = (panel.chair, *panel.members)
        if len(set(seats)) != len(seats):
            found.append((panel.code, "twice", 0))
        if len(set(seats)) < wanted[panel.code].size:
            found.append((panel.code, "short", 0))
        for who in sorted(set(seats)):
            person = known.get(who)
            if person is None or panel.code not in person.contests:
                found.append((panel.code, "cannot", who))
            elif person.tied & wanted[panel.code].enters:
                found.append((panel.code, "tied", who))
            elif not may_sit(person, wanted[panel.code]):
                found.append((panel.code, "away", who))
            sits.setdefault((who, block[panel.code]), []).append(panel.code)
        if known.get(panel.chair) is not None and not known[panel.chair].chairs:
            found.append((panel.code, "no_chair", panel.chair))
    found += [(codes[1], "same_time", who) for (who, _block), codes in sorted(sits.items()) if len(codes) > 1]
    return found
