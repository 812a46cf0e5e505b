"""How do the totals of a panel become points?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from festival.core.sentence import N_, Points
from festival.editions.rules.document import Node


class ScoringKind(StrEnum):
    """How a panel's totals become points."""

    MEAN = "mean"
    DEVIATION_DROP = "deviation_drop"
    TRIMMED_MEAN = "trimmed_mean"
    MEDIAN = "median"
    RANK_SUM = "rank_sum"


class Passes(StrEnum):
    """How often deviating marks are dropped."""

    ONE = "one"
    REPEATED = "repeated"


class Shortfall(StrEnum):
    """What happens when dropping cannot be done as written: nobody is dropped, or there is no valid result."""

    KEEP_ALL = "keep_all"
    NOT_VALID = "not_valid"


class Rounding(StrEnum):
    """How an entry's points become a number of so many decimals."""

    HALF_UP = "half_up"
    TRUNCATE = "truncate"


@dataclass(frozen=True, slots=True)
class PanelStep:
    """With so many marks or more: how many of the highest and lowest go, or how many of the closest alone stay."""

    from_: int
    high: int
    low: int
    closest: int | None


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """`deviation_drop`: the mean of all, then drop each mark further than `delta_milli` from it, then the mean of the
    rest (regulations of the Ministry of Culture, 2010 and 2016). `strict` drops only marks *further* than δ; not strict
    drops marks exactly δ away too. `delta_percent_milli`: δ was said as so many percent of the scale. `trimmed_mean`: the
    highest `drop_high` and lowest `drop_low` go, or as many as `by_panel` says for the number who marked. `rank_sum`: each
    judge's order becomes places, the least sum of places is first. `smallest_panel` counts the judges who marked; `below`
    and `all_dropped` say what happens when the rule cannot be applied as written; an entry's points are rounded once, to
    `round_milli`.
    """

    kind: ScoringKind
    delta_milli: int
    strict: bool
    passes: Passes
    smallest_panel: int
    below: Shortfall
    all_dropped: Shortfall
    round_milli: int
    drop_high: int = 0
    drop_low: int = 0
    by_panel: tuple[PanelStep, ...] = ()
    rounding: Rounding = Rounding.HALF_UP
    delta_percent_milli: int | None = None


_DEVIATION = frozenset({ScoringKind.DEVIATION_DROP})
_TRIMMED = frozenset({ScoringKind.TRIMMED_MEAN})
# The keys that only some rules use.
USED_BY: Mapping[str, frozenset[ScoringKind]] = {
    **dict.fromkeys(("delta", "delta_percent", "strict", "passes", "all_dropped"), _DEVIATION),
    **dict.fromkeys(("drop_high", "drop_low", "drop_by_panel"), _TRIMMED),
    # a sum of places is a whole number already
    **dict.fromkeys(("round", "rounding"), frozenset(ScoringKind) - {ScoringKind.RANK_SUM}),
}
NOT_BY_MEAN = N_("luật trung bình cộng không dùng khóa này")
NOT_BY_RULE = N_("cách tính «%(rule)s» không dùng khóa này")
NO_DELTA = N_("luật loại điểm lệch phải có delta")
ONE_DELTA = N_("đã có delta; chỉ giữ một trong hai khóa")
ONE_DROPPING = N_("đã có drop_by_panel; chỉ giữ một trong hai cách")
NO_DROPPING = N_("trung bình bỏ điểm cao thấp phải nói bỏ bao nhiêu: drop_high, drop_low hoặc drop_by_panel")
DELTA_NOT_WHOLE = N_(
    "%(percent)s %% của thang điểm %(total)s không tròn đến 0.001 điểm; hãy đổi delta_percent hoặc ghi delta"
)
NOBODY_LEFT = N_("với %(marked)s điểm thì không còn điểm nào; bước này phải giữ ít nhất một điểm")
RISING = N_("mỗi bước phải bắt đầu từ nhiều điểm hơn bước trước")
CLOSEST_ALONE = N_("closest nói giữ mấy điểm gần nhau nhất, nên không đi cùng high và low")


def read_scoring(node: Node, judges: int, total_milli: int) -> ScoringRule | None:
    """`total_milli`: the highest mark of one judge, of which `delta_percent` is said."""
    if node.value is None or not node.shaped("scoring"):
        return None
    kind = node.at("rule").one_of(ScoringKind)
    _check_keys(node, kind)
    percent = node.at("delta_percent").factor(100_000) if node.has("delta_percent") else None
    delta = node.at("delta").points(least=1) if node.has("delta") else 0
    if percent is not None and not node.has("delta"):
        delta, odd = divmod(total_milli * percent, 100_000)
        if odd or (total_milli and not delta):
            said = DELTA_NOT_WHOLE.filled(percent=Points(percent), total=Points(total_milli))
            node.at("delta_percent").wrong(said)
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
        drop_high=node.at("drop_high").whole(0, 98) if node.has("drop_high") else 0,
        drop_low=node.at("drop_low").whole(0, 98) if node.has("drop_low") else 0,
        by_panel=_by_panel(node.at("drop_by_panel")),
        rounding=node.at("rounding").one_of(Rounding) if node.has("rounding") else Rounding.HALF_UP,
        delta_percent_milli=percent,
    )


def _check_keys(node: Node, kind: ScoringKind) -> None:
    for key, rules in USED_BY.items():
        if node.has(key) and kind not in rules:
            node.at(key).wrong(NOT_BY_MEAN if kind is ScoringKind.MEAN else NOT_BY_RULE.filled(rule=kind.value))
    if kind is ScoringKind.DEVIATION_DROP and not (node.has("delta") or node.has("delta_percent")):
        node.at("delta").wrong(NO_DELTA)
    if node.has("delta") and node.has("delta_percent"):
        node.at("delta_percent").wrong(ONE_DELTA)
    fixed = [key for key in ("drop_high", "drop_low") if node.has(key)]
    if node.has("drop_by_panel"):
        for key in fixed:
            node.at(key).wrong(ONE_DROPPING)
    elif kind is ScoringKind.TRIMMED_MEAN and not fixed:
        node.at("drop_high").wrong(NO_DROPPING)


def _by_panel(node: Node) -> tuple[PanelStep, ...]:
    steps = node.many("panel_step", _panel_step)
    for at, (fewer, more) in enumerate(pairwise(steps), start=1):
        if more.from_ <= fewer.from_:
            node._replace(path=f"{node.path}[{at}].from").wrong(RISING)
    return steps


def _panel_step(node: Node) -> PanelStep:
    from_ = node.at("from").whole(1, 99)
    high, low = (node.at(key).whole(0, 98) if node.has(key) else 0 for key in ("high", "low"))
    closest = node.at("closest").whole(1, 99) if node.has("closest") else None
    if closest is not None and (high or low):
        node.at("closest").wrong(CLOSEST_ALONE)
    if high + low >= from_ or (closest or 0) > from_:
        node.at("from").wrong(NOBODY_LEFT.filled(marked=from_))
    return PanelStep(from_, high, low, closest)
