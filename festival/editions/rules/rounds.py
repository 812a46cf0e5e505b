"""Does a contest take its entries from an earlier round: how many go on, and what do they carry with them?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.editions.rules.document import Node

WHOLE = 100_000  # 100 %, in thousandths of a percent


@dataclass(frozen=True, slots=True)
class AfterRule:
    """The first `take` of `contest` go on. `weight_milli`: so many percent (1/1000) of their points there count here too."""

    contest: str
    take: int
    weight_milli: int


def read_after(node: Node) -> AfterRule | None:
    if node.value is None or not node.shaped("after"):
        return None
    weight = node.at("weight").factor(WHOLE) if node.has("weight") else 0
    return AfterRule(node.at("contest").code(), node.at("take").whole(1, 1000), weight)
