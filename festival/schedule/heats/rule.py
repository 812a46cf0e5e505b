"""Who runs in which heat, and in which lane? Pure.

Numbers go on through the heats: the first heat has the smallest numbers, each heat its lanes from 1 on. As is usual in races, there
are as few heats as the lanes allow, and of those drawn together two heats differ by at most one entry, the larger ones first: nine in
four lanes run as 3, 3, 3, five as 3, 2, so nobody runs alone while another heat is full. Whoever withdraws leaves the lane empty.
Who comes after the draw takes the next lane of the heat with the fewest, of those with equally few the later one; when all are full,
a new heat begins. Nobody who has a lane changes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festival.core.sentence import N_, Sentence


@dataclass(frozen=True, slots=True)
class Lane:
    """Where a number runs. `first`: the smallest number of its heat, by which heats follow each other; 0: nobody asks for it."""

    heat: int
    lane: int
    first: int = 0

    @property
    def words(self) -> Sentence:
        """«đợt 2, đường 3»"""
        return N_("đợt %(heat)s, đường %(lane)s", heat=self.heat, lane=self.lane)

    @property
    def heat_words(self) -> Sentence:
        """«đợt 2»"""
        return N_("đợt %(heat)s", heat=self.heat)


def evened(drawn: int, lanes: int) -> list[int]:
    """How many run in each heat."""
    heats = -(-drawn // lanes)
    return [drawn // heats + (at < drawn % heats) for at in range(heats)]


def lanes_of(drawn: Sequence[int], late: int, lanes: int) -> list[Lane]:
    """Number 1 first. `drawn`: how many drew together, for each session that was drawn; `late`: how many came after the draw."""
    sizes = [size for several in drawn for size in evened(several, lanes)]
    firsts = [1 + sum(sizes[:heat]) for heat in range(len(sizes))]
    found = [Lane(at + 1, lane, firsts[at]) for at, size in enumerate(sizes) for lane in range(1, size + 1)]
    for _each in range(late):
        at = min(range(len(sizes)), key=lambda heat: (sizes[heat], -heat), default=-1)
        if at < 0 or sizes[at] == lanes:
            at = len(sizes)
            sizes.append(0)
            firsts.append(len(found) + 1)
        sizes[at] += 1
        found.append(Lane(at + 1, sizes[at], firsts[at]))
    return found


def placed_lane(at: Lane | None) -> dict[str, int]:
    """As a published programme has it; {} where no lane is."""
    return {} if at is None else {"heat": at.heat, "lane": at.lane}


def lane_in(act: Mapping[str, Any]) -> Lane | None:
    """Read back."""
    return Lane(act["heat"], act["lane"]) if "lane" in act else None
