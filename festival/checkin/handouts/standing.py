"""What was handed to a delegation, when counts are corrected later and the news comes in any order? Pure.

A handing-over keeps the name of its first message (`root`) for good. What corrects it, or takes it back, is a further
message with the same root. Of these the last by (corrected time, device number, sequence) holds; the first message itself
holds only while nothing corrects it, whatever a wrong clock says. So every order and repetition of delivery tells one story.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from festival.checkin.merge import Moment

MOST = 5000  # of one thing at once; more is a slip of the hand


class HandoutItem(StrEnum):
    """What a delegation is handed at reception."""

    CARD = "card"
    MEAL = "meal"  # meal tickets
    FLAG = "flag"
    NUMBER = "number"  # numbers to be worn or held on the stage


Items = Mapping[str, int]
"""How many of what; nothing at all = taken back."""


@dataclass(frozen=True, slots=True)
class SaidHandout:
    """One message of a desk: a first handing-over (`mid` is `root`), or what is true of it now."""

    delegation: int | str
    root: str
    mid: str
    moment: Moment
    items: Items
    station: str = ""
    receiver: str = ""
    reason: str = ""

    @property
    def first(self) -> bool:
        return self.mid == self.root

    @property
    def taken_back(self) -> bool:
        return not any(self.items.values())


@dataclass(frozen=True, slots=True)
class HeldHandout:
    """A handing-over as it holds: what holds of it, and how often it was corrected. `at_ms`: of its first message."""

    said: SaidHandout
    at_ms: int
    receiver: str
    corrections: int

    @property
    def holds(self) -> bool:
        return not self.said.taken_back


def standing(said: Iterable[SaidHandout]) -> list[HeldHandout]:
    """Every handing-over as it holds now, in the order in which they happened."""
    groups: dict[tuple[int | str, str], dict[str, SaidHandout]] = {}
    for each in said:
        groups.setdefault((each.delegation, each.root), {})[each.mid] = each
    made = []
    for group in groups.values():
        ordered = sorted(group.values(), key=lambda each: (not each.first, each.moment))
        begun, holds = ordered[0], ordered[-1]
        receiver = next((each.receiver for each in reversed(ordered) if each.receiver), "")
        made.append(HeldHandout(holds, begun.moment.at_ms, receiver, sum(not each.first for each in ordered)))
    return sorted(made, key=lambda each: (each.at_ms, each.said.root))


def handed(held: Iterable[HeldHandout]) -> dict[str, int]:
    """How many of each thing all of them come to."""
    found = dict.fromkeys(HandoutItem, 0)
    for each in held:
        for item in HandoutItem:
            found[item] += each.said.items.get(item, 0)
    return {item.value: count for item, count in found.items()}
