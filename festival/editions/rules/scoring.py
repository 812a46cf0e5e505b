"""How do the totals of a panel become points?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from festival.core.sentence import N_
from festival.editions.rules.document import Node


class ScoringKind(StrEnum):
    """How a panel's totals become points."""

    MEAN = "mean"
    DEVIATION_DROP = "deviation_drop"


class Passes(StrEnum):
    """How often deviating marks are dropped."""

    ONE = "one"
    REPEATED = "repeated"


class Shortfall(StrEnum):
    """What happens when dropping cannot be done as written: nobody is dropped, or there is no valid result."""

    KEEP_ALL = "keep_all"
    NOT_VALID = "not_valid"


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """`deviation_drop`: the mean of all, then drop each mark further than `delta_milli` from it, then the mean of the
    rest (regulations of the Ministry of Culture, 2010 and 2016). `strict` drops only marks *further* than δ; not strict
    drops marks exactly δ away too. `smallest_panel` counts the judges who marked; `below` and `all_dropped` say what
    happens when the rule cannot be applied as written; an entry's points are rounded once, to `round_milli`.
    """

    kind: ScoringKind
    delta_milli: int
    strict: bool
    passes: Passes
    smallest_panel: int
    below: Shortfall
    all_dropped: Shortfall
    round_milli: int


def read_scoring(node: Node, judges: int) -> ScoringRule | None:
    if node.value is None or not node.shaped("scoring"):
        return None
    kind = node.at("rule").one_of(ScoringKind)
    delta = node.at("delta").points(least=1) if node.has("delta") else 0
    if kind is ScoringKind.DEVIATION_DROP and not node.has("delta"):
        node.at("delta").wrong(N_("luật loại điểm lệch phải có delta"))
    if kind is ScoringKind.MEAN:
        for key in ("delta", "strict", "passes", "all_dropped"):
            if node.has(key):
                node.at(key).wrong(N_("luật trung bình cộng không dùng khóa này"))
    # one slip out of five is no panel: without the key more than half must have marked
    smallest = node.at("smallest_panel").whole(1, 99) if node.has("smallest_panel") else judges // 2 + 1
    return ScoringRule(
        kind=kind,
        delta_milli=delta,
        strict=node.at("strict").truth(default=True),
        passes=node.at("passes").one_of(Passes) if node.has("passes") else Passes.ONE,
        smallest_panel=smallest,
        below=node.at("below").one_of(Shortfall) if node.has("below") else Shortfall.KEEP_ALL,
        all_dropped=node.at("all_dropped").one_of(Shortfall) if node.has("all_dropped") else Shortfall.KEEP_ALL,
        round_milli=node.at("round").points(least=1) if node.has("round") else 1,
    )
