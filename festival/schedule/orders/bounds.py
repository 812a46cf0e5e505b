"""Below which hold can no order be? Proven, also where the best order is not.

Take somebody out of an act: their first act comes no earlier and their last no later, so no order costs more than before. Two acts whose
casts are made the same in this way, by taking out whoever is in only one of them, are one act in a best order (`merged`). Those
that lose least are made the same until the exact programme can answer; what it says no order of all the acts is below. With more acts left
the bound is higher and takes twice as long for every one. What must come before what is left out of account, which only lowers it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from festival.schedule.orders.exact import OutOfTime, least_hold
from festival.schedule.orders.merged import MergedOrder, merged
from festival.schedule.orders.wanted import OrderObjective, OrderPerson, WantedOrder, bits

SIZES = (14, 20, 23, 25, 26)  # acts that are left


def proven_holds(wanted: MergedOrder, until: float, sizes: tuple[int, ...] = SIZES) -> Iterator[int]:
    """Bounds that get better and better, until it is time."""
    own = sum(cost * sum(wanted.minutes[act] for act in bits(mask)) for mask, cost in wanted.casts)
    best = 0
    for size in sizes:
        fewer = merged(_with_fewer_casts(wanted, size))
        try:
            hold, _order = least_hold(fewer.minutes, fewer.casts, fewer.before, until=until)
        except (OutOfTime, MemoryError):
            return
        if fewer.own + hold - own > best:
            best = fewer.own + hold - own
            yield best


def _with_fewer_casts(wanted: MergedOrder, size: int) -> WantedOrder:
    """The same acts with people taken out, so that there are no more than so many different casts."""
    costs = [cost for _mask, cost in wanted.casts]
    groups = {
        act: (1 << act, minutes, frozenset(who for who, (mask, _cost) in enumerate(wanted.casts) if mask >> act & 1))
        for act, minutes in enumerate(wanted.minutes)
    }

    def lost(one: int, other: int) -> int:
        (_acts, minutes, cast), (_others, more, second) = groups[one], groups[other]
        return minutes * sum(costs[who] for who in cast - second) + more * sum(costs[who] for who in second - cast)

    losses = {pair: lost(*pair) for pair in combinations(groups, 2)}
    while len(groups) > size:
        one, other = min(losses, key=lambda pair: losses[pair])
        losses = {pair: loss for pair, loss in losses.items() if one not in pair and other not in pair}
        (acts, minutes, cast), (others, more, second) = groups.pop(one), groups.pop(other)
        groups[one] = acts | others, minutes + more, cast & second
        losses |= {(each, one): lost(each, one) for each in groups if each != one}
    people = [
        OrderPerson(cost, sum(acts for acts, _minutes, cast in groups.values() if who in cast))
        for who, cost in enumerate(costs)
    ]
    return WantedOrder(tuple(map(str, wanted.minutes)), wanted.minutes, tuple(people), OrderObjective.PRESENCE)
