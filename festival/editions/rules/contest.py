"""Which rules does the file state for one contest?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from festival.core.sentence import N_, Points
from festival.editions.rules.bracket import BracketRule, read_bracket_rule
from festival.editions.rules.composition import CompositionLine, check_composition, read_composition
from festival.editions.rules.criteria import CriterionRule, read_criterion
from festival.editions.rules.document import Node, Span
from festival.editions.rules.kinds import (
    EntryKind,
    MarkedByBoth,
    PublishedRule,
    ResultKindRule,
    SecrecyRule,
    ShownToHeads,
)
from festival.editions.rules.kitchen import KitchenRule, read_kitchen
from festival.editions.rules.measured import (
    AttemptsCount,
    Better,
    ScaleStep,
    TakingRule,
    check_scale,
    read_scale,
    read_taking,
)
from festival.editions.rules.paper import Confirming, PaperTyping
from festival.editions.rules.penalties import (
    DeductionRule,
    OvertimeRule,
    UndertimeRule,
    read_deductions,
    read_overtime,
    read_undertime,
)
from festival.editions.rules.prizes import PrizeRule, check_bands, read_prizes
from festival.editions.rules.questions import QuestionRule, read_questions
from festival.editions.rules.rounds import AfterRule, read_after
from festival.editions.rules.scoring import ScoringKind, ScoringRule, read_scoring
from festival.editions.rules.sheets import CorrectionRule, read_comments, read_corrections
from festival.editions.rules.sums import SumRule, read_sum
from festival.editions.rules.ties import TIES_BY_KIND, TieRule, read_ties


@dataclass(frozen=True, slots=True)
class Part:
    """The heading several contests share: `Gia đình thể thao` over three items, each with a kind of its own."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ContestRule:
    """Everything a contest is fixed by before its first mark."""

    code: str
    name: str
    part: Part | None
    kind: ResultKindRule
    secrecy: SecrecyRule
    published: PublishedRule
    entry: EntryKind
    entries_per_delegation: Span | None
    performers: Span | None
    duration_min: int
    changeover_min: int
    together_min: int
    lanes: int
    overtime: OvertimeRule | None
    undertime: UndertimeRule | None
    deductions: tuple[DeductionRule, ...]
    judges: int
    criteria: tuple[CriterionRule, ...]
    scoring: ScoringRule | None
    corrections: CorrectionRule
    comments: bool
    marked_by_both: MarkedByBoth
    better: Better
    attempts: int
    attempts_count: AttemptsCount
    unit_label: str | None
    best_possible: int | None
    points_per_answer_milli: int | None
    questions: tuple[QuestionRule, ...]
    points_scale: tuple[ScaleStep, ...]
    shared_from: int | None
    bracket: BracketRule | None
    taking: TakingRule
    ties: tuple[TieRule, ...]
    place_points_milli: tuple[int, ...]
    prizes: tuple[PrizeRule, ...]
    paper: PaperTyping | None = None
    confirming: Confirming | None = None
    plates_of: str | None = None
    kitchen: KitchenRule = field(default_factory=KitchenRule)
    sum: SumRule | None = None
    after: AfterRule | None = None
    composition: tuple[CompositionLine, ...] = ()
    shown_to_heads: ShownToHeads = ShownToHeads.NONE

    @property
    def total_milli(self) -> int:
        """The highest mark one judge can give: always the sum of the criteria, each by its weight."""
        return highest(self.criteria)

    @property
    def entries_from(self) -> str | None:
        """Code of the contest its entries come from; nobody registers for it then."""
        if self.sum and self.sum.of:
            return self.sum.of[0].contest
        return self.after.contest if self.after else self.plates_of


_MEASURED = frozenset({ResultKindRule.COUNT, ResultKindRule.TIME})
# what somebody does on a stage or a field, as against a sum of other results
_PERFORMED = frozenset(ResultKindRule) - {ResultKindRule.SUM}


