"""Is every key in which two rule documents differ told in words, old and new?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from config import ROOT
from festival.editions.rules.shapes import SHAPES
from festival.setup.difference_words import LABELS
from festival.setup.differences import contest_differences, differences
from festival.setup.pieces import Document

RULES = ROOT / "festival" / "editions" / "data" / "rulesets"
INSIDE = {
    "sources": "source",
    "festival": "festival",
    "quotas": "quotas",
    "delegations": "delegation",
    "contests": "contest",
    "whole_delegation": "whole_delegation",
    "special_prizes": "special_prize",
    "families_per_delegation": "span",
    "members_per_family": "span",
    "contests_per_family": "span",
    "entries_per_delegation": "span",
    "performers": "span",
    "composition": "composed",
    "part": "part",
    "after": "after",
    "overtime": "overtime",
    "bracket": "bracket",
    "questions": "question",
    "undertime": "undertime",
    "dishes": "dishes",
    "deductions": "deduction",
    "drop_by_panel": "panel_step",
    "criteria": "criterion",
    "descriptors": "descriptor",
    "scoring": "scoring",
    "points_scale": "scale_step",
    "of": "summed",
    "ties": "tie",
    "prizes": "prize",
}


def home() -> Document:
    document: Document = json.loads((RULES / "kien-giang-2024.json").read_text(encoding="utf-8"))
    return document


def said(before: Document, after: Document) -> list[str]:
    return [str(each.told) for each in differences(before, after)]


def every_key() -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Each key of each shape, with a path to it in a document that says everything once."""
    todo: list[tuple[str, tuple[str | int, ...]]] = [("ruleset", ())]
    seen: set[str] = set()
    while todo:
        shape, path = todo.pop()
        if shape in seen:
            continue
        seen.add(shape)
        for key in SHAPES[shape]:
            yield f"{shape}.{key}", (*path, key)
            if key in INSIDE:
                held = at(full(), (*path, key))
                todo.append((INSIDE[key], (*path, key, 0) if isinstance(held, list) else (*path, key)))


def full() -> Document:
    """Not a sound document: one in which every key of every shape stands."""
    made: dict[str, Any] = {}
    for shape in reversed(SHAPES):
        one = {key: f"{shape} {key}" for key in SHAPES[shape]}
        made[shape] = one
    many = (
        "sources",
        "delegations",
        "contests",
        "special_prizes",
        "criteria",
        "descriptors",
        "composition",
        "deductions",
        "drop_by_panel",
        "points_scale",
        "of",
        "ties",
        "prizes",
    )

    def filled(shape: str) -> dict[str, Any]:
        return {
            key: ([filled(INSIDE[key])] if key in many else filled(INSIDE[key])) if key in INSIDE else words
            for key, words in made[shape].items()
        }

    document = filled("ruleset") | {"invented": ["một điều"]}
    for ladder in (document["contests"][0]["ties"], document["whole_delegation"]["ties"]):
        ladder[0]["by"] = "criterion"
    return document


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def test_every_key_of_every_shape_is_walked() -> None:
    assert {name for name, _ in every_key()} == {f"{shape}.{key}" for shape, keys in SHAPES.items() for key in keys}


@pytest.mark.parametrize(("name", "path"), list(every_key()))
def test_every_key_that_differs_is_told(name: str, path: tuple[str | int, ...]) -> None:
    before, after = full(), full()
    holder = at(after, path[:-1])
    holder[path[-1]] = "một giá trị khác" if path[-1] not in INSIDE and path[-1] != "invented" else None
    told = said(before, after)
    assert told != []
    if isinstance(holder[path[-1]], str):
        assert any("một giá trị khác" in each for each in told)
    assert said(before, full()) == []


