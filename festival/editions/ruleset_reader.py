"""Is the file that states the rules of an edition sound, and which rules does it state?

Nothing is guessed: an unknown key is refused (a misspelt `secrecy` must not become a public result), and totals are
computed, so a typed total that differs from the sum is an error naming both (a sheet printed in 2016 said 40 over
criteria of 30). The whole file is read before it is judged, so that it is mended in one go.
"""

from __future__ import annotations

from collections.abc import Mapping

from festival.core.sentence import N_, Points
from festival.editions.document import BrokenRuleset, FileFault, Node
from festival.editions.ruleset import (
    SCHEMA,
    Better,
    ContestRule,
    CriterionRule,
    DelegationRule,
    Descriptor,
    EntryKind,
    FestivalRule,
    OvertimeRule,
    Part,
    Passes,
    PrizeRule,
    QuotasRule,
    ResultKindRule,
    Ruleset,
    ScaleStep,
    ScoringKind,
    ScoringRule,
    SecrecyRule,
    Shortfall,
    Source,
    SpecialPrizeRule,
    TieRule,
    TieStep,
    WholeDelegationRule,
    WholeSum,
)
from festival.editions.ruleset_use import check_use


def read(document: object, *, kept: bool = False) -> Ruleset:
    """The rule set that a parsed document states.

    Raises BrokenRuleset naming every problem; nothing is half read. `kept`: an edition that was imported before, by a
    release that let keys pass which have no effect.
    """
    problems: list[FileFault] = []
    root = Node(document, "$", problems)
    stated = document.get("schema") if isinstance(document, Mapping) else None
    if stated != SCHEMA:
        # another version may give a key another meaning: do not read on
        root.at("schema").wrong(N_("phải là «%(schema)s», không phải «%(stated)s»", schema=SCHEMA, stated=str(stated)))
        raise BrokenRuleset(problems)
    complete = root.shaped("ruleset")
    if not complete or not root.at("festival").shaped("festival"):
        raise BrokenRuleset(problems)
    ruleset = Ruleset(
        about=root.at("about").maybe_text(),
        invented=tuple(node.text() for node in root.at("invented").items()),
        sources=root.at("sources").many("source", _source),
        festival=_festival(root.at("festival")),
        quotas=_quotas(root.at("quotas")),
        delegations=root.at("delegations").many("delegation", _delegation),
        contests=root.at("contests").many("contest", _contest),
        whole_delegation=_whole_delegation(root.at("whole_delegation")) if root.has("whole_delegation") else None,
        special_prizes=root.at("special_prizes").many("special_prize", _special_prize),
    )
    if not problems:
        _check_whole(root, ruleset)
    if not problems and not kept:
        check_use(root, ruleset)
    if problems:
        raise BrokenRuleset(problems)
    return ruleset


def _source(node: Node) -> Source:
    if not (node.has("url") or node.has("what")):
        node.wrong(N_("nguồn phải có url hoặc what"))
    return Source(node.at("url").maybe_text(), node.at("what").maybe_text(), node.at("date").maybe_text())


def _festival(node: Node) -> FestivalRule:
    name = node.at("name").text()
    starts_on, ends_on = node.at("starts_on").day(), node.at("ends_on").day()
    closes_on = node.at("registration_closes_on").day() if node.has("registration_closes_on") else None
    kept_until = node.at("data_kept_until").day() if node.has("data_kept_until") else None
    if kept_until and kept_until <= ends_on:
        node.at("data_kept_until").wrong(N_("ngày xóa dữ liệu phải sau ngày kết thúc"))
    if ends_on < starts_on:
        node.at("ends_on").wrong(N_("ngày kết thúc trước ngày khai mạc"))
    if closes_on and closes_on > starts_on:
        node.at("registration_closes_on").wrong(N_("hạn đăng ký sau ngày khai mạc"))
    return FestivalRule(
        code=node.at("code").code(),
        name=name,
        short_name=node.at("short_name").maybe_text() or name,
        ordinal=node.at("ordinal").maybe_text(),
        theme=node.at("theme").maybe_text(),
        organiser=node.at("organiser").text(),
        host=node.at("host").maybe_text(),
        venue=node.at("venue").maybe_text(),
        starts_on=starts_on,
        ends_on=ends_on,
        registration_closes_on=closes_on,
        data_kept_until=kept_until,
        help_line=node.at("help_line").maybe_text(),
        commune_contest=node.at("commune_contest").truth(default=False),
    )