# The keys that only some kinds of a contest use; every other key is used by all.
ONLY_FOR: Mapping[str, frozenset[ResultKindRule]] = {
    **dict.fromkeys(
        (
            "entries_per_delegation",
            "performers",
            "composition",
            "duration_min",
            "changeover_min",
            "together_min",
            "overtime",
            "after",
        ),
        _PERFORMED,
    ),
    "lanes": _PERFORMED - {ResultKindRule.MATCH},
    "of": frozenset({ResultKindRule.SUM}),
    "sum": frozenset({ResultKindRule.SUM}),
    "judges": frozenset({ResultKindRule.RUBRIC}),
    "criteria": frozenset({ResultKindRule.RUBRIC}),
    "total": frozenset({ResultKindRule.RUBRIC}),
    "scoring": frozenset({ResultKindRule.RUBRIC}),
    "corrections": frozenset({ResultKindRule.RUBRIC}),
    "comments": frozenset({ResultKindRule.RUBRIC}),
    "undertime": frozenset({ResultKindRule.RUBRIC}),
    "deductions": frozenset({ResultKindRule.RUBRIC}),
    "marked_by_both": frozenset({ResultKindRule.RUBRIC}),
    "better": frozenset({ResultKindRule.TIME}),
    "attempts": _MEASURED,
    "attempts_count": _MEASURED,
    "unit_label": frozenset({ResultKindRule.COUNT}),
    "best_possible": frozenset({ResultKindRule.COUNT}),
    "points_per_answer": frozenset({ResultKindRule.QUIZ}),
    "questions": frozenset({ResultKindRule.QUIZ}),
    "points_scale": _MEASURED | {ResultKindRule.QUIZ},
    "shared_from": frozenset({ResultKindRule.MATCH}),
    "bracket": frozenset({ResultKindRule.MATCH}),
    "counters": _MEASURED | {ResultKindRule.QUIZ},
    "counters_apart": _MEASURED,
    "counters_take": _MEASURED,
    "paper": frozenset({ResultKindRule.RUBRIC}),
    "confirming": frozenset({ResultKindRule.RUBRIC}),
    "plates_of": frozenset({ResultKindRule.RUBRIC}),
    "dishes": frozenset({ResultKindRule.RUBRIC}),
    "budget_vnd": frozenset({ResultKindRule.RUBRIC}),
}


StatedT = TypeVar("StatedT", bound=StrEnum)


def read_contest(node: Node) -> ContestRule:
    sound_so_far = len(node.problems)
    kind = node.at("kind").one_of(ResultKindRule)
    _check_keys(node, kind)
    judges = node.at("judges").whole(1, 99) if node.has("judges") else 0
    shared_from = node.at("shared_from").whole(2, 1000) if node.has("shared_from") else None
    contest = ContestRule(
        code=node.at("code").code(),
        name=node.at("name").text(),
        part=read_part(node.at("part")),
        kind=kind,
        secrecy=node.at("secrecy").one_of(SecrecyRule),
        published=node.at("published").one_of(PublishedRule) if node.has("published") else PublishedRule.PRIZES,
        entry=node.at("entry").one_of(EntryKind) if node.has("entry") else EntryKind.FAMILY,
        entries_per_delegation=node.at("entries_per_delegation").span(0, 1000),
        performers=node.at("performers").span(1, 1000),
        duration_min=node.at("duration_min").whole(1, 600) if node.has("duration_min") else 1,
        changeover_min=node.at("changeover_min").whole(0, 120) if node.has("changeover_min") else 0,
        together_min=node.at("together_min").whole(0, 600) if node.has("together_min") else 0,
        lanes=node.at("lanes").whole(2, 10) if node.has("lanes") else 1,
        overtime=read_overtime(node.at("overtime")),
        undertime=read_undertime(node.at("undertime")),
        deductions=read_deductions(node.at("deductions")),
        judges=judges,
        criteria=(criteria := node.at("criteria").many("criterion", read_criterion)),
        scoring=read_scoring(node.at("scoring"), judges, highest(criteria)),
        corrections=read_corrections(node),
        comments=read_comments(node),
        marked_by_both=_one_of(node, "marked_by_both", MarkedByBoth.FIRST),
        better=node.at("better").one_of(Better) if node.has("better") else Better.MORE,
        attempts=node.at("attempts").whole(1, 20) if node.has("attempts") else 1,
        attempts_count=node.at("attempts_count").one_of(AttemptsCount)
        if node.has("attempts_count")
        else AttemptsCount.BEST,
        unit_label=node.at("unit_label").maybe_text(),
        best_possible=node.at("best_possible").whole(1, 9999) if node.has("best_possible") else None,
        points_per_answer_milli=node.at("points_per_answer").points(least=1) if node.has("points_per_answer") else None,
        questions=read_questions(node.at("questions")),
        points_scale=read_scale(node.at("points_scale")),
        shared_from=shared_from,
        bracket=read_bracket_rule(node.at("bracket"), shared_from),
        taking=read_taking(node, whole=kind is ResultKindRule.COUNT),
        ties=read_ties(node.at("ties"), TIES_BY_KIND[kind]),
        place_points_milli=tuple(each.points() for each in node.at("place_points").items()),
        prizes=read_prizes(node.at("prizes")),
        paper=node.at("paper").one_of(PaperTyping) if node.has("paper") else None,
        confirming=node.at("confirming").one_of(Confirming) if node.has("confirming") else None,
        plates_of=node.at("plates_of").code() if node.has("plates_of") else None,
        kitchen=read_kitchen(node),
        sum=read_sum(node, kind),
        after=read_after(node.at("after")),
        composition=read_composition(node.at("composition")),
        shown_to_heads=_one_of(node, "shown_to_heads", ShownToHeads.NONE),
    )
    if len(node.problems) == sound_so_far:
        _check_contest(node, contest)
        _check_published(node, contest)
        _check_shown_to_heads(node, contest)
        _check_team(node, contest)
    return contest


