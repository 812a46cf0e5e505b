"""What does the file ask of a family's table in a cooking contest: how many dishes, for how much money?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.core.sentence import N_
from festival.editions.rules.document import Node

MOST_DISHES = 99
MOST_VND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class KitchenRule:
    """None: the rules say nothing of it. Who is outside is told to the secretary, who may take something off by name."""

    dishes_least: int | None = None
    dishes_most: int | None = None
    budget_vnd: int | None = None


def read_kitchen(node: Node) -> KitchenRule:
    """`dishes` and `budget_vnd` of a contest."""
    dishes, least, most = node.at("dishes"), None, None
    if dishes.value is not None and dishes.shaped("dishes"):
        least = dishes.at("least").whole(1, MOST_DISHES) if dishes.has("least") else None
        most = dishes.at("most").whole(1, MOST_DISHES) if dishes.has("most") else None
        if least is None and most is None:
            dishes.wrong(N_("phải nói ít nhất hay nhiều nhất mấy món"))
        elif least is not None and most is not None and least > most:
            dishes.wrong(N_("ít nhất %(least)s món lại nhiều hơn nhiều nhất %(most)s món", least=least, most=most))
    budget = node.at("budget_vnd").whole(1, MOST_VND) if node.has("budget_vnd") else None
    return KitchenRule(least, most, budget)
