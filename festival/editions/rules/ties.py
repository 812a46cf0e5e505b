"""Who stands before whom when points are equal?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from festival.core.sentence import N_
from festival.editions.rules.document import Node
from festival.editions.rules.kinds import ResultKindRule


class TieStep(StrEnum):
    """The rungs of a tie ladder. The last rung is always a recorded decision of the panel, never chance."""

    CRITERION = "criterion"
    LESS_OVERTIME = "less_overtime"
    BEST_ATTEMPT = "best_attempt"
    CONTEST = "contest"
    FIRST_PLACES = "first_places"
    MEMBERS = "members"
    FIRSTS = "firsts"  # more judges put it first
    CHAIR = "chair"  # the chair's mark is higher
    HEAD_TO_HEAD = "head_to_head"  # more judges put it before the others that are equal
    PANEL = "jury"


@dataclass(frozen=True, slots=True)
class TieRule:
    """One rung of a tie ladder."""

    by: TieStep
    criterion: str | None
    contest: str | None


# Rungs of other regulations that need a record of their own; until there is one the panel decides and says how.
NOT_YET = frozenset({"third_marking", "draw"})
BY_JURY = N_(
    "cách xét «%(by)s» chưa có ở bản này; hãy dùng jury: ban giám khảo chấm lại hoặc bốc thăm, rồi ghi thứ tự và lý do"
)


def _tie(node: Node) -> TieRule:
    stated = node.at("by").value
    if isinstance(stated, str) and stated in NOT_YET:
        node.at("by").wrong(BY_JURY.filled(by=stated))
        return TieRule(TieStep.PANEL, None, None)
    by = node.at("by").one_of(TieStep)
    for key, step in (("criterion", TieStep.CRITERION), ("contest", TieStep.CONTEST)):
        if (by is step) != node.has(key):
            node.at(key).wrong(N_("khóa này đi cùng và chỉ đi cùng by = «%(step)s»", step=step.value))
    return TieRule(by, node.at("criterion").maybe_text(), node.at("contest").maybe_text())


def read_ties(node: Node, allowed: frozenset[TieStep]) -> tuple[TieRule, ...]:
    ties = node.many("tie", _tie)
    for at, tie in enumerate(ties):
        here = node._replace(path=f"{node.path}[{at}].by")
        if tie.by not in allowed:
            here.wrong(N_("cách xét «%(by)s» không dùng được cho loại kết quả này", by=tie.by.value))
        if tie.by is TieStep.PANEL and at != len(ties) - 1:
            here.wrong(N_("quyết định của ban giám khảo phải là bậc cuối cùng"))
        if tie in ties[:at]:
            here.wrong(N_("bậc này đã có ở trên"))
    # a ladder that ends in nothing would leave the order to chance
    return ties if ties and ties[-1].by is TieStep.PANEL else (*ties, TieRule(TieStep.PANEL, None, None))


TIES_BY_KIND: Mapping[ResultKindRule, frozenset[TieStep]] = {
    ResultKindRule.RUBRIC: frozenset(
        {
            TieStep.CRITERION,
            TieStep.LESS_OVERTIME,
            TieStep.MEMBERS,
            TieStep.FIRSTS,
            TieStep.CHAIR,
            TieStep.HEAD_TO_HEAD,
            TieStep.PANEL,
        }
    ),
    ResultKindRule.COUNT: frozenset({TieStep.BEST_ATTEMPT, TieStep.MEMBERS, TieStep.PANEL}),
    ResultKindRule.TIME: frozenset({TieStep.BEST_ATTEMPT, TieStep.MEMBERS, TieStep.PANEL}),
    ResultKindRule.MATCH: frozenset({TieStep.PANEL}),
    ResultKindRule.QUIZ: frozenset({TieStep.MEMBERS, TieStep.PANEL}),
    ResultKindRule.SUM: frozenset({TieStep.CONTEST, TieStep.FIRST_PLACES, TieStep.MEMBERS, TieStep.PANEL}),
}


TIES_OF_WHOLE = frozenset({TieStep.CONTEST, TieStep.FIRST_PLACES, TieStep.MEMBERS, TieStep.PANEL})
