"""Does an order keep every wish, and what does it cost? Asked of every order before anybody sees it.

Counted act by act from the words of the format; nothing is shared with what looks for orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from festival.schedule.orders.wanted import Cost, OrderObjective, WantedOrder


def keeps_every_wish(wanted: WantedOrder, order: Sequence[int]) -> bool:
    """Is each act there once, the first and the last where they are fixed, and what comes before before?"""
    if sorted(order) != list(range(len(wanted.codes))):
        return False
    place = {act: at for at, act in enumerate(order)}
    return (
        (wanted.first is None or order[0] == wanted.first)
        and (wanted.last is None or order[-1] == wanted.last)
        and all(place[one] < place[other] for one, other in wanted.before)
    )


def cost_of(wanted: WantedOrder, order: Sequence[int]) -> Cost:
    """`presence`: cost × minutes of all acts from a person's first to the last. `quick_changes`: both counts."""
    turns = [[at for at, act in enumerate(order) if person.acts >> act & 1] for person in wanted.people]
    match wanted.objective:
        case OrderObjective.PRESENCE:
            paid = (
                person.cost * sum(wanted.minutes[act] for act in order[mine[0] : mine[-1] + 1])
                for person, mine in zip(wanted.people, turns, strict=True)
                if mine
            )
            return (sum(paid),)
        case OrderObjective.QUICK_CHANGES:
            apart = [later - one for mine in turns for one, later in pairwise(mine)]
            return apart.count(1), apart.count(2)
