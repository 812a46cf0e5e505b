"""From which sentences does one choose on the page of a contest? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from festival.contests.rule_words import ties
from festival.core.sentence import N_, Points, Sentence
from festival.editions.rules.bracket import ThirdPlace
from festival.editions.rules.composition import CountedInTeam, OtherwiseRule
from festival.editions.rules.kinds import EntryKind, MarkedByBoth, PublishedRule, ResultKindRule, SecrecyRule
from festival.editions.rules.measured import AttemptsCount, Better, CountTake
from festival.editions.rules.paper import Confirming, PaperTyping
from festival.editions.rules.scoring import Rounding, ScoringKind, Shortfall
from festival.editions.rules.sheets import CorrectionRule
from festival.editions.rules.ties import TieStep
from festival.editions.rules.whole import WholeSum
from festival.setup.contest_editor.piece import MEAN, NO, ONE, REPEATED, YES, allowed_rungs
from festival.setup.contest_editor.typed import Row

KINDS: Mapping[str, Sentence] = {
    ResultKindRule.RUBRIC: N_("Ban giám khảo chấm theo tiêu chí"),
    ResultKindRule.COUNT: N_("Đếm số lần đạt"),
    ResultKindRule.TIME: N_("Tính thời gian"),
    ResultKindRule.MATCH: N_("Đấu loại trực tiếp"),
    ResultKindRule.QUIZ: N_("Đếm câu trả lời đúng"),
    ResultKindRule.SUM: N_("Cộng kết quả các phần thi khác"),
}
CHOICES: Mapping[str, Mapping[str, Sentence]] = {
    "kind": KINDS,
    "secrecy": {
        SecrecyRule.SEALED: N_("Kín: chỉ ban giám khảo biết cho đến khi công bố"),
        SecrecyRule.AT_ONCE: N_("Công bố ngay: mọi người thấy kết quả ngay khi ghi"),
    },
    "published": {
        PublishedRule.PRIZES: N_("Chỉ giải: ai được giải gì"),
        PublishedRule.STANDINGS: N_("Giải, và hạng, điểm của mọi tiết mục"),
        PublishedRule.MARKS: N_("Giải, hạng, điểm, và điểm của từng giám khảo theo chữ cái của ghế"),
    },
    "entry": {
        EntryKind.FAMILY: N_("Từng gia đình"),
        EntryKind.TEAM: N_("Đội ghép từ các gia đình của đoàn"),
    },
    "sum": {
        WholeSum.POINTS: N_("Điểm của từng phần thi"),
        WholeSum.PLACE_POINTS: N_("Điểm theo hạng của từng phần thi"),
    },
    "composition.what": {
        CountedInTeam.FAMILIES: N_("Số gia đình"),
        CountedInTeam.GENERATIONS: N_("Số thế hệ"),
        CountedInTeam.WOMEN: N_("Số nữ"),
        CountedInTeam.MEN: N_("Số nam"),
        CountedInTeam.AGES: N_("Số người trong khoảng tuổi"),
        CountedInTeam.MEMBERS: N_("Số người của đội"),
    },
    # said or left to its default, it is the same: a document that says it keeps saying it
    "composition.otherwise": {
        "": N_("Không nhận đội"),
        OtherwiseRule.REFUSE: N_("Không nhận đội"),
        OtherwiseRule.WARN: N_("Nhận, ghi lý do"),
    },
    "better": {Better.LESS: N_("Ai nhanh hơn thì thắng"), Better.MORE: N_("Ai chậm hơn thì thắng")},
    "bracket.third": {
        "": N_("Theo mục đồng hạng ở trên"),
        ThirdPlace.PLAYED: N_("Đấu tranh hạng ba"),
        ThirdPlace.SHARED: N_("Cùng hạng ba"),
    },
    "counters_take": {
        CountTake.LATER: N_("Số của người ghi sau"),
        CountTake.MEAN: N_("Trung bình của hai số"),
    },
    "paper": {
        "": N_("Hai lần khi giám khảo chấm cả buổi trên giấy, một lần với phiếu lẻ"),
        PaperTyping.ONCE: N_("Luôn một lần, do thư ký của phần thi"),
        PaperTyping.TWICE: N_("Luôn hai lần, do hai người không thấy nhau"),
    },
    "confirming": {
        "": N_("Giám khảo xác nhận được trên máy, biên bản không chờ"),
        Confirming.REQUIRED: N_("Biên bản chờ mọi giám khảo xác nhận trên máy"),
    },
    "marked_by_both": {
        MarkedByBoth.FIRST: N_("Tính phiếu của người ngồi ghế khi tiết mục được chấm"),
        MarkedByBoth.SUBSTITUTE: N_("Tính phiếu của người thay"),
    },
    "scoring.rule": {
        MEAN: N_("Trung bình cộng của cả ban giám khảo"),
        ONE: N_("Bỏ điểm lệch quá mức so với trung bình, xét một lần"),
        REPEATED: N_("Bỏ điểm lệch quá mức so với trung bình, xét lại đến khi không còn điểm lệch"),
        ScoringKind.TRIMMED_MEAN: N_("Bỏ mấy điểm cao nhất và thấp nhất, lấy trung bình các điểm còn lại"),
        ScoringKind.MEDIAN: N_("Điểm đứng giữa"),
        ScoringKind.RANK_SUM: N_("Cộng thứ hạng của từng giám khảo, tổng nhỏ nhất đứng đầu"),
    },
    "scoring.rounding": {
        Rounding.HALF_UP: N_("Làm tròn, từ nửa trở lên thì lên"),
        Rounding.TRUNCATE: N_("Cắt bỏ phần lẻ"),
    },
    "attempts_count": {
        AttemptsCount.BEST: N_("Lượt tốt nhất"),
        AttemptsCount.SUM: N_("Tổng các lượt"),
        AttemptsCount.MEAN: N_("Trung bình các lượt"),
    },
    "scoring.strict": {YES: N_("Vẫn được giữ"), NO: N_("Cũng bị bỏ")},
    "corrections": {
        CorrectionRule.UNTIL_LOCK: N_("Đến khi khóa điểm"),
        CorrectionRule.NEXT_ACT: N_("Đến khi tiết mục sau bắt đầu"),
        CorrectionRule.SECRETARY: N_("Chỉ qua thư ký, có lý do"),
    },
    "comments": {
        NO: N_("Không"),
        YES: N_("Có, gia đình đọc sau khi công bố"),
    },
    "scoring.below": {
        Shortfall.KEEP_ALL: N_("Không bỏ điểm nào"),
        Shortfall.NOT_VALID: N_("Chưa có kết quả hợp lệ"),
    },
    "scoring.all_dropped": {
        Shortfall.KEEP_ALL: N_("Giữ tất cả các điểm"),
        Shortfall.NOT_VALID: N_("Ban giám khảo phải quyết định"),
    },
}


def rules(delta_milli: int | None) -> Mapping[str, Sentence]:
    """The sentences a scoring rule is chosen by, with the δ that is typed."""
    if not delta_milli:
        return CHOICES["scoring.rule"]
    delta = Points(delta_milli)
    return {
        **CHOICES["scoring.rule"],
        ONE: N_("Bỏ điểm lệch quá %(delta)s điểm so với trung bình, xét một lần", delta=delta),
        REPEATED: N_(
            "Bỏ điểm lệch quá %(delta)s điểm so với trung bình, xét lại đến khi không còn điểm lệch", delta=delta
        ),
    }


def rung_words(rung: str, criteria: Sequence[Row], contests: Mapping[str, str] | None = None) -> Sentence:
    """A step of the ladder as a sentence."""
    by, _, what = rung.partition(":")
    names = {row["code"]: row["name"] for row in criteria} | dict(contests or {})
    return ties([{"by": by, "criterion": what, "contest": what}], names)[0]


def rungs_to_add(
    kind: str, criteria: Sequence[Row], held: Sequence[Row], of: Mapping[str, str]
) -> list[tuple[str, Sentence]]:
    """The steps a ladder of this kind may still take. `of`: the contests that a sum adds up, names by code."""
    steps = allowed_rungs(kind)
    offered = [f"criterion:{row['code']}" for row in criteria if row["code"] and row["name"]]
    order = (
        TieStep.FIRST_PLACES,
        TieStep.LESS_OVERTIME,
        TieStep.BEST_ATTEMPT,
        TieStep.MEMBERS,
        TieStep.FIRSTS,
        TieStep.CHAIR,
        TieStep.HEAD_TO_HEAD,
        TieStep.THIRD_MARKING,
        TieStep.DRAW,
    )
    offered = [*(offered if TieStep.CRITERION in steps else ()), *(str(step) for step in order if step in steps)]
    offered += [f"contest:{code}" for code in of if TieStep.CONTEST in steps]
    taken = {row["rung"] for row in held}
    return [(rung, rung_words(rung, criteria, of)) for rung in offered if rung not in taken]
