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
    MEDALS = "medals"  # more prizes of the highest name, then of the next
    MEMBERS = "members"
    FIRSTS = "firsts"  # more judges put it first
    CHAIR = "chair"  # the chair's mark is higher
    HEAD_TO_HEAD = "head_to_head"  # more judges put it before the others that are equal
    THIRD_MARKING = "third_marking"  # the judges, or a third one, mark once more those that are still equal
    DRAW = "draw"  # lots or dice before people, once for those that are still equal
    PANEL = "jury"


@dataclass(frozen=True, slots=True)
class TieRule:
    """One rung of a tie ladder."""

    by: TieStep
    criterion: str | None
    contest: str | None


AFTER_DRAW = N_("bốc thăm đã phân định hết nên bậc này không bao giờ dùng; hãy để bốc thăm sau cùng")


def _tie(node: Node) -> TieRule:
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
        elif tie.by is not TieStep.PANEL and any(each.by is TieStep.DRAW for each in ties[:at]):
            here.wrong(AFTER_DRAW)
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
            TieStep.THIRD_MARKING,
            TieStep.DRAW,
            TieStep.PANEL,
        }
    ),
    ResultKindRule.COUNT: frozenset({TieStep.BEST_ATTEMPT, TieStep.MEMBERS, TieStep.DRAW, TieStep.PANEL}),
    ResultKindRule.TIME: frozenset({TieStep.BEST_ATTEMPT, TieStep.MEMBERS, TieStep.DRAW, TieStep.PANEL}),
    ResultKindRule.MATCH: frozenset({TieStep.PANEL}),
    ResultKindRule.QUIZ: frozenset({TieStep.MEMBERS, TieStep.DRAW, TieStep.PANEL}),
    ResultKindRule.SUM: frozenset(
        {TieStep.CONTEST, TieStep.FIRST_PLACES, TieStep.MEMBERS, TieStep.DRAW, TieStep.PANEL}
    ),
}


TIES_OF_WHOLE = frozenset(
    {TieStep.CONTEST, TieStep.FIRST_PLACES, TieStep.MEDALS, TieStep.MEMBERS, TieStep.DRAW, TieStep.PANEL}
)
