"""Can the sums of a rule set be made, and is nothing added twice?

What a component brings is said once, here: its points (of a panel, an answer, a scale) or the points of its places. In the
whole delegation a sum that has points for places stands for its components, one that has none does not count at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from festival.core.sentence import N_
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.document import Node
from festival.editions.rules.kinds import EntryKind, PublishedRule, ResultKindRule, SecrecyRule
from festival.editions.rules.ruleset import Ruleset
from festival.editions.rules.scoring import ScoringKind
from festival.editions.rules.sums import SummedContest, SumRule
from festival.editions.rules.whole import WholeSum

UNKNOWN = N_("không có phần thi «%(code)s»")
SUM_OF_SUMS = N_("«%(name)s» cũng là phần thi cộng; hãy ghi thẳng các phần thi thành phần của nó")
TEAMS = N_(
    "phần thi «%(name)s» là của đội ghép nên không cộng được cho từng gia đình; hãy ghi entry = team để cộng theo đoàn"
)
NO_POINTS_THERE = N_(
    "kết quả của phần thi «%(name)s» không phải là điểm. Hãy ghi cho phần thi ấy points_scale (thang quy đổi) hoặc "
    "points_per_answer, hoặc đổi sum thành place_points"
)
NO_PLACE_POINTS = N_("phần thi «%(name)s» không có place_points (điểm theo hạng) để cộng")
MORE_SHOWN = N_(
    "phần thi «%(name)s» chỉ công bố giải, nên tổng có nó cũng vậy; nếu không, từ tổng tính ra được điểm không công bố"
)
AFTER = N_("phần thi cộng đứng sau các phần thi thành phần; hãy đưa «%(name)s» lên trước")
NOT_OF_IT = N_("«%(code)s» không phải là phần thi thành phần")
IN_TWO = N_(
    "phần thi «%(name)s» đã nằm trong một tổng khác có place_points, toàn đoàn sẽ tính hai lần; bỏ place_points ở một tổng"
)
NOT_IN_WHOLE = N_("phần thi «%(code)s» không tính vào toàn đoàn nên không xét ở đây được")


def own_points(contest: ContestRule) -> str | None:
    """By which key the result of a contest is points in itself, without its places; None when it is none."""
    if contest.points_scale:
        return "points_scale"
    if contest.points_per_answer_milli is not None or contest.questions:
        return "points_per_answer"
    # points that are sums of places are points of nothing
    by_places = contest.scoring is not None and contest.scoring.kind is ScoringKind.RANK_SUM
    return "panel" if contest.kind is ResultKindRule.RUBRIC and not by_places else None


def used_by_sums(contest: ContestRule, ruleset: Ruleset) -> frozenset[str]:
    """The keys that say what a contest brings, as far as a sum uses them."""
    asked = [each.sum.by for each in sums_of(ruleset.contests) if each.sum and _has(each.sum, contest)]
    return frozenset(
        key
        for by in asked
        if (key := "place_points" if by is WholeSum.PLACE_POINTS else own_points(contest)) is not None
    )


def sums_of(contests: Sequence[ContestRule]) -> tuple[ContestRule, ...]:
    """The contests that add up others."""
    return tuple(each for each in contests if each.sum is not None)


def not_counted(contests: Sequence[ContestRule]) -> frozenset[str]:
    """The contests that bring nothing into the whole delegation: each result counts once."""
    sums = sums_of(contests)
    without = {each.code for each in sums if not each.place_points_milli}
    return frozenset(
        without | {of.contest for each in sums if each.sum and each.place_points_milli for of in each.sum.of}
    )


def _has(rule: SumRule, contest: ContestRule) -> bool:
    return any(each.contest == contest.code for each in rule.of)


def check_sums(root: Node, ruleset: Ruleset) -> None:
    """Note what only the whole file shows of its sums."""
    by_code = {each.code: each for each in ruleset.contests}
    stand_for: set[str] = set()
    for at, contest in enumerate(ruleset.contests):
        if contest.sum is None:
            continue
        here = root._replace(path=f"$.contests[{at}]")
        for place, each in enumerate(contest.sum.of):
            if each.contest in by_code and ruleset.contests.index(by_code[each.contest]) > at:
                here._replace(path=f"{here.path}.of[{place}].contest").wrong(
                    AFTER.filled(name=by_code[each.contest].name)
                )
            _check_component(
                here._replace(path=f"{here.path}.of[{place}].contest"), contest, by_code.get(each.contest), each
            )
            if contest.place_points_milli and each.contest in stand_for:
                name = by_code[each.contest].name
                here._replace(path=f"{here.path}.place_points").wrong(IN_TWO.filled(name=name))
            elif contest.place_points_milli:
                stand_for.add(each.contest)
        for rung, tie in enumerate(contest.ties):
            if tie.contest is not None and tie.contest not in {each.contest for each in contest.sum.of}:
                here._replace(path=f"{here.path}.ties[{rung}].contest").wrong(NOT_OF_IT.filled(code=tie.contest))
    whole, gone = ruleset.whole_delegation, not_counted(ruleset.contests)
    for rung, tie in enumerate(whole.ties if whole else ()):
        if tie.contest in gone:
            root._replace(path=f"$.whole_delegation.ties[{rung}].contest").wrong(
                NOT_IN_WHOLE.filled(code=tie.contest or "")
            )


def _check_component(node: Node, whose: ContestRule, contest: ContestRule | None, each: SummedContest) -> None:
    if contest is None:
        node.wrong(UNKNOWN.filled(code=each.contest))
        return
    if contest.kind is ResultKindRule.SUM:
        node.wrong(SUM_OF_SUMS.filled(name=contest.name))
        return
    if whose.entry is EntryKind.FAMILY and contest.entry is EntryKind.TEAM:
        node.wrong(TEAMS.filled(name=contest.name))
    assert whose.sum is not None
    if whose.sum.by is WholeSum.PLACE_POINTS and not contest.place_points_milli:
        node.wrong(NO_PLACE_POINTS.filled(name=contest.name))
    elif whose.sum.by is WholeSum.POINTS and own_points(contest) is None:
        node.wrong(NO_POINTS_THERE.filled(name=contest.name))
    told = contest.secrecy is SecrecyRule.AT_ONCE or contest.published is not PublishedRule.PRIZES
    if whose.published is not PublishedRule.PRIZES and not told:
        node.wrong(MORE_SHOWN.filled(name=contest.name))
