"""Which order of up to 26 acts has provably the least hold? Dynamic programming over sets of acts, in numpy.

The least hold of a set that has been on is the least, over its last act j, of the least hold of the rest S plus what is paid while j is on:

    minutes(j) × (w(V∖j) − w(S) − w(V∖(S∪j)))      w(T): cost a minute of those whose acts all lie in T, V: all acts

that is everybody who is not in j, but those who are through and those who have not begun. `w` of all sets is one sum over subsets,
so the number of people does not matter. Sets are rows × columns: a row says which of the acts from the twelfth on are in it, the columns
are the sets of the others by size. A row needs finished rows only, and within it a size the size before: few long operations of numpy, and two
numbers a set (32 bits where the costs allow it: 24 acts take 140 MB, 26 take 540 MB).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]
Casts = Sequence[tuple[int, int]]  # who is in exactly these acts, as bits, and their cost a minute
MOST_EXACT = 26
_COLUMNS = 12
_NEVER = {np.dtype(np.int32): 1 << 30, np.dtype(np.int64): 1 << 60}


class OutOfTime(Exception):
    """The hour came before the end."""


class _Columns(NamedTuple):
    """Sets of the first acts by size: their bits, where each stands, and of each size the sets before it and the act that is added."""

    sets: Numbers
    place: Numbers
    sizes: tuple[tuple[slice, Numbers, Numbers], ...]


@lru_cache(maxsize=_COLUMNS + 1)
def _columns(width: int) -> _Columns:
    every = np.arange(1 << width)
    size = ((every[:, None] >> np.arange(width)) & 1).sum(axis=1)
    sets = np.lexsort((every, size))
    place = np.empty_like(sets)
    place[sets] = every
    sizes = []
    begins = 1
    for wanted in range(1, width + 1):
        mine = sets[size[sets] == wanted]
        acts = np.nonzero((mine[:, None] >> np.arange(width)) & 1)[1].reshape(len(mine), wanted).T
        sizes.append((slice(begins, begins + len(mine)), place[mine ^ (1 << acts)], acts))
        begins += len(mine)
    return _Columns(sets, place, tuple(sizes))


def least_hold(
    minutes: Sequence[int],
    casts: Casts,
    before: Sequence[int],
    *,
    came: Casts = (),
    stay: Casts = (),
    until: float = float("inf"),
) -> tuple[int, list[int]]:
    """The least hold and an order that has it. OutOfTime.

    `came`: people who have been on before these acts begin, `stay`: people who are on again when they are over, as `casts`.
    """
    size = len(minutes)
    table = _Sets(minutes, casts, before, came, stay)
    for row in range(1 << (size - table.width)):
        table.fill(row)
        if time.monotonic() > until:
            raise OutOfTime
    return int(table.least[-1, -1]), table.order()


class _Sets:
    """The table of all sets."""

    def __init__(self, minutes: Sequence[int], casts: Casts, before: Sequence[int], came: Casts, stay: Casts) -> None:
        self.size = len(minutes)
        self.width = min(self.size, _COLUMNS)
        self.columns = _columns(self.width)
        everybody = (*casts, *came, *stay)
        most = sum(cost for _mask, cost in everybody) * max(sum(minutes), 1)
        self.kind = np.dtype(np.int32 if most < 1 << 29 else np.int64)
        self.never = _NEVER[self.kind]
        self.minutes = np.array(minutes, self.kind)
        others = [sum(cost for mask, cost in everybody if not mask >> act & 1) for act in range(self.size)]
        self.others = np.array(others, self.kind)
        self.through = self._subsets((*casts, *came))
        self.not_begun = self.through if not came and not stay else self._subsets((*casts, *stay))
        self.before = tuple(before) if any(before) else ()
        self.least = np.full(self.through.shape, self.never, self.kind)
        self.sizes = [
            (where, behind, self.minutes[acts], self.minutes[acts] * self.others[acts])
            for where, behind, acts in self.columns.sizes
        ]

    def _subsets(self, casts: Casts) -> Numbers:
        """Of every set, the cost a minute of those whose acts all lie in it."""
        found = np.zeros(1 << self.size, self.kind)
        for mask, cost in casts:
            found[mask] += cost
        for act in range(self.size):
            halves = found.reshape(-1, 2, 1 << act)
            halves[:, 1] += halves[:, 0]
        table = found.reshape(-1, 1 << self.width)
        for row in table:
            row[:] = row[self.columns.sets]
        return table

    def fill(self, row: int) -> None:
        """The least hold of all sets of this row; those of the rows it comes from are known."""
        least, through = self.least[row], self.through[row]
        waiting = self.not_begun[-1 - row, ::-1]  # the sets of what is left stand in the contrary order
        if row == 0:
            least[0] = 0
        for act in range(self.width, self.size):
            if row >> (act - self.width) & 1:
                source = row ^ 1 << (act - self.width)
                paid = self.others[act] - self.through[source] - waiting
                paid *= self.minutes[act]
                paid += self.least[source]
                np.minimum(least, paid, out=least)
        closed = self._closed(row) if self.before else None
        if closed is not None:
            least[closed] = self.never
        for where, behind, minutes, others in self.sizes:
            paid = through[behind]
            paid += waiting[where]
            paid *= minutes
            np.subtract(others, paid, out=paid)
            paid += least[behind]
            np.minimum(least[where], paid.min(axis=0), out=least[where])
            if closed is not None:
                least[where][closed[where]] = self.never

    def _closed(self, row: int) -> Numbers:
        """Which sets of this row hold an act without one that must stand before it?"""
        low, sets = (1 << self.width) - 1, self.columns.sets
        needed, found = 0, np.zeros(len(sets), bool)
        for act, mask in enumerate(self.before):
            if act >= self.width:
                if row >> (act - self.width) & 1:
                    needed |= mask & low
                    if mask >> self.width & ~row:
                        found[:] = True
            elif mask:
                lacking = (sets & mask & low) != mask & low if not mask >> self.width & ~row else True
                found |= ((sets >> act & 1) == 1) & lacking
        return np.asarray(found | ((sets & needed) != needed))

    def order(self) -> list[int]:
        """Backwards from the set of all: the lowest act that can have been the last."""
        found: list[int] = []
        left = (1 << self.size) - 1
        low = (1 << self.width) - 1
        while left:
            row, column = left >> self.width, self.columns.place[left & low]
            wanted = int(self.least[row, column])
            for act in range(self.size):
                if not left >> act & 1:
                    continue
                rest = left ^ 1 << act
                behind = rest >> self.width, self.columns.place[rest & low]
                not_begun = self.not_begun[-1 - row, -1 - column]
                paid = int(self.minutes[act]) * int(self.others[act] - self.through[behind] - not_begun)
                if self.least[behind] < self.never and int(self.least[behind]) + paid == wanted:
                    found.append(act)
                    left = rest
                    break
        return found[::-1]
