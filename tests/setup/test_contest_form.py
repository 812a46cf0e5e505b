"""Does the page of a contest say everything a rule file can say, and nothing else than what was there?"""

from __future__ import annotations

import json
from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest

from config import ROOT
from festival.contests.panel import JudgeTotal, PanelMean, SheetState, panel_mean
from festival.core.sentence import Points
from festival.editions.reconstruction import convert, is_reconstruction
from festival.editions.rules.document import BrokenRuleset, parse
from festival.editions.rules.file import read
from festival.editions.rules.scoring import ScoringKind, Shortfall
from festival.setup.contest_editor.example import example, examples, rule_for
from festival.setup.contest_editor.field_words import beside_fields
from festival.setup.contest_editor.piece import said, shown
from festival.setup.contest_editor.typed import (
    MOST_ROWS,
    code_of,
    empty,
    number,
    pressed,
    settled,
    typed,
    without_blanks,
)
from festival.setup.contest_editor.view import differences, fields, view
from festival.setup.fault_words import elsewhere
from festival.setup.saving import written
from festival.setup.templates import offered

FILES = [
    *sorted((ROOT / "festival" / "editions" / "data" / "rulesets").glob("*.json")),
    *(ROOT / "docs" / "examples").glob("*.json"),
]

# A contest of each kind with every key it can say, and each default said and unsaid.
EVERY_KEY: list[dict[str, Any]] = [
    {
        "code": "a", "name": "A", "kind": "rubric", "secrecy": "kín", "entry": "team", "part": {"code": "p", "name": "P"},
        "entries_per_delegation": {"min": 0, "max": 2}, "performers": {"min": 3, "max": 9}, "duration_min": 15, "changeover_min": 0, "together_min": 90,
        "composition": [{"what": "women", "least": 2}, {"what": "ages", "from": 6, "to": 15, "most": 3, "on": "2099-06-01", "otherwise": "warn"}],
        "overtime": {"grace_s": 0, "minus_per_started_minute": 0.5, "limit": 2.125},
        "undertime": {"least_s": 90, "minus_per_started_minute": 1, "limit": 3},
        "deductions": [{"code": "dc", "name": "Đạo cụ", "points": 0.5}, {"code": "tp", "name": "Trang phục", "points": 1}], "judges": 7,
        "criteria": [
            {"code": "x", "name": "X", "min": 6, "max": 10, "step": 0.25,
             "part": "Quy trình", "descriptors": [{"from": 6, "text": "đạt"}, {"from": 9.5, "text": "giỏi"}]},
            {"code": "y", "name": "Y", "min": 0, "max": 5.5, "step": 0.1, "descriptors": []},
        ],
        "total": 15.5, "paper": "twice", "confirming": "required",
        "marked_by_both": "substitute", "dishes": {"least": 4, "most": 5}, "budget_vnd": 600000,
        "scoring": {"rule": "deviation_drop", "delta": 1.5, "strict": False, "passes": "repeated", "smallest_panel": 4,
                    "below": "not_valid", "all_dropped": "not_valid", "round": 0.01},
        "ties": [{"by": "criterion", "criterion": "x"}, {"by": "less_overtime"}, {"by": "members"}, {"by": "jury"}],
        "place_points": [7, 5.5, 0], "prizes": [{"name": "Nhất", "count": 1, "from": 9.5}, {"name": "Nhì", "from": 8, "share_percent": 35.5}, {"name": "KK", "count": "rest"}],
    },
    {"code": "b", "name": "B", "kind": "rubric", "secrecy": "kín", "entry": "family", "duration_min": 1, "judges": 3,
     "criteria": [{"code": "x", "name": "X", "max": 10, "step": 1}],
     "scoring": {"rule": "deviation_drop", "delta": 2, "strict": True, "passes": "one", "below": "keep_all", "all_dropped": "keep_all"}, "ties": [{"by": "members"}], "prizes": [], "place_points": []},
    {"code": "c", "name": "C", "kind": "count", "secrecy": "công bố ngay", "duration_min": 3, "lanes": 4, "attempts": 3, "attempts_count": "sum",
     "unit_label": "quả", "best_possible": 10, "points_scale": [{"reach": 8, "points": 10}, {"reach": 2.5, "points": 1}],
     "counters": 2, "counters_apart": 1, "counters_take": "mean", "ties": [{"by": "best_attempt"}]},
    {"code": "d", "name": "D", "kind": "time", "secrecy": "công bố ngay", "duration_min": 3, "better": "more", "ties": []},
    {"code": "e", "name": "E", "kind": "match", "secrecy": "công bố ngay", "duration_min": 3, "shared_from": 3,
     "bracket": {"best_of": 3, "points": 21, "lead": 2, "cap": 30, "third": "played"}},
    {"code": "f", "name": "F", "kind": "quiz", "secrecy": "công bố ngay", "duration_min": 3, "points_per_answer": 0.5},
    {"code": "g", "name": "G", "kind": "rubric", "secrecy": "kín", "duration_min": 1, "judges": 7, "criteria": [{"code": "x", "name": "X", "max": 10, "step": 1, "weight": 1.5},
                  {"code": "z", "name": "Z", "min": -2, "max": 0, "step": 0.5}],
     "scoring": {"rule": "trimmed_mean", "drop_high": 1, "drop_low": 2, "rounding": "truncate"}, "ties": [{"by": "firsts"}, {"by": "chair"}, {"by": "head_to_head"}]},
    {"code": "h", "name": "H", "kind": "rubric", "secrecy": "kín", "duration_min": 1, "judges": 7,
     "criteria": [{"code": "x", "name": "X", "max": 10, "step": 1}],
     "scoring": {"rule": "trimmed_mean", "rounding": "half_up", "drop_by_panel": [{"from": 3, "closest": 2}, {"from": 4, "high": 1, "low": 1}]}},
    {"code": "i", "name": "I", "kind": "rubric", "secrecy": "kín", "duration_min": 1, "judges": 7,
     "criteria": [{"code": "x", "name": "X", "max": 10, "step": 1}],
     "scoring": {"rule": "deviation_drop", "delta_percent": 12.5}},
    {"code": "j", "name": "J", "kind": "rubric", "secrecy": "kín", "duration_min": 1, "judges": 7,
     "criteria": [{"code": "x", "name": "X", "max": 10, "step": 1}], "scoring": {"rule": "rank_sum"}},
    {"code": "k", "name": "K", "kind": "rubric", "secrecy": "kín", "duration_min": 1, "judges": 7, "criteria": [{"code": "x", "name": "X", "max": 10, "step": 1}], "scoring": {"rule": "median"}, "after": {"contest": "i", "take": 6, "weight": 30}},
    {"code": "l", "name": "L", "kind": "quiz", "secrecy": "kín", "duration_min": 3, "counters": 2,
     "questions": [{"count": 20, "points": 10, "seconds": 15}, {"code": "gd", "name": "Về đích", "points": 30, "minus": 15},
                   {"count": 12, "points": 10, "seconds_together": 120}]},
    {"code": "m", "name": "M", "kind": "sum", "secrecy": "kín", "sum": "place_points", "of": [{"contest": "a", "weight": 1.5}, {"contest": "b"}],
     "ties": [{"by": "contest", "contest": "b"}, {"by": "first_places"}]},
]  # fmt: skip


