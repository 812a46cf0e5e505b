"""What do the rules of a contest say to somebody who reads them before the first act?

Sentences from the same values the rules of scoring, ties and prizes work with; nothing is phrased by hand elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festival.core.sentence import N_, Points, Sentence
from festival.editions.rules.scoring import ScoringKind


@dataclass(frozen=True, slots=True)
class ScoringWords:
    """The parameters a rubric contest is summed up by (columns of the contest)."""

    judges: int
    criteria: int
    total_milli: int
    kind: ScoringKind
    delta_milli: int
    strict: bool
    repeated: bool
    smallest_panel: int
    below_valid: bool
    round_milli: int
    truncate: bool = False
    drop_high: int = 0
    drop_low: int = 0
    by_panel: Sequence[Mapping[str, Any]] = ()


def scoring(rule: ScoringWords) -> list[Sentence]:
    """How a judge's marks become the points of an entry."""
    said = [
        N_(
            "%(judges)s giám khảo chấm độc lập theo %(criteria)s tiêu chí; tổng tối đa %(total)s điểm.",
            judges=rule.judges,
            criteria=rule.criteria,
            total=Points(rule.total_milli),
        )
    ]
    said += _summed_up(rule)
    if rule.smallest_panel > 1:
        said.append(_few_marks(rule))
    said.append(
        N_(
            "Giám khảo có liên quan đến thí sinh, đến muộn hoặc vắng mặt thì không chấm; đó không phải là điểm 0.",
        )
    )
    if rule.kind is not ScoringKind.RANK_SUM:
        rounding = CUT_OFF if rule.truncate else ROUNDED
        said.append(rounding.filled(round=Points(rule.round_milli)))
    return said


def summing(components: Sequence[tuple[str, int]], *, by_places: bool) -> list[Sentence]:
    """What a sum adds up: names with how often each counts, in thousandths."""
    first = N_("Cộng điểm theo hạng của từng phần thi.") if by_places else N_("Cộng điểm của từng phần thi.")
    listed = [
        N_("%(name)s, tính một lần.", name=name)
        if weight == 1000
        else N_("%(name)s, hệ số %(weight)s.", name=name, weight=Points(weight))
        for name, weight in components
    ]
    return [first, *listed, N_("Không dự hoặc không được xếp hạng ở một phần thi thì phần thi ấy tính 0 điểm.")]


ROUNDED = N_("Kết quả làm tròn một lần đến %(round)s điểm.")
CUT_OFF = N_("Kết quả cắt một lần đến %(round)s điểm, không làm tròn lên.")


def _summed_up(rule: ScoringWords) -> list[Sentence]:
    """What becomes of the totals of a panel."""
    match rule.kind:
        case ScoringKind.MEAN:
            return [N_("Điểm của tiết mục là trung bình cộng của các giám khảo.")]
        case ScoringKind.MEDIAN:
            return [N_("Điểm của tiết mục là điểm đứng giữa của các giám khảo (số chẵn thì trung bình hai điểm giữa).")]
        case ScoringKind.RANK_SUM:
            return [
                N_(
                    "Thứ tự của mỗi giám khảo thành thứ hạng (bằng nhau thì 1, 2, 2, 4); tổng thứ hạng nhỏ nhất đứng đầu."
                ),
                N_(
                    "Giám khảo nào không chấm một tiết mục thì tiết mục ấy được tính thêm trung bình các thứ hạng của nó."
                ),
            ]
        case ScoringKind.TRIMMED_MEAN:
            return _trimming(rule)
        case ScoringKind.DEVIATION_DROP:
            return _dropping(rule)


def _dropping(rule: ScoringWords) -> list[Sentence]:
    delta = Points(rule.delta_milli)
    return [
        N_(
            "Tính trung bình cộng của cả ban; bỏ điểm lệch quá %(delta)s điểm so với trung bình; "
            "điểm của tiết mục là trung bình các điểm còn lại.",
            delta=delta,
        ),
        N_("Điểm lệch đúng %(delta)s vẫn được giữ.", delta=delta)
        if rule.strict
        else N_("Điểm lệch đúng %(delta)s cũng bị bỏ.", delta=delta),
        N_("Xét lại nhiều lần đến khi không còn điểm lệch.") if rule.repeated else N_("Chỉ xét một lần."),
    ]


