"""Which cells of tables that share their margins are hidden, so that no small one can be worked out from the others? Pure.

The tables are a flow: people go from their unit (whose number everybody knows) through group after group to the total, and
each cell is a way with so many people on it. What whoever reads the tables can work out of a hidden cell is then exact: it may
be higher by as many as can come round by other hidden cells, and lower by as many as can go round by them.

Held is: a cell of 1 to 4 is hidden, and for all that the tables say it may hold anything from nobody to five (or to as many as
there are in its unit, where those are fewer). Others are hidden beside it where that needs them, the smallest first; where
even that is not enough all cells are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from heapq import heappop, heappush

LEAST = 5
_SEEN = 1_000_000  # what it costs to hide one cell more, beside which the people in it are little


@dataclass(frozen=True, slots=True)
class FlowCell:
    """So many people from one node to the next. `most`: what the reader knows it cannot exceed; `total`: hidden last."""

    start: str
    end: str
    value: int
    most: int
    total: bool = False

    @property
    def small(self) -> bool:
        """Whether it must not be shown."""
        return 0 < self.value < LEAST


@dataclass(frozen=True, slots=True)
class _Step:
    """Along a cell: people more on it, or fewer."""

    cell: int
    more: bool


def hidden_cells(cells: Sequence[FlowCell]) -> frozenset[int]:
    """Which cells are hidden, by their place."""
    hidden = {place for place, cell in enumerate(cells) if cell.small}
    for place in sorted(hidden, key=lambda each: (cells[each].value, each)):
        cell = cells[place]
        room = min(LEAST, cell.most) - cell.value
        if not _hide_round(cells, hidden, place, room, more=True):
            return frozenset(range(len(cells)))
        if not _hide_round(cells, hidden, place, cell.value, more=False):
            return frozenset(range(len(cells)))
    return frozenset(hidden)


def bounds(cells: Sequence[FlowCell], hidden: AbstractSet[int], place: int) -> tuple[int, int]:
    """From how many to how many the reader must think possible; counted no further than LEAST above its number."""
    value = cells[place].value
    if place not in hidden:
        return value, value
    free = set(hidden)
    up = _round(cells, free, place, LEAST, more=True, widen=False)
    down = _round(cells, free, place, value, more=False, widen=False)
    return value - down, value + up


def _hide_round(cells: Sequence[FlowCell], hidden: set[int], place: int, wanted: int, *, more: bool) -> bool:
    """Hide what lets the cell differ by `wanted`; whether that is possible."""
    return _round(cells, hidden, place, wanted, more=more, widen=True) >= wanted


def _round(cells: Sequence[FlowCell], hidden: set[int], place: int, wanted: int, *, more: bool, widen: bool) -> int:
    """By how many the cell can differ, up to `wanted`; with `widen` cells on the way there are hidden from now on."""
    flow = [cell.value for cell in cells]
    cell = cells[place]
    # More people on the cell come back from its end to its start; fewer go from its start to its end another way.
    source, target = (cell.end, cell.start) if more else (cell.start, cell.end)
    found = 0
    while found < wanted:
        way = _cheapest(cells, flow, hidden, place, source, target, widen=widen)
        if way is None:
            break
        many = min([wanted - found, *(flow[step.cell] for step in way if not step.more)])
        for step in way:
            flow[step.cell] += many if step.more else -many
            hidden.add(step.cell)
        found += many
    return found


def _cheapest(
    cells: Sequence[FlowCell],
    flow: Sequence[int],
    hidden: AbstractSet[int],
    without: int,
    source: str,
    target: str,
    *,
    widen: bool,
) -> list[_Step] | None:
    """The way round that needs the fewest other cells hidden, then the smallest."""
    ways = _ways(cells, flow, hidden, without, widen=widen)
    best: dict[str, int] = {source: 0}
    came: dict[str, tuple[str, _Step]] = {}
    queue: list[tuple[int, str]] = [(0, source)]
    while queue:
        cost, node = heappop(queue)
        if node == target:
            break
        if cost > best[node]:
            continue
        for following, price, step in ways.get(node, ()):
            if cost + price < best.get(following, cost + price + 1):
                best[following] = cost + price
                came[following] = (node, step)
                heappush(queue, (cost + price, following))
    if target not in came:
        return None
    steps: list[_Step] = []
    node = target
    while node != source:
        node, step = came[node]
        steps.append(step)
    return steps


def _ways(
    cells: Sequence[FlowCell], flow: Sequence[int], hidden: AbstractSet[int], without: int, *, widen: bool
) -> Mapping[str, list[tuple[str, int, _Step]]]:
    found: dict[str, list[tuple[str, int, _Step]]] = {}
    for place, cell in enumerate(cells):
        if place == without or not (widen or place in hidden):
            continue
        price = 1 if place in hidden else _SEEN * (4 if cell.total else 1) + cell.value
        found.setdefault(cell.start, []).append((cell.end, price, _Step(place, more=True)))
        if flow[place]:
            found.setdefault(cell.end, []).append((cell.start, price, _Step(place, more=False)))
    return found
