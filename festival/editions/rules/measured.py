"""How are counts, times and answers compared, and what do they bring to the delegation?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from festival.core.sentence import N_
from festival.editions.rules.document import Node


class Better(StrEnum):
    """Which measured value wins: more balls, fewer seconds, or (slow motorbike) more seconds."""

    MORE = "more"
    LESS = "less"


class AttemptsCount(StrEnum):
    """What of several tries counts."""

    BEST = "best"
    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class ScaleStep:
    """Whoever reaches `reach_milli` (1/1000 of what is counted, or ms) brings `points_milli`."""

    reach_milli: int
    points_milli: int


def read_scale(node: Node) -> tuple[ScaleStep, ...]:
    return node.many("scale_step", lambda each: ScaleStep(each.at("reach").points(), each.at("points").points()))


def check_scale(node: Node, scale: Sequence[ScaleStep], *, less: bool) -> None:
    """From the best result down: the next step is easier to reach (`less`: with more seconds) and never brings more."""
    for at, (harder, easier) in enumerate(pairwise(scale), start=1):
        if harder.reach_milli == easier.reach_milli or (harder.reach_milli < easier.reach_milli) is not less:
            node._replace(path=f"{node.path}[{at}].reach").wrong(N_("mức sau phải dễ đạt hơn mức trước"))
        if easier.points_milli > harder.points_milli:
            node._replace(path=f"{node.path}[{at}].points").wrong(N_("mức sau không được nhiều điểm hơn mức trước"))
