"""Looks for one running order in a process of its own: `python -m festival.schedule.orders.process`.

Standard input: one JSON object (the order that is wanted in numbers, how long, the seed). Standard output: one JSON line for every
better order, `{"order": [acts]}`, or better bound, `{"bound": cost}`. Memory and processor time are limited before anything is done; the
process knows no database, no key and no setting. Nothing is believed of it: who reads it counts every order himself.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from festival.schedule.orders.bounds import proven_holds
from festival.schedule.orders.exact import MOST_EXACT, OutOfTime, least_hold
from festival.schedule.orders.merged import merged
from festival.schedule.orders.nearby import better_orders, hold_count, settled_windows
from festival.schedule.orders.quick import MOST_LAST, MOST_PAIRS, changes_of, fewest_changes, fewest_consecutive
from festival.schedule.orders.wanted import Cost, OrderObjective, OrderPerson, WantedOrder

SayOrder = Callable[[list[int]], None]
SayBound = Callable[[Cost], None]
_FIRST_SHARE, _EXACT_SHARE, _SEARCH_SHARE, _BOUND_SHARE = 0.1, 0.8, 0.4, 0.7  # of the time that is left then
_SURE, _SURE_PAIRS = (
    22,
    14,
)  # different casts, or acts of quick changes, that are ordered exactly before anything else is found
_MOST_WIDE = 100  # acts whose quick changes didppy is told, a number for every three of them


def limit(cpu_s: int, memory_bytes: int) -> None:
    """From here on the kernel stops this process when it takes too much."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    os.nice(5)  # gates and judges come first


def wider_search() -> Any:
    """The module that asks didppy; None where it is not installed: then our own search has all the time."""
    try:
        from festival.schedule.orders import beam  # noqa: PLC0415 (only when it is needed, and where it is)
    except ImportError:
        return None
    return beam


def least_presence(wanted: WantedOrder, seed: int, until: float, say_order: SayOrder, say_bound: SayBound) -> None:
    """Exact where all sets of acts fit, else a search, a bound, and the wider search of didppy with what is left of the time."""
    small = merged(wanted)
    first = sorted(range(len(small.blocks)), key=lambda block: (small.before[block].bit_count(), block))
    say_order(small.acts(first))
    said = _Said(lambda order: say_order(small.acts(order)), lambda bound: say_bound((small.own + bound,)), first)
    count, settle = hold_count(small), settled_windows(small)

    def search(ends: float) -> None:
        said.searched(better_orders(said.best, small.before, count, settle, seed, said.floor, ends))

    if len(small.blocks) <= MOST_EXACT:
        if len(small.blocks) > _SURE:
            search(min(_share(until, _FIRST_SHARE), time.monotonic() + 1))
        try:
            hold, order = least_hold(small.minutes, small.casts, small.before, until=_share(until, _EXACT_SHARE))
        except (OutOfTime, MemoryError):
            pass
        else:
            say_order(small.acts(order))
            return say_bound((small.own + hold,))
    wider = wider_search()
    search(_share(until, _SEARCH_SHARE))
    for bound in proven_holds(small, _share(until, _BOUND_SHARE if wider else 1.0)):
        said.bound(bound)
    if wider and said.floor < said.least:
        said.widened(wider.held_orders(small, said.least, until))
    return None


def fewest_quick(wanted: WantedOrder, seed: int, until: float, say_order: SayOrder, say_bound: SayBound) -> None:
    """Exact up to MOST_PAIRS acts; up to MOST_LAST the fewest people in two consecutive acts are proven, beyond it is the best that is found."""
    before, changes = wanted.earlier(), changes_of(wanted)
    size = len(before)
    first = sorted(range(size), key=lambda act: (before[act].bit_count(), act))
    say_order(first)
    said = _Said(say_order, lambda bound: say_bound(changes.split(bound)), first)

    def search(ends: float) -> None:
        said.searched(better_orders(said.best, before, changes.counted, lambda order: order, seed, said.floor, ends))

    if size > _SURE_PAIRS:
        search(min(_share(until, _FIRST_SHARE), time.monotonic() + 1))
        if not said.least:
            return None
    try:
        if size <= MOST_PAIRS:
            order = fewest_changes(changes, before, _share(until, _EXACT_SHARE))
            say_order(order)
            return say_bound(changes.split(changes.of(order)))
        if size <= MOST_LAST and said.least >= changes.scale:
            said.bound(changes.scale * fewest_consecutive(changes, before, _share(until, _SEARCH_SHARE)))
    except (OutOfTime, MemoryError):
        pass
    wider = wider_search() if size <= _MOST_WIDE else None
    search(_share(until, _SEARCH_SHARE if wider else 1.0))
    if wider and said.floor < said.least:
        said.widened(wider.changed_orders(*changes.tables(), before, said.least, until))
    return None


@dataclass
class _Said:
    """The best order that has been said, its cost, and the highest bound."""

    say_order: SayOrder
    say_bound: Callable[[int], None]
    best: list[int]
    least: int = sys.maxsize
    floor: int = 0

    def searched(self, found: Iterator[tuple[int, list[int]]]) -> None:
        """Orders of our own search; what is not better than what was said is left unsaid."""
        for cost, order in found:
            if cost < self.least:
                self.least, self.best = cost, order
                self.say_order(order)

    def widened(self, found: Iterator[tuple[list[int] | None, int]]) -> None:
        """Better orders and bounds of another."""
        for order, bound in found:
            if order is not None:
                self.say_order(order)
            self.bound(bound)

    def bound(self, bound: int) -> None:
        """Say it if it is news."""
        if bound > self.floor:
            self.floor = bound
            self.say_bound(bound)


def _share(until: float, part: float) -> float:
    """The moment at which this part of the time that is left is over."""
    now = time.monotonic()
    return now + (until - now) * part


def said(wanted: WantedOrder, seconds: float, seed: int, say: Callable[[dict[str, Any]], None]) -> None:
    """Everything there is to say until the time is over."""
    until = time.monotonic() + seconds
    work = {OrderObjective.PRESENCE: least_presence, OrderObjective.QUICK_CHANGES: fewest_quick}[wanted.objective]
    work(wanted, seed, until, lambda order: say({"order": order}), lambda bound: say({"bound": bound}))


def _of_numbers(told: dict[str, Any]) -> WantedOrder:
    return WantedOrder(
        codes=tuple(str(at) for at in range(len(told["minutes"]))),
        minutes=tuple(told["minutes"]),
        people=tuple(OrderPerson(cost, acts) for cost, acts in told["people"]),
        objective=OrderObjective(told["objective"]),
        first=told["first"],
        last=told["last"],
        before=tuple((one, other) for one, other in told["before"]),
    )


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Answer until it is time."""
    asked = json.loads(sys.stdin.buffer.read())
    limit(asked["cpu_s"], asked["memory_bytes"])
    said(_of_numbers(asked["wanted"]), asked["seconds"], asked["seed"], _say)


if __name__ == "__main__":
    main()
