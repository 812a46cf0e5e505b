"""Of which other contests is a contest the sum? A part with a prize of its own is one, a family's total another."""

from __future__ import annotations

from dataclasses import dataclass

from festival.core.sentence import N_
from festival.editions.rules.document import Node
from festival.editions.rules.kinds import ResultKindRule, SecrecyRule
from festival.editions.rules.whole import WholeSum

HEAVIEST = 100_000
ALWAYS_SEALED = N_("phần thi cộng chỉ công bố sau các phần thi thành phần; hãy ghi secrecy = «kín»")
TWO = N_("phải cộng ít nhất hai phần thi")
TWICE = N_("«%(what)s» có hai lần")


@dataclass(frozen=True, slots=True)
class SummedContest:
    """A component, counted so many times (in thousandths)."""

    contest: str
    weight_milli: int


@dataclass(frozen=True, slots=True)
class SumRule:
    """What is added, and of which contests, in their order."""

    by: WholeSum
    of: tuple[SummedContest, ...]


def _summed(node: Node) -> SummedContest:
    weight = node.at("weight").factor(HEAVIEST) if node.has("weight") else 1000
    return SummedContest(node.at("contest").text(), weight)


def read_sum(node: Node, kind: ResultKindRule) -> SumRule | None:
    """The keys `sum` and `of` of a contest of the kind `sum`; other kinds have neither."""
    if kind is not ResultKindRule.SUM:
        return None
    for key in ("sum", "of"):
        if not node.has(key):
            node.at(key).wrong(N_("phần thi cộng phải có khóa này"))
            return None
    of = node.at("of").many("summed", _summed)
    if len(of) < 2:
        node.at("of").wrong(TWO)
    codes = [each.contest for each in of]
    for at, code in enumerate(codes):
        if code in codes[:at]:
            node._replace(path=f"{node.path}.of[{at}].contest").wrong(TWICE.filled(what=code))
    if node.at("secrecy").value == SecrecyRule.AT_ONCE:
        node.at("secrecy").wrong(ALWAYS_SEALED)
    return SumRule(node.at("sum").one_of(WholeSum), of)
