"""Until when may each key of a contest's rules change, and which columns hold it? Pure.

One table for the pages that say it (`setup.deadlines`) and for the save that holds it (`contests.actions`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from festival.core.sentence import N_, Sentence


class Until(StrEnum):
    """Until when a key of the rules may change."""

    NEVER = "never"  # by it the thing is known: another code is another thing
    FIRST_MARK = "first_mark"  # what decides points: until the contest's first mark, count or time
    SIGNING = "signing"  # what the minutes settle: until they are signed
    PUBLICATION = "publication"  # words: until the result is public
    REGISTRATION = "registration"  # until somebody is registered with it
    TAKEN = "taken"  # at any time, never below what is approved
    ALWAYS = "always"  # at any time


# Key of the rule file -> until when, and the columns of `contest` it fills.
CONTEST: Mapping[str, tuple[Until, tuple[str, ...]]] = {
    "contest.code": (Until.NEVER, ()),
    "contest.name": (Until.PUBLICATION, ("name",)),
    "contest.part": (Until.PUBLICATION, ("part_code", "part_name")),
    "contest.kind": (Until.FIRST_MARK, ("result_kind",)),
    "contest.secrecy": (Until.FIRST_MARK, ("secrecy",)),
    "contest.published": (Until.FIRST_MARK, ("published",)),
    "contest.shown_to_heads": (Until.FIRST_MARK, ("shown_to_heads",)),
    "contest.entry": (Until.FIRST_MARK, ("entrant",)),
    "contest.entries_per_delegation": (Until.TAKEN, ("entries_min", "entries_per_delegation")),
    "contest.performers": (Until.FIRST_MARK, ("performers_min", "performers_max")),
    "contest.composition": (Until.FIRST_MARK, ("composition",)),
    "contest.duration_min": (Until.FIRST_MARK, ("duration_min",)),
    "contest.changeover_min": (Until.PUBLICATION, ("changeover_min",)),
    "contest.together_min": (Until.PUBLICATION, ("together_min",)),
    "contest.lanes": (Until.FIRST_MARK, ("lanes",)),
    "contest.overtime": (Until.FIRST_MARK, ("grace_s", "overtime_penalty_milli", "overtime_limit_milli")),
    "contest.undertime": (Until.FIRST_MARK, ("least_s", "undertime_penalty_milli", "undertime_limit_milli")),
    "contest.deductions": (Until.FIRST_MARK, ("deductions",)),
    "contest.judges": (Until.FIRST_MARK, ("panel_size",)),
    "contest.criteria": (Until.FIRST_MARK, ()),  # how many and in which order; their words below
    "contest.total": (Until.FIRST_MARK, ()),  # computed
    "contest.scoring": (
        Until.FIRST_MARK,
        (
            "aggregate", "delta_milli", "drop_strict", "drop_passes", "smallest_panel", "drop_below", "all_dropped",
            "round_milli", "rounding", "delta_percent_milli", "drop_high", "drop_low", "drop_by_panel",
        ),
    ),
    "contest.corrections": (Until.FIRST_MARK, ("corrections",)),
    "contest.comments": (Until.FIRST_MARK, ("comments",)),
    "contest.marked_by_both": (Until.FIRST_MARK, ("marked_by_both",)),
    "contest.better": (Until.FIRST_MARK, ("lower_wins",)),
    "contest.attempts": (Until.FIRST_MARK, ("attempts",)),
    "contest.attempts_count": (Until.FIRST_MARK, ("attempts_count",)),
    "contest.unit_label": (Until.PUBLICATION, ("unit_label",)),
    "contest.best_possible": (Until.FIRST_MARK, ("best_possible",)),
    "contest.points_per_answer": (Until.FIRST_MARK, ("points_per_answer_milli",)),
    "contest.questions": (Until.FIRST_MARK, ("questions",)),
    "contest.points_scale": (Until.FIRST_MARK, ("points_scale",)),
    "contest.shared_from": (Until.FIRST_MARK, ("shared_from",)),
    "contest.bracket": (Until.FIRST_MARK, ("bracket",)),
    "contest.sum": (Until.FIRST_MARK, ("sum_by",)),
    "contest.of": (Until.FIRST_MARK, ("sum_of",)),
    "contest.counters": (Until.FIRST_MARK, ("counters",)),
    "contest.counters_apart": (Until.FIRST_MARK, ("counters_apart",)),
    "contest.counters_take": (Until.FIRST_MARK, ("counters_take",)),
    "contest.paper": (Until.SIGNING, ("paper_typing",)),
    "contest.confirming": (Until.SIGNING, ("confirming",)),
    "contest.plates_of": (Until.FIRST_MARK, ("plates_of",)),
    "contest.dishes": (Until.FIRST_MARK, ("dishes_least", "dishes_most")),
    "contest.budget_vnd": (Until.FIRST_MARK, ("budget_vnd",)),
    "contest.ties": (Until.FIRST_MARK, ("tie_ladder",)),
    "contest.place_points": (Until.SIGNING, ("place_points",)),
    "contest.prizes": (Until.SIGNING, ("prizes",)),
    "contest.after": (Until.FIRST_MARK, ("after",)),
}  # fmt: skip
# Columns no key of the contest itself fills: its place among the others, the prizes outside the ranking.
BESIDE: Mapping[str, Until] = {"position": Until.ALWAYS, "special_prizes": Until.SIGNING}
# Key of a criterion -> until when, and the column of `criterion`.
CRITERION: Mapping[str, tuple[Until, str]] = {
    "contest.criteria.code": (Until.FIRST_MARK, "code"),
    "contest.criteria.name": (Until.PUBLICATION, "name"),
    "contest.criteria.min": (Until.FIRST_MARK, "min_milli"),
    "contest.criteria.max": (Until.FIRST_MARK, "max_milli"),
    "contest.criteria.step": (Until.FIRST_MARK, "step_milli"),
    "contest.criteria.weight": (Until.FIRST_MARK, "weight_milli"),
    "contest.criteria.part": (Until.PUBLICATION, "part"),
    "contest.criteria.descriptors": (Until.PUBLICATION, "descriptor"),
}

COLUMNS: Mapping[str, Until] = dict(BESIDE) | {
    column: until for until, columns in CONTEST.values() for column in columns
}
CRITERION_COLUMNS: Mapping[str, Until] = {column: until for until, column in CRITERION.values()}


def over(until: Until, *, fixed: bool, signed: bool, published: bool) -> bool:
    """Whether the time is over for a contest: it has a mark, its minutes are signed, its result is public."""
    return {Until.NEVER: True, Until.FIRST_MARK: fixed, Until.SIGNING: signed, Until.PUBLICATION: published}.get(
        until, False
    )


KEY_WORDS: Mapping[str, Sentence] = {
    "contest.name": N_("tên phần thi"),
    "contest.part": N_("nhóm phần thi"),
    "contest.kind": N_("cách thi"),
    "contest.secrecy": N_("công khai hay giữ kín"),
    "contest.published": N_("công bố đến đâu"),
    "contest.shown_to_heads": N_("trưởng đoàn xem được gì"),
    "contest.entry": N_("gia đình hay đội dự thi"),
    "contest.entries_per_delegation": N_("số tiết mục mỗi đoàn"),
    "contest.performers": N_("số người trên sân khấu"),
    "contest.composition": N_("thành phần của đội ghép"),
    "contest.duration_min": N_("thời gian một lượt"),
    "contest.changeover_min": N_("phút chuyển lượt"),
    "contest.together_min": N_("phút cùng làm"),
    "contest.lanes": N_("số đường thi một đợt"),
    "contest.overtime": N_("trừ điểm quá giờ"),
    "contest.undertime": N_("trừ điểm thiếu giờ"),
    "contest.deductions": N_("các khoản trừ điểm"),
    "contest.judges": N_("số giám khảo"),
    "contest.criteria": N_("tiêu chí"),
    "contest.scoring": N_("cách tính điểm"),
    "contest.corrections": N_("giám khảo sửa phiếu đến khi nào"),
    "contest.comments": N_("lời nhận xét gửi gia đình"),
    "contest.better": N_("nhanh thắng hay chậm thắng"),
    "contest.attempts": N_("số lần thử"),
    "contest.attempts_count": N_("tính lượt nào"),
    "contest.unit_label": N_("tên đơn vị đếm"),
    "contest.best_possible": N_("số cao nhất có thể"),
    "contest.points_per_answer": N_("điểm mỗi câu đúng"),
    "contest.questions": N_("các câu hỏi"),
    "contest.points_scale": N_("bậc điểm cho đoàn"),
    "contest.marked_by_both": N_("phiếu nào được tính khi thay giám khảo"),
    "contest.shared_from": N_("hạng được đồng hạng"),
    "contest.bracket": N_("cách tính trận và hạng ba"),
    "contest.sum": N_("cộng điểm hay điểm theo hạng"),
    "contest.of": N_("các phần thi được cộng"),
    "contest.counters": N_("số người đếm"),
    "contest.counters_apart": N_("hai người đếm lệch nhau nhiều nhất"),
    "contest.counters_take": N_("lấy số nào khi hai người đếm gần nhau"),
    "contest.plates_of": N_("chấm kín theo mâm của phần thi nào"),
    "contest.dishes": N_("số món"),
    "contest.budget_vnd": N_("mức tiền mua thực phẩm"),
    "contest.paper": N_("phiếu giấy gõ mấy lần"),
    "contest.confirming": N_("giám khảo xác nhận phiếu đã khóa"),
    "contest.ties": N_("thứ tự xét khi bằng nhau"),
    "contest.place_points": N_("điểm theo hạng cho đoàn"),
    "contest.prizes": N_("giải thưởng"),
    "contest.after": N_("vòng trước và số lượt thi vào vòng này"),
    "contest.criteria.name": N_("tên tiêu chí"),
    "contest.criteria.part": N_("nhóm tiêu chí"),
    "contest.criteria.descriptors": N_("lời mô tả mức điểm"),
    "special_prizes": N_("giải phụ"),
    "position": N_("thứ tự phần thi"),
}
# How a column is called where somebody is told that it stays; those of a criterion after "criteria."
COLUMN_WORDS: Mapping[str, Sentence] = {
    **{column: KEY_WORDS[path] for path, (_, columns) in CONTEST.items() for column in columns},
    **{column: KEY_WORDS[column] for column in BESIDE},
    "criteria.position": KEY_WORDS["contest.criteria"],
    **{
        f"criteria.{column}": KEY_WORDS.get(path, KEY_WORDS["contest.criteria"])
        for path, (_, column) in CRITERION.items()
    },
}