def contests() -> list[Any]:
    found = [*EVERY_KEY, *(each.piece for each in offered())]
    for path in FILES:
        found += json.loads(path.read_text(encoding="utf-8"))["contests"]
    return [pytest.param(each, id=f"{at}-{each['code']}") for at, each in enumerate(found)]


def kept(piece: Any) -> Any:
    """As a document keeps it: numbers of JSON, and no list with nothing in it inside a criterion."""
    plain = json.loads(written(piece))
    for each in plain.get("criteria", []):
        if not each.get("descriptors"):
            each.pop("descriptors", None)
    return plain


@pytest.mark.parametrize("piece", contests())
def test_there_and_back_through_the_page_changes_nothing(piece: dict[str, Any]) -> None:
    sent = [(name, value) for name, value in fields(shown(piece)).items() if value]
    page = typed(sent)
    settled(page)
    without_blanks(page)
    assert kept(said(page, piece)) == kept(piece)


def test_the_reconstruction_of_the_home_edition_goes_through_the_page_too() -> None:
    path = ROOT / "festival" / "editions" / "data" / "sources" / "kien-giang-2024-likely.json"
    document = parse(path.read_bytes())
    assert isinstance(document, dict)
    assert is_reconstruction(document)
    for piece in convert(document)["contests"]:
        assert kept(said(shown(piece), piece)) == kept(piece)


