"""What does the file state about score sheets: until when a judge may correct one, and whether judges write to the family?"""

from __future__ import annotations

from enum import StrEnum

from festival.editions.rules.document import Node


class CorrectionRule(StrEnum):
    """Until when a judge corrects a sheet that was sent; after it the secretary does, with a reason."""

    UNTIL_LOCK = "until_lock"
    NEXT_ACT = "next_act"
    SECRETARY = "secretary"


def read_corrections(node: Node) -> CorrectionRule:
    """`corrections`; without it until the lock."""
    return node.at("corrections").one_of(CorrectionRule) if node.has("corrections") else CorrectionRule.UNTIL_LOCK


def read_comments(node: Node) -> bool:
    """`comments`; without it judges write nothing to families."""
    return node.at("comments").truth(default=False)
