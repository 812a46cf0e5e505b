"""Which made-up running orders do the long tests and the figures ask about? The same for the same seed."""

from __future__ import annotations

from random import Random

from festival.schedule.orders.wanted import OrderObjective, OrderPerson, WantedOrder

SEED = 20240614
PROVEN = {
    20: 1420,
    22: 1435,
    24: 1990,
    28: 1867,
}  # what `made_order` can cost least; 28 by the exact programme with 2 GB
BEST_KNOWN = PROVEN | {34: 2201}  # of all runs that were made


def made_order(size: int) -> WantedOrder:
    """Acts of 2 to 6 minutes with two to four of half as many people in each; no two of the same cast."""
    dice = Random(f"{SEED} {size} presence")
    casts: set[tuple[int, ...]] = set()
    while len(casts) < size:
        casts.add(tuple(sorted(dice.sample(range(size // 2), dice.randint(2, 4)))))
    acts = sorted(casts, key=lambda _cast: dice.random())
    return WantedOrder(
        codes=tuple(str(at + 1) for at in range(size)),
        minutes=tuple(dice.randint(2, 6) for _act in acts),
        people=tuple(
            OrderPerson(dice.randint(1, 5), sum(1 << at for at, cast in enumerate(acts) if who in cast))
            for who in range(size // 2)
        ),
        objective=OrderObjective.PRESENCE,
    )


def made_changes(size: int) -> WantedOrder:
    """As many people as acts, in three to four acts each."""
    dice = Random(f"{SEED} costumes {size}")
    people = tuple(
        OrderPerson(1, sum(1 << act for act in dice.sample(range(size), dice.randint(3, 4)))) for _who in range(size)
    )
    return WantedOrder(tuple(str(at + 1) for at in range(size)), (4,) * size, people, OrderObjective.QUICK_CHANGES)
