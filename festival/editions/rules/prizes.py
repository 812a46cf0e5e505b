"""Which prizes are handed down the places?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.core.sentence import N_
from festival.editions.rules.document import Node


@dataclass(frozen=True, slots=True)
class PrizeRule:
    """`count` is None for the prize that all the rest receive."""

    name: str
    count: int | None


def read_prizes(node: Node) -> tuple[PrizeRule, ...]:
    def prize(each: Node) -> PrizeRule:
        rest = each.at("count").value == "rest"
        return PrizeRule(each.at("name").text(), None if rest else each.at("count").whole(1, 10_000))

    prizes = node.many("prize", prize)
    for at, each in enumerate(prizes):
        if each.count is None and at != len(prizes) - 1:
            node._replace(path=f"{node.path}[{at}].count").wrong(
                N_("«rest» (tất cả còn lại) chỉ đứng ở giải cuối cùng")
            )
        if each.name in {earlier.name for earlier in prizes[:at]}:
            node._replace(path=f"{node.path}[{at}].name").wrong(N_("tên giải «%(name)s» có hai lần", name=each.name))
    return prizes
