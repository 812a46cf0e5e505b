"""How are delegations ranked?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from festival.editions.rules.document import Node
from festival.editions.rules.prizes import PrizeRule, read_prizes
from festival.editions.rules.ties import TIES_OF_WHOLE, TieRule, read_ties


class WholeSum(StrEnum):
    """What is added up for a delegation."""

    POINTS = "points"
    PLACE_POINTS = "place_points"


@dataclass(frozen=True, slots=True)
class WholeDelegationRule:
    """How delegations are ranked."""

    sum: WholeSum
    ties: tuple[TieRule, ...]
    prizes: tuple[PrizeRule, ...]


def read_whole_delegation(node: Node) -> WholeDelegationRule | None:
    if not node.shaped("whole_delegation"):
        return None
    return WholeDelegationRule(
        node.at("sum").one_of(WholeSum), read_ties(node.at("ties"), TIES_OF_WHOLE), read_prizes(node.at("prizes"))
    )
