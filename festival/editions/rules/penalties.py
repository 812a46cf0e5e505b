"""What is taken off an entry beside its marks?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.editions.rules.document import Node


@dataclass(frozen=True, slots=True)
class OvertimeRule:
    """`minus_milli` off for each minute begun after the time allowed plus the grace, `limit_milli` at most."""

    grace_s: int
    minus_milli: int
    limit_milli: int | None


def read_overtime(node: Node) -> OvertimeRule | None:
    if node.value is None or not node.shaped("overtime"):
        return None
    return OvertimeRule(
        node.at("grace_s").whole(0, 3600),
        node.at("minus_per_started_minute").points(least=1),
        node.at("limit").points(least=1) if node.has("limit") else None,
    )
