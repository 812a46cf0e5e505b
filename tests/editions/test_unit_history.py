"""Is a unit found by code and day, by any spelling of its name, and is it known what it became?"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from festival.editions import unit_history
from festival.editions.rules.document import BrokenRuleset, parse
from festival.editions.unit_history import Period, Succession, UnitHistory, UnitRecord

DATA = Path(__file__).parents[2] / "festival/editions/data/units"
FESTIVAL_DAY = date(2024, 6, 14)
AFTER = date(2025, 7, 1)


def unit_file(name: str) -> unit_history.UnitFile:
    return unit_history.read(parse((DATA / name).read_bytes()))


@pytest.fixture(scope="module")
def history() -> UnitHistory:
    old, new = unit_file("kien-giang-2024.json"), unit_file("an-giang-2025.json")
    return UnitHistory((*old.units, *new.units), unit_file("kien-giang-to-an-giang.json").successions)


def test_the_lists_are_complete(history: UnitHistory) -> None:
    on_day = [unit for unit in history.units if unit.period.holds(FESTIVAL_DAY)]
    later = [unit for unit in history.units if unit.period.holds(AFTER)]
    province = history.by_code("91", FESTIVAL_DAY)
    assert province is not None
    assert (len(on_day), len(history.below(province)), len(later)) == (1 + 15 + 144, 15, 1 + 102)


@pytest.mark.parametrize(
    ("code", "then", "now"),
    [
        ("91", "Tỉnh Kiên Giang", "Tỉnh An Giang"),
        ("30742", "Phường Vĩnh Bảo", "Phường Rạch Giá"),
        ("30817", "Thị trấn Hòn Đất", "Xã Hòn Đất"),
    ],
)
def test_a_reused_code_means_another_unit_on_another_day(history: UnitHistory, code: str, then: str, now: str) -> None:
    before, after = history.by_code(code, FESTIVAL_DAY), history.by_code(code, AFTER)
    assert before is not None
    assert after is not None
    assert (before.title, after.title) == (then, now)


@pytest.mark.parametrize("name", ["Bình An", "Thạnh Lộc", "Vĩnh Phú"])
def test_the_three_duplicate_names_are_two_units_told_apart_by_district(history: UnitHistory, name: str) -> None:
    found = history.by_name(name, FESTIVAL_DAY)
    assert len(found) == 2
    assert len({history.in_words(unit) for unit in found}) == 2


def test_a_name_is_found_however_its_marks_are_typed(history: UnitHistory) -> None:
    for typed in ("Hòn Đất", "hon dat", "HUYỆN HÒN ĐẤT", "huyen hon dat"):
        assert "903" in {unit.code for unit in history.by_name(typed, FESTIVAL_DAY)}, typed
    assert history.by_name("Hoà Hưng", FESTIVAL_DAY) == history.by_name("Hòa Hưng", FESTIVAL_DAY) != []


def test_every_old_commune_has_exactly_one_successor(history: UnitHistory) -> None:
    communes = [unit for unit in history.units if unit.period.holds(FESTIVAL_DAY) and len(unit.code) == 5]
    became = [history.successors(commune, AFTER) for commune in communes]
    assert {len(each) for each in became} == {1}
    assert len({each[0].code for each in became}) == 48


def test_a_district_became_all_the_units_of_its_communes(history: UnitHistory) -> None:
    district = history.by_code("903", FESTIVAL_DAY)
    assert district is not None
    assert sorted(unit.title for unit in history.successors(district, AFTER)) == [
        "Phường Vĩnh Thông",
        "Xã Bình Giang",
        "Xã Bình Sơn",
        "Xã Hòn Đất",
        "Xã Mỹ Thuận",
        "Xã Sơn Kiên",
    ]


def test_predecessors_of_the_commune_named_like_the_district(history: UnitHistory) -> None:
    commune = history.by_code("30817", AFTER)
    assert commune is not None
    assert sorted(history.in_words(unit) for unit in history.predecessors(commune)) == [
        "Thị trấn Hòn Đất, huyện Hòn Đất",
        "Xã Lình Huỳnh, huyện Hòn Đất",
        "Xã Nam Thái Sơn, huyện Hòn Đất",
        "Xã Thổ Sơn, huyện Hòn Đất",
    ]


def test_a_code_used_three_times_leads_through_the_chain() -> None:
    """As 30742 was: Vĩnh Bảo, then the merged Vĩnh Thanh Vân, then Rạch Giá (days of the middle one made up)."""
    days = [date(2025, 3, 1), date(2025, 7, 1)]
    first = UnitRecord("30742", "Phường", "Vĩnh Bảo", None, Period(None, date(2025, 2, 28)))
    middle = UnitRecord("30742", "Phường", "Vĩnh Thanh Vân", None, Period(days[0], date(2025, 6, 30)))
    last = UnitRecord("30742", "Phường", "Rạch Giá", None, Period(days[1], None))
    history = UnitHistory([first, middle, last], [Succession(day, "30742", "30742") for day in days])
    assert history.successors(first, date(2026, 1, 1)) == [last]
    assert history.successors(first, date(2025, 4, 1)) == [middle]
    assert history.successors(last, FESTIVAL_DAY) == []


def test_two_units_with_one_code_on_one_day_are_refused() -> None:
    one = UnitRecord("1", "Xã", "A", None, Period(None, date(2025, 6, 30)))
    two = UnitRecord("1", "Xã", "B", None, Period(date(2025, 6, 30), None))
    with pytest.raises(ValueError, match="on the same day"):
        UnitHistory([one, two])


def test_a_broken_unit_file_is_refused_with_every_path() -> None:
    broken = json.loads((DATA / "an-giang-2025.json").read_text("utf-8"))
    broken["units"][1]["code"] = 30292
    broken["units"][2]["parent"] = "999"
    broken["units"][3]["kode"] = "x"
    with pytest.raises(BrokenRuleset) as refused:
        unit_history.read(broken)
    assert [str(problem) for problem in refused.value.problems] == [
        "$.units[1].code: phải là chữ, không để trống",
        "$.units[3].kode: khóa không có trong lược đồ",
        "$.units[2].parent: không có đơn vị mã 999 trong tệp",
    ]
