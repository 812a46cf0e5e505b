"""What is one running order that is to be found (`festival-order 1`), and which wishes about it contradict each other?

Acts follow one another on one stage without a pause. Acts are known by their index. What must stand before what is one bit mask
an act; a fixed first act stands before all others, all others before a fixed last one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from festival.core.sentence import N_, Sentence

FORMAT = "festival-order 1"
Cost = tuple[
    int, ...
]  # one number; of `quick_changes` two: people in two consecutive acts, people with exactly one act between


class OrderObjective(StrEnum):
    """What the best order has least of."""

    PRESENCE = "presence"
    QUICK_CHANGES = "quick_changes"


@dataclass(frozen=True, slots=True)
class OrderPerson:
    """Somebody who performs: what a minute of theirs on site costs, and in which acts they are, one bit each."""

    cost: int
    acts: int


@dataclass(frozen=True, slots=True)
class WantedOrder:
    """Everything an order depends on. `before`: pairs of acts, the first of which comes earlier."""

    codes: tuple[str, ...]
    minutes: tuple[int, ...]
    people: tuple[OrderPerson, ...]
    objective: OrderObjective
    first: int | None = None
    last: int | None = None
    before: tuple[tuple[int, int], ...] = ()

    def earlier(self) -> tuple[int, ...]:
        """Of each act all that stand before it, directly or through others, as bits. What contradicts itself never gets here."""
        size = len(self.codes)
        found = [0] * size
        for one, other in self.before:
            found[other] |= 1 << one
        everyone = (1 << size) - 1
        if self.first is not None:
            found = [mask | 1 << self.first if at != self.first else mask for at, mask in enumerate(found)]
        if self.last is not None:
            found[self.last] |= everyone & ~(1 << self.last)
        return closed(found)


def bits(mask: int) -> list[int]:
    """Which acts the bits of this mask are, in their order."""
    return [at for at in range(mask.bit_length()) if mask >> at & 1]


def closed(before: Sequence[int]) -> tuple[int, ...]:
    """What stands before what stands before it, stands before it."""
    found = list(before)
    for middle in range(len(found)):
        for at, mask in enumerate(found):
            if mask >> middle & 1:
                found[at] = mask | found[middle]
    return tuple(found)


def contradiction(wanted: WantedOrder) -> tuple[Sentence, ...]:
    """The fewest wishes that cannot be kept together, in words; empty when there is an order that keeps all.

    Wishes about what comes before what contradict each other exactly when they lead round in a circle, and of the wishes of a
    shortest circle none can be left out: without it the others are kept by some order.
    """
    size = len(wanted.codes)
    if size > 1 and wanted.first is not None and wanted.first == wanted.last:
        code = wanted.codes[wanted.first]
        return (N_("«%(act)s» được đặt diễn đầu tiên", act=code), N_("«%(act)s» được đặt diễn cuối cùng", act=code))
    next_to: list[dict[int, Sentence]] = [{} for _ in range(size)]
    for one, other in wanted.before:
        next_to[one][other] = N_("«%(one)s» diễn trước «%(other)s»", one=wanted.codes[one], other=wanted.codes[other])
    for at in range(size):
        if wanted.first is not None and at != wanted.first:
            next_to[wanted.first][at] = N_("«%(act)s» được đặt diễn đầu tiên", act=wanted.codes[wanted.first])
        if wanted.last is not None and at != wanted.last:
            next_to[at][wanted.last] = N_("«%(act)s» được đặt diễn cuối cùng", act=wanted.codes[wanted.last])
    circles = (_circle(next_to, start) for start in range(size))
    return min((tuple(dict.fromkeys(each)) for each in circles if each), key=len, default=())


def _circle(next_to: Sequence[dict[int, Sentence]], start: int) -> list[Sentence]:
    """The wishes along a shortest way from an act back to itself."""
    ways: dict[int, list[Sentence]] = {start: []}
    waiting = deque([start])
    while waiting:
        at = waiting.popleft()
        for other, wish in next_to[at].items():
            if other == start:
                return [*ways[at], wish]
            if other not in ways:
                ways[other] = [*ways[at], wish]
                waiting.append(other)
    return []
