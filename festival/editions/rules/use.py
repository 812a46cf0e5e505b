"""Is every key that a file states used, and do the numbers of its contests add up?

A key that is read and then ignored is a promise nobody keeps, so it is refused where the rest of the file leaves it
without effect, with what to do instead. Points of a panel, balls and seconds meet in the sum of a whole delegation only
through a conversion that the file states: points for places, points for an answer, a scale. An edition that was imported
before these checks is still read (`file.read` with `kept`); nobody decides on a sum that does not add up
(`unlike`).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from festival.core.sentence import N_
from festival.editions.rules.checks.summed import not_counted, own_points, used_by_sums
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.document import Node
from festival.editions.rules.measured import AttemptsCount
from festival.editions.rules.ruleset import Ruleset
from festival.editions.rules.scoring import ScoringKind
from festival.editions.rules.ties import TieStep
from festival.editions.rules.whole import ScaledBy, WholeOrder


class Brings(StrEnum):
    """What of a contest goes into the sum of the points of a delegation."""

    PLACE_POINTS = "place_points"
    SCALE = "points_scale"
    ANSWERS = "points_per_answer"
    PANEL = "panel"


def brings(contest: ContestRule) -> Brings | None:
    """How a result of the contest becomes points where points are summed; None when nothing says how."""
    if contest.place_points_milli:
        return Brings.PLACE_POINTS
    own = own_points(contest)
    return None if own is None else Brings(own)


def unlike(ruleset: Ruleset) -> tuple[ContestRule, ...]:
    """The contests whose numbers the rule set adds up without saying how they become points."""
    whole = ruleset.whole_delegation
    if whole is None or whole.sum is not WholeOrder.POINTS:
        return ()
    aside = not_counted(ruleset.contests)
    return tuple(each for each in ruleset.contests if each.code not in aside and brings(each) is None)


NO_CONVERSION = N_(
    "toàn đoàn cộng điểm (sum = points) nhưng kết quả của phần thi «%(name)s» không phải là điểm và không cộng được với "
    "điểm. Hãy ghi cho phần thi này place_points (điểm theo hạng), points_scale (thang quy đổi) hoặc, nếu là câu hỏi, "
    "points_per_answer (điểm mỗi câu đúng); hoặc đổi sum thành place_points"
)
ONE_CONVERSION = N_("phần thi đã có %(other)s để quy ra điểm; chỉ giữ một trong hai khóa")
BY_PRIZES = N_("toàn đoàn xếp theo số giải (sum = medals) nên khóa này không dùng; hãy bỏ khóa này")
NO_SUCH_PRIZE = N_("không phần thi nào được tính vào toàn đoàn có giải tên «%(name)s»")
NO_HIGHEST = N_(
    "thể lệ của phần thi «%(name)s» không cho biết điểm cao nhất có thể; hãy ghi best_possible cho phần thi ấy, hoặc đổi "
    "scaled_by thành reached (điểm cao nhất đã đạt)"
)
BY_PLACES = N_("toàn đoàn cộng điểm theo hạng (sum = place_points) nên khóa này không dùng; hãy bỏ khóa này")
IN_A_SUM = N_(
    "toàn đoàn tính phần thi cộng có place_points thay cho phần thi này, nên khóa này không dùng; hãy bỏ khóa này"
)
NO_WHOLE = N_("tệp không có whole_delegation nên khóa này không dùng; hãy thêm whole_delegation hoặc bỏ khóa này")
NO_ENTRIES = N_("phần thi phải nhận ít nhất một tiết mục mỗi đoàn; bỏ khóa này nếu không giới hạn")
ONE_TRY = N_("chỉ có một lượt nên không có lượt tốt tiếp theo để xét; hãy thêm attempts hoặc bỏ bậc này")
ONE_ATTEMPT = N_("chỉ có một lượt nên không cộng hay lấy trung bình được; hãy thêm attempts hoặc bỏ khóa này")
ALL_GO = N_("ban có %(judges)s giám khảo thì bỏ hết điểm; phải còn ít nhất một điểm")
NEVER = N_("ban chỉ có %(judges)s giám khảo nên bước này không bao giờ dùng; hãy bỏ bước này")
CONVERSIONS = (Brings.PLACE_POINTS, Brings.SCALE, Brings.ANSWERS)


def check_use(root: Node, ruleset: Ruleset) -> None:
    """Note every key that would have no effect, and every sum of unlike numbers."""
    for contest in unlike(ruleset):
        root._replace(path=f"$.contests[{ruleset.contests.index(contest)}]").wrong(
            NO_CONVERSION.filled(name=contest.name)
        )
    for at, contest in enumerate(ruleset.contests):
        _conversions(root._replace(path=f"$.contests[{at}]"), contest, ruleset)
        if contest.entries_per_delegation and contest.entries_per_delegation.max < 1:
            root._replace(path=f"$.contests[{at}].entries_per_delegation.max").wrong(NO_ENTRIES)
        for rung, tie in enumerate(contest.ties):
            if tie.by is TieStep.BEST_ATTEMPT and contest.attempts == 1:
                root._replace(path=f"$.contests[{at}].ties[{rung}].by").wrong(ONE_TRY)
        if contest.attempts == 1 and contest.attempts_count is not AttemptsCount.BEST:
            root._replace(path=f"$.contests[{at}].attempts_count").wrong(ONE_ATTEMPT)
        _dropping(root._replace(path=f"$.contests[{at}].scoring"), contest)
    _check_counted(root, ruleset)
    for key, values in (
        ("delegations[%d].unit_code", [each.unit_code for each in ruleset.delegations]),
        ("special_prizes[%d].name", [(each.name, each.contest) for each in ruleset.special_prizes]),
    ):
        for at, value in enumerate(values):
            if value is not None and value in values[:at]:
                said = value if isinstance(value, str) else value[0]
                root._replace(path=f"$.{key % at}").wrong(N_("«%(what)s» có hai lần", what=said))
    _festival_wide(root, ruleset)


def _conversions(node: Node, contest: ContestRule, ruleset: Ruleset) -> None:
    whole = ruleset.whole_delegation
    stated = [
        key
        for key, value in zip(
            CONVERSIONS,
            (contest.place_points_milli, contest.points_scale, contest.points_per_answer_milli),
            strict=True,
        )
        if value
    ]
    used = used_by_sums(contest, ruleset)
    counted = contest.code not in not_counted(ruleset.contests)
    if whole is not None and counted and stated:
        used |= set(_counted_by(whole.sum, stated))
    for key in stated:
        here = node._replace(path=f"{node.path}.{key}")
        if key in used:
            continue
        if whole is None:
            here.wrong(NO_WHOLE)
        elif not counted:
            here.wrong(IN_A_SUM)
        elif whole.sum is WholeOrder.MEDALS:
            here.wrong(BY_PRIZES)
        elif whole.sum is WholeOrder.PLACE_POINTS:
            here.wrong(BY_PLACES)
        else:
            here.wrong(ONE_CONVERSION.filled(other=stated[0].value))


def _counted_by(by: WholeOrder, stated: Sequence[Brings]) -> tuple[str, ...]:
    """Which of the stated conversions the order of the delegations looks at."""
    if by is WholeOrder.MEDALS:
        return ()
    return (Brings.PLACE_POINTS.value,) if by is WholeOrder.PLACE_POINTS else (stated[0].value,)


def highest_possible(contest: ContestRule) -> int | None:
    """The most points (1/1000) that a result of the contest can bring to a delegation; None where its rules do not say."""
    match brings(contest):
        case Brings.PLACE_POINTS:
            return max(contest.place_points_milli)
        case Brings.SCALE:
            return max(each.points_milli for each in contest.points_scale)
        case Brings.ANSWERS:
            if contest.questions:
                return 1000 * sum(each.points for each in contest.questions)
            if contest.best_possible is None or contest.points_per_answer_milli is None:
                return None
            return contest.best_possible * contest.points_per_answer_milli
        case Brings.PANEL:
            return None if contest.after is not None and contest.after.weight_milli else contest.total_milli
        case None:
            return None


def _check_counted(root: Node, ruleset: Ruleset) -> None:
    """Prizes that are counted are prizes of a contest; points that are scaled have a highest to be scaled by."""
    whole, aside = ruleset.whole_delegation, not_counted(ruleset.contests)
    if whole is None:
        return
    given = {prize.name for each in ruleset.contests if each.code not in aside for prize in each.prizes}
    for at, name in enumerate(whole.medals):
        if name not in given:
            root._replace(path=f"$.whole_delegation.medals[{at}]").wrong(NO_SUCH_PRIZE.filled(name=name))
    if whole.scaled_to_milli is None or whole.scaled_by is not ScaledBy.POSSIBLE:
        return
    for contest in ruleset.contests:
        if contest.code not in aside and brings(contest) is not None and not highest_possible(contest):
            root._replace(path="$.whole_delegation.scaled_by").wrong(NO_HIGHEST.filled(name=contest.name))


def _dropping(node: Node, contest: ContestRule) -> None:
    """A panel that marks in full keeps a mark, and each step for its size can happen."""
    rule = contest.scoring
    if rule is None or rule.kind is not ScoringKind.TRIMMED_MEAN:
        return
    if not rule.by_panel and rule.drop_high + rule.drop_low >= contest.judges:
        node.at("drop_high").wrong(ALL_GO.filled(judges=contest.judges))
    for at, step in enumerate(rule.by_panel):
        if step.from_ > contest.judges:
            node._replace(path=f"{node.path}.drop_by_panel[{at}].from").wrong(NEVER.filled(judges=contest.judges))


def _festival_wide(root: Node, ruleset: Ruleset) -> None:
    """A prize of the whole festival is given once, in whichever contest: its name is no contest's own prize."""
    own = {each.name for each in ruleset.special_prizes if each.contest is not None}
    for at, each in enumerate(ruleset.special_prizes):
        if each.contest is None and each.name in own:
            root._replace(path=f"$.special_prizes[{at}].name").wrong(N_("«%(what)s» có hai lần", what=each.name))
        codes = {own.code for contest in ruleset.contests if contest.code == each.contest for own in contest.criteria}
        if each.criterion is not None and each.criterion not in codes:
            root._replace(path=f"$.special_prizes[{at}].criterion").wrong(
                N_("không có tiêu chí «%(code)s» trong phần thi này", code=each.criterion)
            )