def _one_of(node: Node, key: str, default: StatedT) -> StatedT:
    """What the key says; without it the default."""
    return node.at(key).one_of(type(default)) if node.has(key) else default


def _check_keys(node: Node, kind: ResultKindRule) -> None:
    """Are these the keys that a contest of its kind uses?"""
    for key in ("judges", "criteria", "scoring"):
        if kind is ResultKindRule.RUBRIC and not node.has(key):
            node.at(key).wrong(N_("phần thi chấm theo tiêu chí phải có khóa này"))
    for key, allowed in ONLY_FOR.items():
        if node.has(key) and kind not in allowed:
            node.at(key).wrong(N_("loại kết quả «%(kind)s» không dùng khóa này", kind=kind.value))
    if node.has("questions") and node.has("points_per_answer"):
        node.at("points_per_answer").wrong(N_("điểm đã ghi ở từng câu hỏi (questions); chỉ giữ một trong hai khóa"))
    if kind is ResultKindRule.QUIZ and node.has("counters") and not node.has("questions"):
        node.at("counters").wrong(N_("hai người ghi câu trả lời thì phải có danh sách câu hỏi (questions)"))
    if kind in _PERFORMED and not node.has("duration_min"):
        node.at("duration_min").wrong(N_("thiếu khóa bắt buộc"))
    if kind is ResultKindRule.TIME and not node.has("better"):
        node.at("better").wrong(N_("phải nói rõ nhanh hơn (less) hay chậm hơn (more) thì thắng"))


def highest(criteria: Sequence[CriterionRule]) -> int:
    """The most that marks of these criteria add up to."""
    return sum(each.max_milli * each.weight_milli // 1000 for each in criteria)


def read_part(node: Node) -> Part | None:
    return (
        Part(node.at("code").code(), node.at("name").text()) if node.value is not None and node.shaped("part") else None
    )


def _check_published(node: Node, contest: ContestRule) -> None:
    """What is public at once has nothing left to publish."""
    if node.has("published") and contest.secrecy is SecrecyRule.AT_ONCE and contest.kind is not ResultKindRule.RUBRIC:
        node.at("published").wrong(N_("phần thi công bố ngay đã cho xem mọi kết quả nên không dùng khóa này"))


def _check_shown_to_heads(node: Node, contest: ContestRule) -> None:
    """Judges know beforehand who reads what they write; a sum would tell what its components keep."""
    wanted, at = contest.shown_to_heads, node.at("shown_to_heads")
    if wanted in (ShownToHeads.MARKS, ShownToHeads.COMMENTS) and contest.kind is not ResultKindRule.RUBRIC:
        at.wrong(
            N_("loại kết quả «%(kind)s» không có điểm từng giám khảo; chỉ dùng none hoặc sums", kind=contest.kind.value)
        )
    if wanted is ShownToHeads.COMMENTS and not contest.comments:
        at.wrong(N_("phần thi không có lời nhận xét (comments) nên không cho trưởng đoàn xem được"))
    if wanted is not ShownToHeads.NONE and contest.kind is ResultKindRule.SUM:
        at.wrong(N_("phần thi cộng không dùng khóa này: ghi ở từng phần thi thành phần"))


def _check_team(node: Node, contest: ContestRule) -> None:
    registers = contest.entries_from is None
    check_composition(node.at("composition"), contest.composition, contest.entry, registers=registers)


def _check_lanes(node: Node, contest: ContestRule) -> None:
    if contest.lanes > 1 and (contest.together_min or contest.plates_of):
        node.at("lanes").wrong(
            N_(
                "thi theo đợt thì không cùng làm trước (together_min) và không chấm kín theo mâm (plates_of); chỉ giữ một"
            )
        )


def _check_prizes(node: Node, contest: ContestRule) -> None:
    by_places = contest.scoring is not None and contest.scoring.kind is ScoringKind.RANK_SUM
    judged = contest.kind is ResultKindRule.RUBRIC and not by_places
    most = contest.total_milli if judged and contest.after is None else None
    in_points = judged or contest.kind is ResultKindRule.SUM
    check_bands(node.at("prizes"), contest.prizes, in_points=in_points, most=most)


def _check_contest(node: Node, contest: ContestRule) -> None:
    _check_lanes(node, contest)
    _check_prizes(node, contest)
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
    if contest.undertime and contest.undertime.least_s > contest.duration_min * 60:
        node.at("undertime").at("least_s").wrong(
            N_("thời gian ít nhất dài hơn thời gian cho phép %(minutes)s phút", minutes=contest.duration_min)
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
    less = contest.kind is ResultKindRule.TIME and contest.better is Better.LESS
    check_scale(node.at("points_scale"), contest.points_scale, less=less)
    for at, (higher, lower) in enumerate(zip(contest.place_points_milli, contest.place_points_milli[1:], strict=False)):
        if lower > higher:
            node._replace(path=f"{node.path}.place_points[{at + 1}]").wrong(
                N_("hạng sau không được nhiều điểm hơn hạng trước")
            )