def a_page(**changed: str) -> dict[str, Any]:
    return shown(EVERY_KEY[0]) | changed


def test_a_row_is_added_moved_and_removed_and_the_focus_follows() -> None:
    page = a_page()
    assert pressed(page, "add:criteria") == "criteria.2.name"
    assert page["criteria"][2] == {
        "name": "", "max": "", "step": "0,1", "min": "", "weight": "", "levels": "", "code": "", "was": "",
    }  # fmt: skip
    assert pressed(page, "up:criteria:1") == "down:criteria:0"
    assert [row["code"] for row in page["criteria"]] == ["y", "x", ""]
    assert pressed(page, "down:criteria:0") == "down:criteria:1"
    assert pressed(page, "remove:criteria:0") == "add:criteria"
    # its rung of the ladder goes with it
    assert page["ties"] == [{"rung": "less_overtime"}, {"rung": "members"}]
    page["rung"] = "criterion:y"
    assert pressed(page, "add:ties") == "ties.2"
    assert pressed(page, "up:ties:2") == "up:ties:1"
    assert page["ties"] == [{"rung": "less_overtime"}, {"rung": "criterion:y"}, {"rung": "members"}]


@pytest.mark.parametrize("button", [
    "up:criteria:0", "down:criteria:1", "remove:criteria:9", "remove:criteria:x", "add:nothing", "add:criteria.1.levels",
    "fill:prizes:none", "what", "", "remove:criteria:-1", "up:criteria:²",
])  # fmt: skip
def test_a_button_without_its_row_does_nothing(button: str) -> None:
    page = a_page()
    before = deepcopy(page)
    pressed(page, button)
    assert page == before


def test_presets_fill_prizes_and_points_for_places() -> None:
    page = empty() | {"places": "4"}
    pressed(page, "fill:prizes:1-2-3")
    pressed(page, "fill:place_points")
    page |= {"kind": "match", "name": "Cờ", "code": "co"}
    found = said(page, {})
    assert found["prizes"] == [
        {"name": "Nhất", "count": 1},
        {"name": "Nhì", "count": 2},
        {"name": "Ba", "count": 3},
        {"name": "Khuyến khích", "count": "rest"},
    ]
    assert found["place_points"] == [4, 3, 2, 1]


@pytest.mark.parametrize("places", ["", "0", "61", "9999", "7,5", "x"])
def test_a_number_of_places_that_cannot_be_leaves_the_points_as_they_are(places: str) -> None:
    page = empty() | {"places": places, "place_points": [{"points": "3"}, {"points": "1"}]}
    assert pressed(page, "fill:place_points") == "places"
    assert page["place_points"] == [{"points": "3"}, {"points": "1"}]


def test_codes_come_from_names_without_marks_and_stay_when_the_name_changes() -> None:
    page = empty() | {"name": "Gia đình tài năng", "part.name": "Gia đình thể thao"}
    for name in ("Nội dung", "Nội dung", "???"):
        pressed(page, "add:criteria")
        page["criteria"][-1]["name"] = name
    settled(page, taken=["gia-dinh-tai-nang"], parts={"tt": "Gia đình thể thao"})
    assert page["code"] == "gia-dinh-tai-nang-2"
    assert page["part.code"] == "tt"
    assert [row["code"] for row in page["criteria"]] == ["noi-dung", "noi-dung-2", "muc"]
    page["name"], page["criteria"][0]["name"] = "Tài năng", "Chủ đề"
    settled(page)
    assert (page["code"], page["criteria"][0]["code"]) == ("gia-dinh-tai-nang-2", "noi-dung")


