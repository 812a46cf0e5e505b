"""Which better orders does the dynamic programming of didppy find where all sets of acts do not fit into memory?

Its beam gets wider until nothing is left out, or until it is time: each order that is better comes at once, the last word is what is
proven. States are the acts that are left (for quick changes with the last two); nothing here decides what is printed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import didppy as dp

from festival.schedule.orders.merged import MergedOrder
from festival.schedule.orders.wanted import bits

Found = tuple[list[int] | None, int]  # a better order if there is one, and the bound so far


def held_orders(wanted: MergedOrder, best: int, until: float) -> Iterator[Found]:
    """Orders with less hold than `best`."""
    size = len(wanted.minutes)
    model = dp.Model()
    act = model.add_object_type(number=size)
    person = model.add_object_type(number=len(wanted.casts))
    left = model.add_set_var(object_type=act, target=list(range(size)))
    casts = [[at for at, (mask, _cost) in enumerate(wanted.casts) if mask >> each & 1] for each in range(size)]
    everybody = model.add_set_table(casts, object_type=person)
    price = model.add_int_table([cost for _mask, cost in wanted.casts])
    here = model.add_set_state_fun(everybody.union(left) & everybody.union(left.complement()))
    for each in range(size):
        mine = model.create_set_const(object_type=person, value=casts[each])
        may = [left.contains(each), *(~left.contains(other) for other in bits(wanted.before[each]))]
        # who is here is just who is in it: it costs nothing now and brings nobody, so it is next
        for forced, more in ((True, [here.issubset(mine), mine.issubset(here)]), (False, [])):
            step = dp.Transition(
                name=str(each),
                cost=wanted.minutes[each] * price[here - mine] + dp.IntExpr.state_cost(),
                preconditions=may + more,
                effects=[(left, left.remove(each))],
            )
            model.add_transition(step, forced=forced)
    model.add_base_case([left.is_empty()])
    model.add_dual_bound(0)
    yield from _searched(model, best, until)


def changed_orders(
    next_to: list[list[int]],
    prices: list[list[list[int]]],
    before: Sequence[int],
    best: int,
    until: float,
) -> Iterator[Found]:
    """Orders with fewer quick changes than `best`. `prices[one before last][last][new]`, `next_to[last][new]` of the first two."""
    size = len(next_to)
    model = dp.Model()
    act = model.add_object_type(number=size + 1)  # the last one stands for none
    left = model.add_set_var(object_type=act, target=list(range(size)))
    two = model.add_element_var(object_type=act, target=size)
    one = model.add_element_var(object_type=act, target=size)
    none = [0] * (size + 1)
    table = model.add_int_table(
        [[[*row, 0] for row in each] + [none] for each in prices] + [[[*row, 0] for row in next_to] + [none]]
    )
    cheapest = [min(row[new] for row in next_to[:new] + next_to[new + 1 :]) for new in range(size)]
    least = model.add_int_table([*cheapest, 0])
    for each in range(size):
        step = dp.Transition(
            name=str(each),
            cost=table[two, one, each] + dp.IntExpr.state_cost(),
            preconditions=[left.contains(each), *(~left.contains(other) for other in bits(before[each]))],
            effects=[(left, left.remove(each)), (two, one), (one, each)],
        )
        model.add_transition(step)
    model.add_base_case([left.is_empty()])
    model.add_dual_bound((one != size).if_then_else(least[left], 0))
    yield from _searched(model, best, until)


def _searched(model: Any, best: int, until: float) -> Iterator[Found]:
    wait = until - time.monotonic()
    if wait <= 0:
        return
    solver = dp.CABS(model, primal_bound=best, time_limit=wait, quiet=True, threads=1)
    ended = False
    while not ended:
        found, ended = solver.search_next()
        if found.cost is not None:
            best = min(best, found.cost)
        # nothing left to look at: nothing is better than the best that is known
        bound = best if found.is_infeasible or found.is_optimal else min(best, found.best_bound or 0)
        order = [int(step.name) for step in found.transitions] if found.cost is not None else None
        yield order, bound
