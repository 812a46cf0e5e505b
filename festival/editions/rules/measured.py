"""How are counts, times and answers taken and compared, and what do they bring to the delegation?"""

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


class CountTake(StrEnum):
    """Of two counts that are near enough: which number stands?"""

    LATER = "later"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class TakingRule:
    """How what is measured is taken: by how many counters, how far apart they may be (1/1000 counted, ms), which stands."""

    counters: int = 1
    apart_milli: int = 0
    take: CountTake = CountTake.LATER


def read_taking(node: Node, *, whole: bool) -> TakingRule:
    """`whole`: balls are counted, so two counts differ by whole ones."""
    counters = node.at("counters").whole(1, 2) if node.has("counters") else 1
    apart = node.at("counters_apart").points() if node.has("counters_apart") else 0
    if whole and apart % 1000:
        node.at("counters_apart").wrong(N_("số đếm chỉ lệch nhau số nguyên"))
    for key in ("counters_apart", "counters_take"):
        if node.has(key) and counters < 2:
            node.at(key).wrong(N_("chỉ có một người đếm nên khóa này không dùng; hãy thêm counters hoặc bỏ khóa này"))
    return TakingRule(
        counters,
        apart,
        node.at("counters_take").one_of(CountTake) if node.has("counters_take") else CountTake.LATER,
    )