def _quotas(node: Node) -> QuotasRule:
    if node.value is not None:
        node.shaped("quotas")
    return QuotasRule(
        node.at("families_per_delegation").span(0, 10_000),
        node.at("members_per_family").span(1, 100),
        node.at("contests_per_family").span(0, 100),
    )


def _delegation(node: Node) -> DelegationRule:
    return DelegationRule(node.at("code").code(), node.at("name").text(), node.at("unit_code").maybe_text())


def _criterion(node: Node) -> CriterionRule:
    sound_so_far = len(node.problems)
    max_milli, step_milli = node.at("max").points(least=1), node.at("step").points(least=1)
    min_milli = node.at("min").points() if node.has("min") else 0
    if len(node.problems) > sound_so_far:
        pass  # a mistyped number would only bring on complaints about the number put in its place
    elif min_milli >= max_milli:
        node.at("min").wrong(N_("điểm thấp nhất phải nhỏ hơn điểm tối đa"))
    elif (max_milli - min_milli) % step_milli:
        node.at("step").wrong(N_("điểm tối đa không chia hết cho bước điểm, nên không chấm được điểm tối đa"))
    descriptors = node.at("descriptors").many(
        "descriptor", lambda each: Descriptor(each.at("from").points(), each.at("text").text())
    )
    for at, descriptor in enumerate(descriptors):
        if descriptor.from_milli > max_milli:
            node._replace(path=f"{node.path}.descriptors[{at}].from").wrong(N_("lớn hơn điểm tối đa"))
    return CriterionRule(node.at("code").code(), node.at("name").text(), min_milli, max_milli, step_milli, descriptors)


def _scoring(node: Node, judges: int) -> ScoringRule:
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


def _tie(node: Node) -> TieRule:
    by = node.at("by").one_of(TieStep)
    for key, step in (("criterion", TieStep.CRITERION), ("contest", TieStep.CONTEST)):
        if (by is step) != node.has(key):
            node.at(key).wrong(N_("khóa này đi cùng và chỉ đi cùng by = «%(step)s»", step=step.value))
    return TieRule(by, node.at("criterion").maybe_text(), node.at("contest").maybe_text())


def _ties(node: Node, allowed: frozenset[TieStep]) -> tuple[TieRule, ...]:
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


def _prizes(node: Node) -> tuple[PrizeRule, ...]:
    def prize(each: Node) -> PrizeRule:
        rest = each.at("count").value == "rest"
        return PrizeRule(each.at("name").text(), None if rest else each.at("count").whole(1, 10_000))

    prizes = node.many("prize", prize)
    for at, each in enumerate(prizes):
        if each.count is None and at != len(prizes) - 1:
            node._replace(path=f"{node.path}[{at}].count").wrong(
                N_("«rest» (tất cả còn lại) chỉ đứng ở giải cuối cùng")
            )
        if each.name in {earlier.name for earlier in prizes[:at]}:
            node._replace(path=f"{node.path}[{at}].name").wrong(N_("tên giải «%(name)s» có hai lần", name=each.name))
    return prizes


TIES_BY_KIND: Mapping[ResultKindRule, frozenset[TieStep]] = {
    ResultKindRule.RUBRIC: frozenset({TieStep.CRITERION, TieStep.LESS_OVERTIME, TieStep.MEMBERS, TieStep.PANEL}),
    ResultKindRule.COUNT: frozenset({TieStep.BEST_ATTEMPT, TieStep.MEMBERS, TieStep.PANEL}),
    ResultKindRule.TIME: frozenset({TieStep.BEST_ATTEMPT, TieStep.MEMBERS, TieStep.PANEL}),
    ResultKindRule.MATCH: frozenset({TieStep.PANEL}),
    ResultKindRule.QUIZ: frozenset({TieStep.MEMBERS, TieStep.PANEL}),
}
TIES_OF_WHOLE = frozenset({TieStep.CONTEST, TieStep.FIRST_PLACES, TieStep.MEMBERS, TieStep.PANEL})