def test_a_rung_follows_its_criterion_to_another_code() -> None:
    page = a_page()
    page["criteria"][0]["code"] = "moi"
    settled(page)
    assert page["ties"][0] == {"rung": "criterion:moi"}


def test_what_another_kind_uses_is_kept_unseen_and_not_said() -> None:
    page = a_page(kind="count")
    assert "criteria" not in said(page, {})
    assert said(page, {})["ties"] == [{"by": "members"}, {"by": "jury"}]
    unseen = dict(view(page).others)
    assert unseen["criteria.0.name"] == "X"
    # of what the page shows and what it hides together, everything comes back
    drawn = {name: value for name, value in fields(page).items() if not name.startswith("ties.")}
    rungs = {f"ties.{at}.rung": rung for at, (rung, _words) in enumerate(view(page).rungs)}
    back = typed([*drawn.items(), *rungs.items(), *(each for each in unseen.items() if each[0].startswith("ties."))])
    back["kind"] = "rubric"
    assert said(back, EVERY_KEY[0])["criteria"] == said(a_page(), EVERY_KEY[0])["criteria"]
    assert {each["rung"] for each in back["ties"]} == {each["rung"] for each in a_page()["ties"]}


def test_rows_beyond_the_most_and_strange_names_are_left_out() -> None:
    sent = [(f"prizes.{at}.name", str(at)) for at in range(200)]
    page = typed([*sent, ("prizes.1.what", "x"), ("criteria.0.what", "x"), ("nothing", "x"), ("criteria", "x")])
    assert [row["name"] for row in page["prizes"]] == [str(at) for at in range(MOST_ROWS)]
    assert "nothing" not in page
    assert page["criteria"] == []


@pytest.mark.parametrize(("text", "found"), [
    ("8,75", "8.75"), ("8.75", "8.75"), ("30", "30"), ("", "None"), ("1.000,5", "1.000,5"), ("-1", "-1"), ("mười", "mười"),
    ("1e5", "1e5"), ("٣", "٣"), ("2,0", "2"),
])  # fmt: skip
def test_a_number_is_read_with_comma_and_point(text: str, found: str) -> None:
    assert str(number(text)) == found


def test_a_code_is_short_and_never_empty() -> None:
    assert code_of("Thi nấu ăn «Khéo tay cuối tuần»") == "thi-nau-an-kheo-tay-cuoi-tuan"
    assert len(code_of("Tiêu chí rất dài " * 20)) <= 40
    assert code_of("«»") == "muc"


# ------------------------------------------------------------------------------------------------ what is computed


def test_total_share_and_legal_marks_are_computed_while_typing() -> None:
    page = a_page(total="40")
    found = view(page)
    assert str(found.total) == "Tổng: 15,5 điểm của 2 tiêu chí, khác tổng ghi để kiểm tra (40)."
    assert [each.share_milli for each in found.criteria] == [64_500, 35_500]
    assert [str(each.marks) for each in found.criteria] == [
        "Chấm được 6; 6,25; 6,5 … 10 (17 mức)",
        "Chấm được 0; 0,1; 0,2 … 5,5 (56 mức)",
    ]
    page["criteria"][1]["step"] = "2"
    assert str(view(page).criteria[1].marks) == "Không chấm được 5,5 theo bước 2."
    page["criteria"][1]["max"] = "nhiều"
    assert str(view(page | {"total": ""}).total) == "Tổng: 10 điểm của 1 tiêu chí."


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("judges", range(1, 10))
@pytest.mark.parametrize(("total", "step"), [(100_000, 250), (10_000, 250), (20_000, 500), (5_000, 1000)])
@pytest.mark.parametrize("delta", [100, 1500, 15_000])
def test_the_worked_example_is_the_real_rule(strict: bool, judges: int, total: int, step: int, delta: int) -> None:
    rule = rule_for(delta, strict, 1, Shortfall.KEEP_ALL, Shortfall.KEEP_ALL, 10)
    found = example(rule, judges, total, step)
    assert found is not None
    given = [each.values["points"] for each in found.totals]
    marks = [each.milli for each in given if isinstance(each, Points)]
    assert len(marks) == judges
    assert all(0 <= each <= total and each % step == 0 for each in marks)
    panel = panel_mean(
        [JudgeTotal(letter, SheetState.MARKED, m) for letter, m in zip("ABCDEFGHI", marks, strict=False)], rule
    )
    assert isinstance(panel, PanelMean)
    assert found.points is not None
    assert found.points.values["points"] == Points((panel.mean / 10 + Fraction(1, 2)).__floor__() * 10)
    if judges >= 3 and 4 * step <= delta < total // 4:
        assert [each.judge for each in panel.dropped] == ["ABCDEFGHI"[judges - 1]]


