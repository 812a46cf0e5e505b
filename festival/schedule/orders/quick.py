"""Which order has provably the fewest quick changes? Dynamic programming over sets of acts with the last one or two of each.

A change counts as a pair: people in two consecutive acts first, then people with exactly one act between. Both are one number here,
`consecutive × scale + one between`, with a scale larger than anything the second can be.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from festival.schedule.orders.exact import Numbers, OutOfTime
from festival.schedule.orders.wanted import WantedOrder, bits

MOST_PAIRS, MOST_LAST = (
    17,
    20,
)  # acts up to which the best order is proven; up to which the fewest in two consecutive acts are
_SLICE = 1 << 13


class Changes(NamedTuple):
    """`next_to[i, k]`: people in both. `apart[i, m, k]`: people in both, but not in m between them."""

    next_to: Numbers
    apart: Numbers
    scale: int

    def split(self, number: int) -> tuple[int, int]:
        """The pair that this number stands for."""
        return divmod(number, self.scale)

    def of(self, order: Sequence[int]) -> int:
        """What this order costs, as one number."""
        return int(self.counted(np.array([order]))[0])

    def tables(self) -> tuple[list[list[int]], list[list[list[int]]]]:
        """The same as plain lists: of the first two acts, and of every act with the two before it."""
        first = self.next_to * self.scale
        return first.tolist(), (first[None] + self.apart).tolist()

    def counted(self, orders: Numbers) -> Numbers:
        """Counts many orders at once."""
        consecutive = self.next_to[orders[:, :-1], orders[:, 1:]].sum(axis=1)
        between = self.apart[orders[:, :-2], orders[:, 1:-1], orders[:, 2:]].sum(axis=1)
        return np.asarray(consecutive * self.scale + between)


def changes_of(wanted: WantedOrder) -> Changes:
    """Who would have to change quickly between which acts."""
    size = len(wanted.codes)
    in_act = np.array([[person.acts >> act & 1 for act in range(size)] for person in wanted.people], np.int64).reshape(
        -1, size
    )
    next_to = in_act.T @ in_act
    apart = np.repeat(next_to[:, None], size, axis=1)
    for person in wanted.people:
        mine = bits(person.acts)
        apart[np.ix_(mine, mine, mine)] -= 1
    return Changes(next_to, apart, 1 + int(in_act.sum()))


def fewest_changes(changes: Changes, before: Sequence[int], until: float) -> list[int]:
    """An order with provably the fewest, both counts. OutOfTime."""
    size = len(before)
    if size < 3:
        return _by_need(before)
    prices = changes.next_to[None] * changes.scale + changes.apart  # [one before last, last, new]
    small = int(prices.max()) * size < 1 << 29
    never = 1 << (30 if small else 60)
    prices = prices.astype(np.int32 if small else np.int64)
    least = np.full((1 << size, size, size), never, prices.dtype)
    for one in range(size):
        for two in range(size):
            if one != two and not before[one] and not before[two] & ~(1 << one):
                least[1 << one | 1 << two, one, two] = changes.next_to[one, two] * changes.scale
    for sets in _by_size(size, 2):
        for act in range(size):
            for behind in _ready(sets, act, before):
                reached = (least[behind] + prices[:, :, act]).min(axis=1)
                least[behind | 1 << act, :, act] = np.minimum(reached, never)
                if time.monotonic() > until:
                    raise OutOfTime
    return _walked_back(least, prices, size)


def _walked_back(least: Numbers, prices: Numbers, size: int) -> list[int]:
    left = (1 << size) - 1
    one, two = divmod(int(least[left].argmin()), size)
    found = [two, one]
    while left.bit_count() > 2:
        behind = left ^ 1 << two
        come = least[behind, :, one] + prices[:, one, two]
        left, one, two = behind, int(come.argmin()), one
        found.append(one)
    return found[::-1]


def fewest_consecutive(changes: Changes, before: Sequence[int], until: float) -> int:
    """The fewest people in two consecutive acts that any order can have. OutOfTime."""
    size = len(before)
    never = np.iinfo(np.int32).max // 2
    least = np.full((1 << size, size), never, np.int32)
    for act in range(size):
        if not before[act]:
            least[1 << act, act] = 0
    prices = changes.next_to.astype(np.int32)
    for sets in _by_size(size, 1):
        for act in range(size):
            for behind in _ready(sets, act, before):
                least[behind | 1 << act, act] = np.minimum((least[behind] + prices[:, act]).min(axis=1), never)
                if time.monotonic() > until:
                    raise OutOfTime
    return int(least[-1].min())


def _by_size(size: int, least: int) -> list[Numbers]:
    """All sets but the whole, by how many are in them, from `least` on."""
    every = np.arange(1 << size)
    count = sum((every >> at) & 1 for at in range(size))
    return [every[count == wanted] for wanted in range(least, size)]


def _ready(sets: Numbers, act: int, before: Sequence[int]) -> list[Numbers]:
    """The sets this act can follow, in slices that fit into memory."""
    ready = sets[((sets >> act) & 1 == 0) & (sets & before[act] == before[act])]
    return [ready[at : at + _SLICE] for at in range(0, len(ready), _SLICE)]


def _by_need(before: Sequence[int]) -> list[int]:
    return sorted(range(len(before)), key=lambda act: (before[act].bit_count(), act))
