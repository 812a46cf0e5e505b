"""How are delegations ranked: what is added up, how many results count, and what is worth a result that is not there?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from festival.core.sentence import N_
from festival.editions.rules.document import MOST_POINTS_MILLI, Node
from festival.editions.rules.prizes import PrizeRule, read_prizes
from festival.editions.rules.ties import TIES_OF_WHOLE, TieRule, TieStep, read_ties


class WholeSum(StrEnum):
    """What a sum of contests adds up."""

    POINTS = "points"
    PLACE_POINTS = "place_points"


class WholeOrder(StrEnum):
    """By what delegations are ranked."""

    POINTS = "points"
    PLACE_POINTS = "place_points"
    MEDALS = "medals"  # by how many prizes of each name


class ScaledBy(StrEnum):
    """Which points of a contest become the highest of the common scale."""

    POSSIBLE = "possible"  # the most that its rules allow
    REACHED = "reached"  # the most that somebody has


class Credit(StrEnum):
    """What a delegation gets of a contest in which several of its entries took part."""

    ALL = "all"
    BEST = "best"
    MEAN = "mean"


LAST: Final = "last"  # as many points as the entry in the last place
StatedPoints = int | Literal["last"] | None  # in 1/1000; None: nothing, and nothing is said of it


@dataclass(frozen=True, slots=True)
class WholeDelegationRule:
    """How delegations are ranked."""

    sum: WholeOrder
    ties: tuple[TieRule, ...]
    prizes: tuple[PrizeRule, ...]
    medals: tuple[str, ...] = ()  # names of prizes, the highest first
    scaled_to_milli: int | None = None
    scaled_by: ScaledBy = ScaledBy.POSSIBLE
    best: int | None = None  # so many results count, of all contests together
    best_of_contest: int | None = None
    credit: Credit = Credit.ALL
    missing: StatedPoints = None  # no entry, or one that did not start
    withdrawn: StatedPoints = None  # gave up
    disqualified: StatedPoints = None
    points_need_scan: bool = False  # the MC waits for the document behind points that were given or taken off


MOST_RESULTS = 1000
OF_POINTS = (
    *("scaled_to", "scaled_by", "best", "best_of_contest", "credit", "missing", "withdrawn", "disqualified"),
    "points_need_scan",
)
BY_MEDALS = N_("toàn đoàn xếp theo số giải (sum = medals), không cộng điểm, nên khóa này không dùng; hãy bỏ khóa này")
NO_MEDALS = N_('xếp hoặc xét theo số giải thì phải ghi tên các giải được đếm, cao nhất trước, như ["Nhất", "Nhì"]')
NOTHING_COUNTED = N_("không đếm giải (sum = medals hoặc bậc medals) nên khóa này không dùng; hãy bỏ khóa này")
TWICE = N_("«%(what)s» có hai lần")
COUNTED_ALREADY = N_("toàn đoàn đã xếp theo số giải nên bậc này không phân định thêm được; hãy bỏ bậc này")
BOTH_SCALED = N_("scaled_to và scaled_by đi cùng nhau: quy về thang nào, theo điểm cao nhất có thể hay đã đạt")
NO_LEVELS = N_("toàn đoàn xếp theo số giải nên không có điểm để đặt mức; hãy ghi số giải hoặc tỷ lệ")
ONLY_POINTS = N_("chỉ quy về một thang khi toàn đoàn cộng điểm (sum = points); hãy bỏ khóa này")
ONE_ALREADY = N_("credit = «best» đã chỉ tính một kết quả mỗi phần thi; hãy bỏ khóa này")
NO_SCALE = N_("thang phải lớn hơn 0")


def read_whole_delegation(node: Node) -> WholeDelegationRule | None:
    if not node.shaped("whole_delegation"):
        return None
    by = node.at("sum").one_of(WholeOrder)
    rule = WholeDelegationRule(
        by,
        read_ties(node.at("ties"), TIES_OF_WHOLE),
        read_prizes(node.at("prizes")),
        tuple(each.text() for each in node.at("medals").items()),
        node.at("scaled_to").points() if node.has("scaled_to") else None,
        node.at("scaled_by").one_of(ScaledBy) if node.has("scaled_by") else ScaledBy.POSSIBLE,
        node.at("best").whole(1, MOST_RESULTS) if node.has("best") else None,
        node.at("best_of_contest").whole(1, MOST_RESULTS) if node.has("best_of_contest") else None,
        node.at("credit").one_of(Credit) if node.has("credit") else Credit.ALL,
        _stated(node.at("missing")),
        _stated(node.at("withdrawn")),
        _stated(node.at("disqualified")),
        node.at("points_need_scan").truth(default=False),
    )
    _check_medals(node, rule)
    _check_counting(node, rule)
    return rule


def _stated(node: Node) -> StatedPoints:
    if node.value is None or node.value == LAST:
        return node.value
    return node.points(least=-MOST_POINTS_MILLI)


def _check_medals(node: Node, rule: WholeDelegationRule) -> None:
    rungs = [at for at, tie in enumerate(rule.ties) if tie.by is TieStep.MEDALS]
    ranked = rule.sum is WholeOrder.MEDALS
    if (ranked or rungs) and not rule.medals:
        node.at("medals").wrong(NO_MEDALS)
    if rule.medals and not ranked and not rungs:
        node.at("medals").wrong(NOTHING_COUNTED)
    for at, name in enumerate(rule.medals):
        if name in rule.medals[:at]:
            node._replace(path=f"{node.path}.medals[{at}]").wrong(TWICE.filled(what=name))
    if ranked:
        for at in rungs:
            node._replace(path=f"{node.path}.ties[{at}].by").wrong(COUNTED_ALREADY)
        for at, prize in enumerate(rule.prizes):
            if prize.from_milli is not None:
                node._replace(path=f"{node.path}.prizes[{at}].from").wrong(NO_LEVELS)
        for key in OF_POINTS:
            if node.has(key):
                node.at(key).wrong(BY_MEDALS)


def _check_counting(node: Node, rule: WholeDelegationRule) -> None:
    """Keys that go together, and keys of which one leaves the other nothing to do."""
    if rule.sum is not WholeOrder.POINTS:
        for key in ("scaled_to", "scaled_by") if rule.sum is WholeOrder.PLACE_POINTS else ():
            if node.has(key):
                node.at(key).wrong(ONLY_POINTS)
    elif node.has("scaled_to") is not node.has("scaled_by"):
        node.at("scaled_by" if node.has("scaled_to") else "scaled_to").wrong(BOTH_SCALED)
    if rule.scaled_to_milli == 0:
        node.at("scaled_to").wrong(NO_SCALE)
    if rule.credit is Credit.BEST and rule.best_of_contest is not None:
        node.at("best_of_contest").wrong(ONE_ALREADY)