def test_every_key_has_a_name() -> None:
    for shape, names in LABELS.items():
        assert set(names) == set(SHAPES[shape])


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("festival", "starts_on"), "2024-06-15", "Ngày hội. Ngày khai mạc: 14/6/2024 → 15/6/2024."),
        (("festival", "host"), None, "Ngày hội. Đơn vị đăng cai: «huyện Hòn Đất» → không ghi."),
        (("festival", "commune_contest"), True, "Ngày hội. Hội thi cấp xã: không ghi → có."),
        (
            ("quotas", "families_per_delegation"),
            {"min": 4, "max": 7},
            "Chỉ tiêu. Số gia đình mỗi đoàn: 4–6 → 4–7.",
        ),
        (
            ("contests", 0, "secrecy"),
            "công bố ngay",
            "Phần thi «Gia đình tài năng». Công khai: Kín đến khi công bố → Công bố ngay.",
        ),
        (
            ("contests", 0, "scoring", "delta"),
            12.5,
            "Phần thi «Gia đình tài năng». Mức lệch (Cách tính điểm): 15 → 12,5.",
        ),
        (
            ("contests", 0, "criteria", 0, "max"),
            20,
            "Phần thi «Gia đình tài năng». Điểm tối đa của tiêu chí «Nội dung, chủ đề»: 30 → 20.",
        ),
        (
            ("contests", 0, "ties"),
            [{"by": "members"}, {"by": "criterion", "criterion": "sang-tao"}, {"by": "jury"}],
            (
                "Phần thi «Gia đình tài năng». Khi bằng điểm, xét lần lượt: tiêu chí «Nội dung, chủ đề», nhiều thành viên hơn, "
                "ban giám khảo quyết định → nhiều thành viên hơn, tiêu chí «Sáng tạo», ban giám khảo quyết định."
            ),
        ),
        (
            ("contests", 1, "prizes"),
            [{"name": "Nhất", "count": 2}],
            (
                "Phần thi «Biểu diễn trang phục về gia đình». Giải: Nhất: 1, Nhì: 2, Ba: 3, Khuyến khích: tất cả còn lại → "
                "Nhất: 2."
            ),
        ),
        (
            ("special_prizes", 3, "contest"),
            "nau-an",
            (
                "Giải phụ. Giải phụ: «Gia đình nhiều thế hệ nhất», «Thí sinh nhỏ tuổi nhất», «Người cao tuổi nhất», «Trang phục "
                "ấn tượng» của phần thi «Biểu diễn trang phục về gia đình» → «Gia đình nhiều thế hệ nhất», «Thí sinh nhỏ tuổi "
                "nhất», «Người cao tuổi nhất», «Trang phục ấn tượng» của phần thi «Thi nấu ăn «Khéo tay cuối tuần»»."
            ),
        ),
        (
            ("delegations", 3, "name"),
            "Đoàn Hòn Đất",
            "Đoàn. Tên của đoàn «Đoàn Hòn Đất»: «Đoàn huyện Hòn Đất» → «Đoàn Hòn Đất».",
        ),
    ],
)
def test_old_and_new_are_said_as_people_read_them(path: tuple[str | int, ...], value: Any, told: str) -> None:
    after = home()
    at(after, path[:-1])[path[-1]] = value
    assert said(home(), after) == [told]


def test_contests_and_criteria_come_go_and_move() -> None:
    after = home()
    after["contests"][0], after["contests"][1] = after["contests"][1], after["contests"][0]
    gone = after["contests"].pop()
    after["contests"].append({**after["contests"][2], "code": "banh", "name": "Làm bánh"})
    criteria = after["contests"][1]["criteria"]
    criteria.append({**criteria.pop(0), "code": "moi", "name": "Điều mới"})
    assert said(home(), after) == [
        "Phần thi «Gia đình tài năng». Thêm tiêu chí «Điều mới» (mã moi).",
        "Phần thi «Gia đình tài năng». Bỏ tiêu chí «Nội dung, chủ đề» (mã noi-dung).",
        "Phần thi. Thêm «Làm bánh» (mã banh).",
        f"Phần thi. Bỏ «{gone['name']}» (mã cau-long).",
        (
            "Phần thi. Thứ tự: Gia đình tài năng, Biểu diễn trang phục về gia đình, Thi nấu ăn «Khéo tay cuối tuần», Ném bóng "
            "vào rổ, Đá bóng vào cầu môn → Biểu diễn trang phục về gia đình, Gia đình tài năng, Thi nấu ăn «Khéo tay cuối "
            "tuần», Ném bóng vào rổ, Đá bóng vào cầu môn."
        ),
    ]


def test_a_delegation_is_known_by_its_unit_and_a_moved_one_is_only_moved() -> None:
    after = home()
    after["delegations"][0]["code"] = "rach-gia-moi"
    assert said(home(), after) == ["Đoàn. Mã của đoàn «Đoàn thành phố Rạch Giá»: «rach-gia» → «rach-gia-moi»."]
    after = home()
    after["delegations"] = [
        *after["delegations"][1:3],
        {"code": "truong", "name": "Trường An Khương"},
        after["delegations"][0],
    ]
    told = said(home(), after)
    assert told[0] == "Đoàn. Thêm «Trường An Khương» (mã truong)."
    assert len(told) == 1 + 12 + 1
    assert told[-1].startswith("Đoàn. Thứ tự: Đoàn thành phố Rạch Giá, Đoàn thành phố Hà Tiên")


def test_numbers_typed_and_stored_are_one_number() -> None:
    after = deepcopy(home())
    after["contests"][0]["criteria"][0]["step"] = Decimal("0.25")
    after["contests"][0]["duration_min"] = 15.0
    after["special_prizes"] = list(after["special_prizes"])
    after["invented"] = list(after["invented"])
    assert said(home(), after) == []


def test_one_contest_is_compared_alone() -> None:
    before = home()["contests"][0]
    assert [str(each.said) for each in contest_differences(before, before | {"judges": 7})] == ["Số giám khảo: 5 → 7."]
