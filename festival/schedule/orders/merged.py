"""Which acts may stand together in a best order, so that fewer have to be ordered? For `presence` only.

What an order costs is a constant (everybody's own acts) and the *hold*: acts that people sit through between their own. People in
one act only never sit through any.

**Acts with the same cast stand side by side in some best order** (Garcia de la Banda, Stuckey, Chu 2011, "Solving talent scheduling
with dynamic programming", section 4; first used by Cheng, Diamond, Lin 1993). Take i X k with equal casts C of i and k. Moving i
behind X changes what others sit through by minutes(i) × (w − v), moving k before X by minutes(k) × (v − w), where v and w are the
costs a minute of those outside C who are on site before and after X; C itself never waits longer for either. One of the two is no
more than 0. Either move is allowed if whatever must stand before or after one of them must do so for the other too; only
such acts are merged here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from festival.schedule.orders.wanted import WantedOrder, bits, closed


@dataclass(frozen=True, slots=True)
class MergedOrder:
    """What is left to order: blocks of acts. `casts`: cost a minute of the people who are in exactly these blocks, two or more."""

    blocks: tuple[tuple[int, ...], ...]
    minutes: tuple[int, ...]
    casts: tuple[tuple[int, int], ...]
    before: tuple[int, ...]
    own: int  # what everybody's own acts cost, in any order

    def acts(self, order: Sequence[int]) -> list[int]:
        """An order of blocks as an order of acts."""
        return [act for block in order for act in self.blocks[block]]


def merged(wanted: WantedOrder) -> MergedOrder:
    """The least that has to be ordered."""
    earlier = wanted.earlier()
    blocks = tuple((act,) for act in range(len(wanted.codes)))
    found = _made(wanted, blocks, earlier)
    while (fewer := _joined(found)) != found.blocks:
        found = _made(wanted, fewer, earlier)
    return found


def _made(wanted: WantedOrder, blocks: tuple[tuple[int, ...], ...], earlier: Sequence[int]) -> MergedOrder:
    inside = {act: at for at, block in enumerate(blocks) for act in block}
    casts: dict[int, int] = defaultdict(int)
    for person in wanted.people:
        mask = 0
        for act in bits(person.acts):
            mask |= 1 << inside[act]
        if mask.bit_count() > 1 and person.cost:
            casts[mask] += person.cost
    before = [0] * len(blocks)
    for act, mask in enumerate(earlier):
        for other in bits(mask):
            before[inside[act]] |= 1 << inside[other]
    return MergedOrder(
        blocks=blocks,
        minutes=tuple(sum(wanted.minutes[act] for act in block) for block in blocks),
        casts=tuple(sorted(casts.items())),
        before=closed([mask & ~(1 << at) for at, mask in enumerate(before)]),
        own=sum(each.cost * sum(wanted.minutes[act] for act in bits(each.acts)) for each in wanted.people),
    )


def _joined(found: MergedOrder) -> tuple[tuple[int, ...], ...]:
    """The blocks with those of one cast put together, as far as that is proven."""
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for at in range(len(found.blocks)):
        alike[tuple(mask for mask, _cost in found.casts if mask >> at & 1)].append(at)
    blocks: list[tuple[int, ...]] = []
    for group in alike.values():
        together = sum(1 << at for at in group)
        before = {found.before[at] & ~together for at in group}
        after = {
            sum(1 << other for other, mask in enumerate(found.before) if mask >> at & 1) & ~together for at in group
        }
        if len(before) == len(after) == 1:
            # by how many stand before each: an order that keeps what comes before, and takes no block apart
            group.sort(key=lambda at: (found.before[at].bit_count(), at))
            blocks.append(tuple(act for at in group for act in found.blocks[at]))
        else:
            blocks += [found.blocks[at] for at in group]
    return tuple(sorted(blocks))