def _trimming(rule: ScoringWords) -> list[Sentence]:
    mean = N_("Điểm của tiết mục là trung bình các điểm còn lại; có quá ít điểm để bỏ thì tính tất cả.")
    if not rule.by_panel:
        gone = N_("Bỏ %(high)s điểm cao nhất và %(low)s điểm thấp nhất.", high=rule.drop_high, low=rule.drop_low)
        return [gone, mean]
    steps = [
        N_(
            "Từ %(from)s điểm: chỉ tính %(closest)s điểm gần nhau nhất.",
            **{"from": each["from"]},
            closest=each["closest"],
        )
        if each["closest"]
        else N_(
            "Từ %(from)s điểm: bỏ %(high)s điểm cao nhất và %(low)s điểm thấp nhất.",
            **{"from": each["from"]},
            high=each["high"],
            low=each["low"],
        )
        for each in rule.by_panel
    ]
    return [*steps, mean]


def after(name: str, take: int, weight_milli: int) -> Sentence:
    """Who goes on into this round, and what counts of the round before."""
    if weight_milli:
        said = N_("%(take)s lượt thi đứng đầu «%(name)s» vào vòng này, mang theo %(weight)s %% điểm của vòng trước.")
        return said.filled(take=take, name=name, weight=Points(weight_milli))
    return N_("%(take)s lượt thi đứng đầu «%(name)s» vào vòng này; điểm vòng trước không tính.", take=take, name=name)


def by_both(whose: str) -> Sentence:
    """Whose sheet counts when a judge is replaced in the middle."""
    if whose == "first":
        return N_("Giám khảo được thay giữa chừng: phiếu đã chấm vẫn tính, người thay chấm các tiết mục còn lại.")
    return N_("Giám khảo được thay giữa chừng: tiết mục cả hai đã chấm thì tính phiếu của người thay.")


def _few_marks(rule: ScoringWords) -> Sentence:
    """What happens to an entry that fewer have marked than must."""
    if not rule.below_valid:
        return N_("Có dưới %(smallest)s điểm thì chưa có kết quả hợp lệ.", smallest=rule.smallest_panel)
    if rule.kind in (ScoringKind.DEVIATION_DROP, ScoringKind.TRIMMED_MEAN):
        return N_("Có dưới %(smallest)s điểm thì không bỏ điểm nào.", smallest=rule.smallest_panel)
    return N_(
        "Có dưới %(smallest)s điểm thì ban giám khảo quyết định trước khi xếp hạng.", smallest=rule.smallest_panel
    )


PLAIN_RUNGS: Mapping[str, Sentence] = {
    "less_overtime": N_("Quá giờ ít hơn."),
    "best_attempt": N_("Lượt tốt tiếp theo hơn."),
    "first_places": N_("Nhiều giải Nhất hơn."),
    "firsts": N_("Nhiều giám khảo xếp thứ nhất hơn."),
    "chair": N_("Điểm của trưởng ban cao hơn."),
    "head_to_head": N_("Được nhiều giám khảo xếp trên hơn, xét giữa các tiết mục bằng điểm."),
    "members": N_("Nhiều thành viên tham gia hơn."),
    "third_marking": N_("Chấm lại các tiết mục còn bằng điểm."),
    "draw": N_("Bốc thăm trước mặt mọi người."),
}
BY_THE_PANEL = N_("Ban giám khảo quyết định, ghi lý do vào biên bản.")


def ties(ladder: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[Sentence]:
    """The rungs of the ladder in order; `names` gives the names of criteria and contests by code."""
    said = []
    for rung in ladder:
        match rung["by"]:
            case "criterion":
                said.append(
                    N_("Điểm cao hơn ở tiêu chí «%(name)s».", name=names.get(rung["criterion"], rung["criterion"]))
                )
            case "contest":
                said.append(N_("Xếp cao hơn ở phần thi «%(name)s».", name=names.get(rung["contest"], rung["contest"])))
            case plain:
                said.append(PLAIN_RUNGS.get(plain, BY_THE_PANEL))
    return said
