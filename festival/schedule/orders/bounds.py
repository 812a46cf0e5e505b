"""Below which hold can no order be? Proven, also where the best order is not.

What people sit through is added up person by person: divide the people into groups, order the acts best for each group alone, and
no order of all can cost less than the sum. Acts that are the same to a group are one act to it (`merged`), those none of it is in are none;
so a group of few has few acts, and the exact programme answers in milliseconds. What must come before what is left out of account, which
only lowers the sum. The division is tried again with other chances as long as there is time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from festival.schedule.orders.exact import Casts, least_hold
from festival.schedule.orders.merged import MergedOrder

_FEW, _SOME = 14, 19  # different acts of a group: as a rule, and now and then


def proven_holds(wanted: MergedOrder, seed: int, until: float, few: int = _FEW) -> Iterator[int]:
    """Bounds that get better and better."""
    chance = np.random.default_rng(seed)
    best, size = -1, few
    order = sorted(range(len(wanted.casts)), key=lambda at: -wanted.casts[at][1])
    while time.monotonic() < until:
        groups: list[list[tuple[int, int]]] = []
        for at in order:
            _put(wanted.casts[at], groups, len(wanted.minutes), size)
        found = sum(_alone(wanted, each) for each in groups)
        if found > best:
            best = found
            yield best
        if len(groups) < 2:
            return
        order = [int(at) for at in chance.permutation(len(wanted.casts))]
        size = _SOME if size == few and chance.random() < 0.1 else few


def _put(cast: tuple[int, int], groups: list[list[tuple[int, int]]], size: int, most: int) -> None:
    """Into the group that then has the fewest different acts, or a new one."""
    rated = sorted((len(_kinds([*group, cast], size)), at) for at, group in enumerate(groups))
    if rated and rated[0][0] <= most:
        groups[rated[0][1]].append(cast)
    else:
        groups.append([cast])


def _kinds(casts: Casts, size: int) -> dict[tuple[int, ...], list[int]]:
    """The acts by who of these people is in them; those nobody is in left out."""
    found: dict[tuple[int, ...], list[int]] = {}
    for act in range(size):
        who = tuple(at for at, (mask, _cost) in enumerate(casts) if mask >> act & 1)
        if who:
            found.setdefault(who, []).append(act)
    return found


def _alone(wanted: MergedOrder, casts: Casts) -> int:
    kinds = _kinds(casts, len(wanted.minutes))
    minutes = [sum(wanted.minutes[act] for act in acts) for acts in kinds.values()]
    inside = [
        (sum(1 << at for at, who in enumerate(kinds) if person in who), casts[person][1])
        for person in range(len(casts))
    ]
    return least_hold(minutes, inside, [0] * len(minutes))[0]