_MEASURED = frozenset({ResultKindRule.COUNT, ResultKindRule.TIME})
# The keys that only some kinds of a contest use; every other key is used by all.
ONLY_FOR: Mapping[str, frozenset[ResultKindRule]] = {
    "judges": frozenset({ResultKindRule.RUBRIC}),
    "criteria": frozenset({ResultKindRule.RUBRIC}),
    "total": frozenset({ResultKindRule.RUBRIC}),
    "scoring": frozenset({ResultKindRule.RUBRIC}),
    "better": frozenset({ResultKindRule.TIME}),
    "attempts": _MEASURED,
    "unit_label": frozenset({ResultKindRule.COUNT}),
    "best_possible": frozenset({ResultKindRule.COUNT}),
    "points_per_answer": frozenset({ResultKindRule.QUIZ}),
    "points_scale": _MEASURED | {ResultKindRule.QUIZ},
    "shared_from": frozenset({ResultKindRule.MATCH}),
}


def _contest(node: Node) -> ContestRule:
    sound_so_far = len(node.problems)
    kind = node.at("kind").one_of(ResultKindRule)
    rubric = kind is ResultKindRule.RUBRIC
    judges = node.at("judges").whole(1, 99) if node.has("judges") else 0
    for key in ("judges", "criteria", "scoring"):
        if rubric and not node.has(key):
            node.at(key).wrong(N_("phần thi chấm theo tiêu chí phải có khóa này"))
    for key, allowed in ONLY_FOR.items():
        if node.has(key) and kind not in allowed:
            node.at(key).wrong(N_("loại kết quả «%(kind)s» không dùng khóa này", kind=kind.value))
    if kind is ResultKindRule.TIME and not node.has("better"):
        node.at("better").wrong(N_("phải nói rõ nhanh hơn (less) hay chậm hơn (more) thì thắng"))
    contest = ContestRule(
        code=node.at("code").code(),
        name=node.at("name").text(),
        part=_part(node.at("part")),
        kind=kind,
        secrecy=node.at("secrecy").one_of(SecrecyRule),
        entry=node.at("entry").one_of(EntryKind) if node.has("entry") else EntryKind.FAMILY,
        entries_per_delegation=node.at("entries_per_delegation").span(0, 1000),
        performers=node.at("performers").span(1, 1000),
        duration_min=node.at("duration_min").whole(1, 600),
        changeover_min=node.at("changeover_min").whole(0, 120) if node.has("changeover_min") else 0,
        together_min=node.at("together_min").whole(0, 600) if node.has("together_min") else 0,
        overtime=_overtime(node.at("overtime")),
        judges=judges,
        criteria=node.at("criteria").many("criterion", _criterion),
        scoring=_scoring(node.at("scoring"), judges)
        if node.has("scoring") and node.at("scoring").shaped("scoring")
        else None,
        better=node.at("better").one_of(Better) if node.has("better") else Better.MORE,
        attempts=node.at("attempts").whole(1, 20) if node.has("attempts") else 1,
        unit_label=node.at("unit_label").maybe_text(),
        best_possible=node.at("best_possible").whole(1, 9999) if node.has("best_possible") else None,
        points_per_answer_milli=node.at("points_per_answer").points(least=1) if node.has("points_per_answer") else None,
        points_scale=node.at("points_scale").many(
            "scale_step", lambda each: ScaleStep(each.at("reach").points(), each.at("points").points())
        ),
        shared_from=node.at("shared_from").whole(2, 1000) if node.has("shared_from") else None,
        ties=_ties(node.at("ties"), TIES_BY_KIND[kind]),
        place_points_milli=tuple(each.points() for each in node.at("place_points").items()),
        prizes=_prizes(node.at("prizes")),
    )
    if len(node.problems) == sound_so_far:
        _check_contest(node, contest)
    return contest


def _part(node: Node) -> Part | None:
    return (
        Part(node.at("code").code(), node.at("name").text()) if node.value is not None and node.shaped("part") else None
    )


def _overtime(node: Node) -> OvertimeRule | None:
    if node.value is None or not node.shaped("overtime"):
        return None
    return OvertimeRule(
        node.at("grace_s").whole(0, 3600),
        node.at("minus_per_started_minute").points(least=1),
        node.at("limit").points(least=1) if node.has("limit") else None,
    )


