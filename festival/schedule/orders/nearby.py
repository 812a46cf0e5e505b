"""Which better order is found when all cannot be looked at? A local search that stops whenever it is told to.

Hundreds of neighbours (a stretch turned round, or a few acts moved along) are counted at once in numpy. Where none is better, twelve
acts in a row are put into their best order by the exact programme, window after window; where that changes nothing, the order
is shaken a little and the search goes on. Chance comes from the seed alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from festival.schedule.orders.exact import Numbers, least_hold
from festival.schedule.orders.merged import MergedOrder
from festival.schedule.orders.wanted import bits

Count = Callable[[Numbers], Numbers]  # of orders (one a row), what each costs
Settle = Callable[[Numbers], Numbers]  # of an order, one that is no worse
_NEIGHBOURS, _TRIES, _WINDOW = 600, 5, 12
_MOST_AT_ONCE = 2_000_000  # numbers, so that many people need no more memory than few
_NEVER = np.iinfo(np.int64).max


def hold_count(wanted: MergedOrder) -> Count:
    """Counts the hold of many orders at once."""
    minutes = np.array(wanted.minutes, np.int64)
    members = [bits(mask) for mask, _cost in wanted.casts]
    acts = np.array([act for each in members for act in each], np.intp)
    starts = np.cumsum([0, *map(len, members)])[:-1]
    costs = np.array([cost for _mask, cost in wanted.casts], np.int64)
    own = np.array([sum(wanted.minutes[act] for act in each) for each in members], np.int64)

    def count(orders: Numbers) -> Numbers:
        if not members:
            return np.zeros(len(orders), np.int64)
        if len(orders) > (most := max(1, _MOST_AT_ONCE // len(acts))):
            return np.concatenate([count(orders[at : at + most]) for at in range(0, len(orders), most)])
        length = minutes[orders]
        ends = np.empty_like(length)
        np.put_along_axis(ends, orders, np.cumsum(length, axis=1), axis=1)
        first = np.minimum.reduceat((ends - minutes)[:, acts], starts, axis=1)
        last = np.maximum.reduceat(ends[:, acts], starts, axis=1)
        return np.asarray((last - first - own) @ costs)

    return count


def settled_windows(wanted: MergedOrder, window: int = _WINDOW) -> Settle:
    """Puts each stretch of acts in a row into its best order."""

    def settle(order: Numbers) -> Numbers:
        acts = [int(each) for each in order]
        for begins in range(0, max(1, len(acts) - window // 2), window // 2):
            acts[begins : begins + window] = _best_window(wanted, acts[:begins], acts[begins : begins + window])
        return np.array(acts)

    return settle


def _best_window(wanted: MergedOrder, behind: list[int], inside: list[int]) -> list[int]:
    gone = sum(1 << act for act in behind)
    to_come = (1 << len(wanted.minutes)) - 1 & ~gone & ~sum(1 << act for act in inside)
    casts: list[tuple[int, int]] = []
    came: list[tuple[int, int]] = []
    stay: list[tuple[int, int]] = []
    for mask, cost in wanted.casts:
        mine = sum(1 << at for at, act in enumerate(inside) if mask >> act & 1)
        if mine and not (mask & gone and mask & to_come):  # who is on before and after is there throughout
            (came if mask & gone else stay if mask & to_come else casts).append((mine, cost))
    before = [sum(1 << at for at, other in enumerate(inside) if wanted.before[act] >> other & 1) for act in inside]
    _hold, order = least_hold([wanted.minutes[act] for act in inside], casts, before, came=came, stay=stay)
    return [inside[at] for at in order]


def better_orders(
    start: Sequence[int], before: Sequence[int], count: Count, settle: Settle, seed: int, floor: int, until: float
) -> Iterator[tuple[int, list[int]]]:
    """Orders that get better and better, the first one included, until it is time or the proven floor is reached."""
    chance = np.random.default_rng(seed)
    pairs = np.array([(other, act) for act, mask in enumerate(before) for other in bits(mask)], np.intp).reshape(-1, 2)
    order = best = np.array(start)
    cost = least = int(count(order[None])[0])
    yield least, [int(each) for each in best]
    failed = 0
    while least > floor and len(order) > 1 and time.monotonic() < until:
        near = _neighbours(order, chance)
        costs = count(near)
        costs[_broken(near, pairs)] = _NEVER
        at = int(costs.argmin())
        if costs[at] < cost:
            order, cost, failed = near[at], int(costs[at]), 0
        elif (failed := failed + 1) == _TRIES:
            tidied = settle(order)
            if (new := int(count(tidied[None])[0])) < cost:
                order, cost, failed = tidied, new, 0
        if cost < least:
            best, least = order, cost
            yield least, [int(each) for each in best]
        if failed >= _TRIES:
            order, failed = _shaken(best, pairs, chance), 0
            cost = int(count(order[None])[0])


def _neighbours(order: Numbers, chance: np.random.Generator) -> Numbers:
    """Orders in which one stretch is turned round, or has up to three acts moved from its one end to its other."""
    size = len(order)
    ends = chance.integers(0, size + 1, (_NEIGHBOURS, 2))
    low, high = ends.min(axis=1, keepdims=True), ends.max(axis=1, keepdims=True)
    length = np.maximum(high - low, 1)
    shift = chance.integers(1, 4, (_NEIGHBOURS, 1)) * chance.choice([-1, 1], (_NEIGHBOURS, 1))
    at = np.arange(size)
    moved = np.where(chance.random((_NEIGHBOURS, 1)) < 0.2, high - 1 - (at - low), low + (at - low + shift) % length)
    return np.asarray(order[np.where((at >= low) & (at < high), moved, at)])


def _broken(orders: Numbers, pairs: Numbers) -> Numbers:
    """In which of these orders does something stand before what must come before it?"""
    if not len(pairs):
        return np.zeros(len(orders), bool)
    place = np.empty_like(orders)
    np.put_along_axis(place, orders, np.broadcast_to(np.arange(orders.shape[1]), orders.shape), axis=1)
    return np.asarray((place[:, pairs[:, 0]] > place[:, pairs[:, 1]]).any(axis=1))


def _shaken(order: Numbers, pairs: Numbers, chance: np.random.Generator) -> Numbers:
    """Three chance moves that keep what comes before."""
    for _turn in range(3):
        near = _neighbours(order, chance)
        allowed = near[~_broken(near, pairs)]
        if len(allowed):
            order = allowed[chance.integers(len(allowed))]
    return order