def test_the_example_tells_every_step_in_words() -> None:
    rule = rule_for(1500, True, 3, Shortfall.KEEP_ALL, Shortfall.KEEP_ALL, 1)
    found = examples(rule, 5, 10_000, 250)
    one = found["one"]
    assert one is not None
    assert [str(each) for each in one.totals] == ["A: 8,5", "B: 8,5", "C: 8,5", "D: 8,5", "E: 6,25"]
    assert [str(each) for each in one.steps] == [
        "Trung bình của cả ban: 8,05.",
        "Điểm 6,25 của giám khảo E lệch 1,8 so với trung bình (mức 1,5): bỏ.",
        "Trung bình các điểm còn lại: 8,5.",
    ]
    assert str(one.points) == "Điểm của tiết mục: 8,5."
    mean = found["mean"]
    assert mean is not None
    assert str(mean.points) == "Điểm của tiết mục: 8,05."
    assert examples(rule_for(0, True, 3, Shortfall.KEEP_ALL, Shortfall.KEEP_ALL, 1), 5, 10_000, 250).keys() == {
        "mean",
        "median",
    }
    assert example(rule, 0, 10_000, 250) is None
    assert rule.kind is ScoringKind.DEVIATION_DROP


# ------------------------------------------------------------------------------------------------ faults


def document(piece: dict[str, Any], whole: str = "place_points") -> dict[str, Any]:
    path = ROOT / "festival" / "editions" / "data" / "rulesets" / "hon-quan-2024.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    found["contests"] = [*found["contests"][2:], piece]
    found["whole_delegation"] |= {"sum": whole, "ties": []}
    return found