def _check_contest(node: Node, contest: ContestRule) -> None:
    codes = [criterion.code for criterion in contest.criteria]
    for at, code in enumerate(codes):
        if code in codes[:at]:
            node._replace(path=f"{node.path}.criteria[{at}].code").wrong(N_("mã «%(code)s» có hai lần", code=code))
    if contest.scoring and contest.scoring.smallest_panel > contest.judges:
        node.at("scoring").at("smallest_panel").wrong(
            N_(
                "số điểm tối thiểu %(smallest)s lớn hơn số giám khảo %(judges)s",
                smallest=contest.scoring.smallest_panel,
                judges=contest.judges,
            )
        )
    if contest.kind is ResultKindRule.RUBRIC and node.has("criteria") and not contest.criteria:
        node.at("criteria").wrong(N_("phải có ít nhất một tiêu chí"))
    if node.has("total"):
        typed = node.at("total").points()
        if typed != contest.total_milli:
            node.at("total").wrong(
                N_(
                    "tổng ghi là %(typed)s nhưng các tiêu chí cộng lại là %(computed)s",
                    typed=Points(typed),
                    computed=Points(contest.total_milli),
                )
            )
    for at, tie in enumerate(contest.ties):
        if tie.criterion is not None and tie.criterion not in codes:
            node._replace(path=f"{node.path}.ties[{at}].criterion").wrong(
                N_("không có tiêu chí «%(code)s» trong phần thi này", code=tie.criterion)
            )
    _check_scale(node, contest)
    for at, (higher, lower) in enumerate(zip(contest.place_points_milli, contest.place_points_milli[1:], strict=False)):
        if lower > higher:
            node._replace(path=f"{node.path}.place_points[{at + 1}]").wrong(
                N_("hạng sau không được nhiều điểm hơn hạng trước")
            )


def _check_scale(node: Node, contest: ContestRule) -> None:
    """From the best result down: the next step is easier to reach and never brings more."""
    for at, (harder, easier) in enumerate(zip(contest.points_scale, contest.points_scale[1:], strict=False)):
        less = contest.better is Better.LESS and contest.kind is ResultKindRule.TIME
        if harder.reach_milli == easier.reach_milli or (harder.reach_milli < easier.reach_milli) is not less:
            node._replace(path=f"{node.path}.points_scale[{at + 1}].reach").wrong(
                N_("mức sau phải dễ đạt hơn mức trước")
            )
        if easier.points_milli > harder.points_milli:
            node._replace(path=f"{node.path}.points_scale[{at + 1}].points").wrong(
                N_("mức sau không được nhiều điểm hơn mức trước")
            )


def _whole_delegation(node: Node) -> WholeDelegationRule | None:
    if not node.shaped("whole_delegation"):
        return None
    return WholeDelegationRule(
        node.at("sum").one_of(WholeSum), _ties(node.at("ties"), TIES_OF_WHOLE), _prizes(node.at("prizes"))
    )


def _special_prize(node: Node) -> SpecialPrizeRule:
    return SpecialPrizeRule(node.at("name").text(), node.at("contest").maybe_text())


def _check_whole(root: Node, ruleset: Ruleset) -> None:
    """What only the whole file shows: codes given twice, references to what is not there."""
    codes = [contest.code for contest in ruleset.contests]
    for kind, list_of_codes in (("contests", codes), ("delegations", [each.code for each in ruleset.delegations])):
        for at, code in enumerate(list_of_codes):
            if code in list_of_codes[:at]:
                root._replace(path=f"$.{kind}[{at}].code").wrong(N_("mã «%(code)s» có hai lần", code=code))
    parts: dict[str, str] = {}
    for at, contest in enumerate(ruleset.contests):
        if contest.part and parts.setdefault(contest.part.code, contest.part.name) != contest.part.name:
            root._replace(path=f"$.contests[{at}].part.name").wrong(
                N_("phần «%(code)s» đã mang tên khác ở trên", code=contest.part.code)
            )
    whole = ruleset.whole_delegation
    for path, contest_code in [
        *(
            (f"$.whole_delegation.ties[{at}].contest", tie.contest)
            for at, tie in enumerate(whole.ties if whole else ())
        ),
        *((f"$.special_prizes[{at}].contest", prize.contest) for at, prize in enumerate(ruleset.special_prizes)),
    ]:
        if contest_code is not None and contest_code not in codes:
            root._replace(path=path).wrong(N_("không có phần thi «%(code)s»", code=contest_code))
    if whole and whole.sum is WholeSum.PLACE_POINTS:
        for at, contest in enumerate(ruleset.contests):
            if not contest.place_points_milli:
                root._replace(path=f"$.contests[{at}].place_points").wrong(
                    N_("toàn đoàn cộng điểm theo hạng, nên phần thi phải có bảng điểm theo hạng")
                )
