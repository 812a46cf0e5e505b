"""What becomes of each line that somebody pastes, and which code does a thing get?"""

from __future__ import annotations

from datetime import date

import pytest

from festival.editions.rules.document import parse
from festival.editions.unit_history import UnitHistory, read
from festival.setup.days import typed_day, written_day
from festival.setup.edition.naming import edition_code, free, slug
from festival.setup.edition.pasted import DelegationFate, KnownUnit, delegations_of, fates, read_lines
from festival.setup.edition.unit_lists import ROOT

ON = date(2024, 6, 14)


@pytest.fixture(scope="module")
def units() -> list[KnownUnit]:
    content = (ROOT / "festival/editions/data/units/kien-giang-2024.json").read_bytes()
    history = UnitHistory(read(parse(content)).units)
    above = {unit.code: history.above(unit) for unit in history.units}
    return [
        KnownUnit(unit.code, unit.kind, unit.name, found.title if (found := above[unit.code]) else "")
        for unit in history.units
    ]


PASTED = """DANH SÁCH
1. Đoàn huyện Hòn Đất
2) TP. Rạch Giá

 -   Hà Tiên\t
4\tĐoàn HUYỆN HÒN ĐẤT
   \t
• Xã Bình An
Xã Bình An, huyện Châu Thành
Xã Thạnh Lộc (Giồng Riềng)
Vĩnh Phú
Trường Tiểu học An Khương;
"""


def test_every_line_has_a_fate(units: list[KnownUnit]) -> None:
    lines = fates(read_lines(PASTED), units, [{"name": "Đoàn thành phố Hà Tiên", "unit_code": "900"}], {})
    assert [
        (line.number, line.name, line.fate.value, line.unit.code if line.unit else line.again) for line in lines
    ] == [
        (1, "DANH SÁCH", "own", ""),
        (2, "Đoàn huyện Hòn Đất", "unit", "903"),
        (3, "TP. Rạch Giá", "unit", "899"),
        (5, "Hà Tiên", "double", "Đoàn thành phố Hà Tiên"),
        (6, "Đoàn HUYỆN HÒN ĐẤT", "double", "Đoàn huyện Hòn Đất"),
        (8, "Xã Bình An", "ask", ""),
        (9, "Xã Bình An, huyện Châu Thành", "unit", "30898"),
        (10, "Xã Thạnh Lộc (Giồng Riềng)", "unit", "30913"),
        (11, "Vĩnh Phú", "ask", ""),
        (12, "Trường Tiểu học An Khương", "own", ""),
    ]


def test_names_that_occur_twice_are_asked_and_the_answer_is_kept(units: list[KnownUnit]) -> None:
    three = [(1, "Xã Bình An"), (2, "Xã Thạnh Lộc"), (3, "Xã Vĩnh Phú")]
    asked = fates(three, units, [], {})
    assert [(line.fate, len(line.among), len({unit.above for unit in line.among})) for line in asked] == [
        (DelegationFate.ASK, 2, 2)
    ] * 3
    answers = {line.key: line.among[1].code for line in asked[:2]} | {asked[2].key: "-"}
    given = fates([(7, "Xã Thạnh Lộc"), *three], units, [], answers)
    assert [(line.fate, line.unit) for line in given] == [
        (DelegationFate.UNIT, asked[1].among[1]),
        (DelegationFate.UNIT, asked[0].among[1]),
        (DelegationFate.DOUBLE, None),
        (DelegationFate.OWN, None),
    ]
    assert fates(three[:1], units, [], {"xa-binh-an": "903"})[0].fate is DelegationFate.ASK, (
        "an answer that was not offered"
    )


def test_eighty_lines_with_doubles_and_blanks_become_delegations_with_codes_of_their_own() -> None:
    text = "\n\n".join(f" {number}.  Trường Tiểu học số {(number - 1) % 70 + 1}  " for number in range(1, 81))
    lines = fates(read_lines(text), [], [], {})
    assert [line.fate for line in lines] == [DelegationFate.OWN] * 70 + [DelegationFate.DOUBLE] * 10
    added = delegations_of(lines, ["truong-tieu-hoc-so-7"])
    assert len({each["code"] for each in added}) == 70
    assert added[6] == {"code": "truong-tieu-hoc-so-7-2", "name": "Trường Tiểu học số 7"}


def test_what_is_no_name_is_no_delegation() -> None:
    assert read_lines("\n \u200b\n---\n•\n1.\n…") == []
    long = fates(read_lines("a" * 300), [], [], {})
    assert [(line.fate, len(line.name)) for line in long] == [(DelegationFate.TOO_LONG, 200)]
    assert delegations_of(long, []) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Ngày hội Gia đình tiêu biểu tỉnh Kiên Giang lần thứ IV - năm 2024", "kien-giang-2024"),
        ("Hội thi Gia đình hạnh phúc xã Hòn Đất năm 2026", "hon-dat-2024"),
        ("Ngày hội Gia đình Việt Nam", "ngay-hoi-2024"),
        ("Hội thi «Gia đình đọc sách - Gắn kết yêu thương» tỉnh An Giang", "doc-sach-gan-ket-yeu-thuong-an-gian-2024"),
    ],
)
def test_a_code_is_what_tells_one_festival_from_another(name: str, code: str) -> None:
    assert edition_code(name, 2024) == code
    assert (free(code, {code, f"{code}-2"}), slug("Đắk  Lắk!")) == (f"{code}-3", "dak-lak")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("14/6/2024", ON),
        (" 14-06-2024 ", ON),
        ("14.6.2024", ON),
        ("14 6 2024", ON),
        ("31/6/2024", None),
        ("6/14/2024", None),
        ("14/6/24", None),
        ("１４/6/2024", None),
        ("", None),
    ],
)
def test_days_are_read_as_people_write_them(typed: str, day: date | None) -> None:
    assert typed_day(typed) == day
    assert written_day("2024-06-14") == "14/6/2024"