@pytest.mark.parametrize(
    ("typed_otherwise", "field", "words"),
    [
        ({"name": ""}, "name", "Chưa ghi."),
        ({"code": "Tài năng"}, "code", "mã «Tài năng» chỉ được gồm chữ thường không dấu, số và dấu gạch nối"),
        ({"duration_min": "lâu"}, "duration_min", "Hãy ghi số nguyên, ví dụ 5."),
        ({"judges": ""}, "judges", "Chưa ghi."),
        ({"judges": "3"}, "scoring.smallest_panel", "Cần ít nhất 4 giám khảo chấm nhưng ban chỉ có 3 người."),
        ({"scoring.delta": ""}, "scoring.delta", "Hãy ghi mức lệch, ví dụ 1,5."),
        ({"total": "40"}, "total", ("Tổng ghi là 40 nhưng các tiêu chí cộng lại là 15,5. "
         "Hãy sửa tiêu chí, hoặc sửa hay bỏ trống tổng này.")),
        ({"criteria.1.step": "2"}, "criteria.1.step", ("Bước điểm không chia hết điểm tối đa, nên không ai chấm được điểm "
         "tối đa. Hãy đổi bước hoặc điểm tối đa.")),
        ({"criteria.1.max": "x"}, "criteria.1.max", "Hãy ghi số điểm, ví dụ 8,75."),
        ({"criteria.0.levels": "6: đạt\n\n11: giỏi"}, "criteria.0.levels", "Dòng 2: lớn hơn điểm tối đa"),
        ({"criteria.0.levels": "đạt"}, "criteria.0.levels", ("Dòng 1: hãy ghi điểm, dấu hai chấm, rồi lời mô tả, "
         "ví dụ 9: Xuất sắc.")),
        ({"entries_per_delegation.max": ""}, "entries_per_delegation.max", "Chưa ghi."),
        ({"performers.min": "12"}, "performers.min", "Ít nhất 12 lại lớn hơn nhiều nhất 9."),
        ({"overtime.grace_s": ""}, "overtime.grace_s", "Chưa ghi."),
        ({"place_points.1.points": "9"}, "place_points.1.points", "hạng sau không được nhiều điểm hơn hạng trước"),
        ({"prizes.1.count": "x", "prizes.1.rest": ""}, "prizes.1.count", "Hãy ghi số nguyên, ví dụ 5."),
        ({"ties.1.rung": "criterion:khong-co"}, "ties.1", "Tiêu chí của bậc này không còn. Hãy bỏ bậc này."),
        ({"secrecy": "mật"}, "secrecy", "Hãy chọn một trong các cách."),
    ],
)  # fmt: skip
def test_a_fault_stands_beside_its_field_in_words(typed_otherwise: dict[str, str], field: str, words: str) -> None:
    page = typed((fields(shown(EVERY_KEY[0])) | typed_otherwise).items())
    with pytest.raises(BrokenRuleset) as told:
        read(parse(written(document(said(page, EVERY_KEY[0])))))
    own, others = beside_fields(told.value.problems, 2, len(page["ties"]))
    assert [(name, [str(each) for each in said_there]) for name, said_there in own.items()] == [(field, [words])]
    assert others == []


@pytest.mark.parametrize(
    ("piece", "whole", "field"),
    [
        (EVERY_KEY[3], "points", "place_points"),
        (EVERY_KEY[3], "place_points", "place_points"),
        (EVERY_KEY[5] | {"place_points": [1]}, "place_points", "points_per_answer"),
        (EVERY_KEY[2] | {"place_points": [1]}, "points", "points_scale"),
    ],
)
def test_conversions_that_miss_or_are_one_too_many_are_told(piece: dict[str, Any], whole: str, field: str) -> None:
    stated = document(piece, whole)
    with pytest.raises(BrokenRuleset) as told:
        read(parse(written(stated)))
    own, _others = beside_fields(told.value.problems, 2, 1)
    assert list(own) == [field]
    assert "khóa" not in str(own[field][0])


def test_a_fault_elsewhere_in_the_edition_is_told_with_its_place() -> None:
    stated = document(EVERY_KEY[0])
    stated["contests"][0]["duration_min"] = 0
    with pytest.raises(BrokenRuleset) as told:
        read(parse(written(stated)))
    own, others = beside_fields(told.value.problems, 2, 3)
    assert own == {}
    assert [str(each) for each in elsewhere(others)] == [
        "Ở chỗ khác của thể lệ (Phần thi 1 › Số phút mỗi tiết mục): phải từ 1 đến 600, không phải 0"
    ]
    named = stated["contests"][0]["name"]
    assert [str(each) for each in elsewhere(others, stated)] == [
        f"Ở chỗ khác của thể lệ (Phần thi «{named}» › Số phút mỗi tiết mục): phải từ 1 đến 600, không phải 0"
    ]


def test_differences_are_told_field_by_field() -> None:
    mine = a_page(name="B", secrecy="công bố ngay")
    mine["criteria"] = mine["criteria"][:1]
    found = [
        (each.field, str(each.label), each.row, str(each.theirs), str(each.mine))
        for each in differences(EVERY_KEY[0], mine)
    ]
    assert found[:2] == [
        ("name", "Tên phần thi", None, "A", "B"),
        (
            "secrecy",
            "Khi nào mọi người được biết",
            None,
            "Kín: chỉ ban giám khảo biết cho đến khi công bố",
            "Công bố ngay: mọi người thấy kết quả ngay khi ghi",
        ),
    ]
    assert ("criteria.1.name", "Tên tiêu chí", 2, "Y", "") in found
