"""What do the rules of a contest say to somebody who reads them before the first act?

Sentences from the same values the rules of scoring, ties and prizes work with; nothing is phrased by hand elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festival.core.sentence import N_, Points, Sentence


@dataclass(frozen=True, slots=True)
class ScoringWords:
    """The parameters a rubric contest is summed up by (columns of the contest)."""

    judges: int
    criteria: int
    total_milli: int
    deviation_drop: bool
    delta_milli: int
    strict: bool
    repeated: bool
    smallest_panel: int
    below_valid: bool
    round_milli: int


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
    if not rule.deviation_drop:
        said.append(N_("Điểm của tiết mục là trung bình cộng của các giám khảo."))
    else:
        said.append(
            N_(
                "Tính trung bình cộng của cả ban; bỏ điểm lệch quá %(delta)s điểm so với trung bình; "
                "điểm của tiết mục là trung bình các điểm còn lại.",
                delta=Points(rule.delta_milli),
            )
        )
        said.append(
            N_("Điểm lệch đúng %(delta)s vẫn được giữ.", delta=Points(rule.delta_milli))
            if rule.strict
            else N_("Điểm lệch đúng %(delta)s cũng bị bỏ.", delta=Points(rule.delta_milli))
        )
        said.append(N_("Xét lại nhiều lần đến khi không còn điểm lệch.") if rule.repeated else N_("Chỉ xét một lần."))
    if rule.smallest_panel > 1:
        said.append(_few_marks(rule))
    said.append(
        N_(
            "Giám khảo có liên quan đến thí sinh, đến muộn hoặc vắng mặt thì không chấm; đó không phải là điểm 0.",
        )
    )
    said.append(N_("Kết quả làm tròn một lần đến %(round)s điểm.", round=Points(rule.round_milli)))
    return said


def by_both(whose: str) -> Sentence:
    """Whose sheet counts when a judge is replaced in the middle."""
    if whose == "first":
        return N_("Giám khảo được thay giữa chừng: phiếu đã chấm vẫn tính, người thay chấm các tiết mục còn lại.")
    return N_("Giám khảo được thay giữa chừng: tiết mục cả hai đã chấm thì tính phiếu của người thay.")


def _few_marks(rule: ScoringWords) -> Sentence:
    """What happens to an entry that fewer have marked than must."""
    if not rule.below_valid:
        return N_("Có dưới %(smallest)s điểm thì chưa có kết quả hợp lệ.", smallest=rule.smallest_panel)
    if rule.deviation_drop:
        return N_("Có dưới %(smallest)s điểm thì không bỏ điểm nào.", smallest=rule.smallest_panel)
    return N_(
        "Có dưới %(smallest)s điểm thì ban giám khảo quyết định trước khi xếp hạng.", smallest=rule.smallest_panel
    )


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
            case "less_overtime":
                said.append(N_("Quá giờ ít hơn."))
            case "best_attempt":
                said.append(N_("Lượt tốt tiếp theo hơn."))
            case "first_places":
                said.append(N_("Nhiều giải Nhất hơn."))
            case "members":
                said.append(N_("Nhiều thành viên tham gia hơn."))
            case _:
                said.append(N_("Ban giám khảo quyết định, ghi lý do vào biên bản."))
    return said
