"""The numbers of registration: what may be shown of ages, how it is drawn, and what the page counts."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta

import pytest

from festival.core.transaction import transaction
from festival.registration import decisions
from festival.registration.figures.ages import AgeGroup, groups_of
from festival.registration.figures.drawing import DrawnBox, DrawnText, NumbersOf, SpanOfDays, bars, columns, spans
from festival.roster import families
from tests.registration.conftest import World, household
from tests.registration.pages_kit import words
from tests.registration.registered import approve, register

pytestmark = pytest.mark.either_database


def test_a_small_group_joins_the_next_older_and_the_last_joins_the_one_before() -> None:
    women, men = {3: 5, 8: 2, 12: 4, 40: 9, 70: 1}, {8: 6, 12: 3, 40: 5}
    assert groups_of(women, men) == (
        AgeGroup(0, 5, 5, 0),
        AgeGroup(6, 15, 6, 9),
        AgeGroup(16, 17, 0, 0),
        AgeGroup(18, 34, 0, 0),
        AgeGroup(35, None, 10, 5),
    )


@pytest.mark.parametrize(
    ("women", "men"),
    [({}, {}), ({30: 4}, {30: 20}), ({5: 3}, {70: 1}), ({30: 1}, {})],
)
def test_too_few_altogether_are_not_shown(women: dict[int, int], men: dict[int, int]) -> None:
    assert groups_of(women, men) == ()


def test_no_group_shown_is_small_and_all_together_are_everybody() -> None:
    for numbers in itertools.product((0, 1, 4, 5), repeat=6):
        women = dict(zip((2, 12, 61), numbers[:3], strict=True))
        men = dict(zip((2, 20, 61), numbers[3:], strict=True))
        found = groups_of(women, men)
        cells = [number for each in found for number in (each.women, each.men)]
        assert all(number == 0 or number >= 5 for number in cells)
        if found:
            assert sum(cells) == sum(numbers)


def test_bars_stand_to_each_other_as_their_numbers() -> None:
    drawn = bars([NumbersOf("Hòn Đất", 10, 10), NumbersOf("Kiên Lương", 5), NumbersOf("Phú Quốc", 0)])
    assert drawn.boxes == (
        DrawnBox(0, 19, 84, 14, "one"),
        DrawnBox(84, 19, 84, 14, "two"),
        DrawnBox(0, 57, 42, 14, "one"),
    )
    assert [text.words for text in drawn.texts] == ["Hòn Đất", "10 + 10", "Kiên Lương", "5", "Phú Quốc", "0"]
    assert (drawn.height, drawn.left_out) == (114, 0)


def test_of_many_rows_the_largest_are_drawn_in_their_order() -> None:
    drawn = bars([NumbersOf(str(at), at) for at in range(1, 26)])
    assert [text.words for text in drawn.texts[::2]] == [str(at) for at in range(6, 26)]
    assert drawn.left_out == 5
    long = bars([NumbersOf("Đoàn " + "cụm xã " * 9, 1)])
    assert long.texts[0].words == "Đoàn cụm xã cụm xã cụm xã cụm…"


def test_a_day_without_any_is_a_gap_and_many_days_are_weeks() -> None:
    first = date(2024, 5, 1)
    assert spans({}) == ()
    assert spans({first: 2, first + timedelta(2): 1}) == tuple(
        SpanOfDays(first + timedelta(at), 1, number) for at, number in enumerate((2, 0, 1))
    )
    weeks = spans({first: 2, first + timedelta(1): 3, first + timedelta(70): 1})
    assert weeks[0] == SpanOfDays(date(2024, 4, 29), 7, 5)
    assert len(weeks) == 11 and sum(each.number for each in weeks) == 6
    drawn = columns(spans({first: 2, first + timedelta(2): 1}))
    assert drawn.boxes == (DrawnBox(0, 20, 39, 138, "one"), DrawnBox(80, 89, 39, 69, "one"))
    assert drawn.texts == (
        DrawnText(0, 14, "2 (1/5)"),
        DrawnText(0, 174, "1/5"),
        DrawnText(120, 174, "3/5", "end"),
    )


def test_the_page_counts_who_waits_and_who_is_approved_and_nobody_else(world: World) -> None:
    client = world.as_user(world.organiser)
    assert "Chưa có gia đình nào gửi hồ sơ" in words(client.get("/office/figures"))
    ids = [register(world, household(number)).family_id for number in range(1, 6)]
    for family_id in ids[:2]:
        approve(world, family_id)
    with world.app.app_context(), transaction():
        decisions.withdraw_family(world.rules(), families.family_by_id(ids[4]), 1, "office")
    page = client.get("/office/figures")
    told = words(page)
    assert "2 gia đình đã duyệt 2 gia đình chờ duyệt 12 người" in told
    # four women: too few to be told from the men
    assert "Chưa đủ 5 người mỗi giới" in told and "12 người Theo đơn vị" in told
    units, contests, days = (
        [[words_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows_of(table)]
        for table in re.findall(r"<tbody>(.*?)</tbody>", page.text, re.DOTALL)
    )
    assert units == [["Đoàn huyện Hòn Đất", "2", "2", "6", "12"], ["Đoàn huyện Kiên Lương", "0", "0", "6", "0"]]
    assert contests == [
        ["Gia đình tài năng", "2", "4", "2"],
        ["Thi nấu ăn", "0", "0", "0"],
        ["Gia đình thể thao", "1", "2", "2"],
    ]
    assert [row[1] for row in days] == ["4"]
    assert page.text.count('role="img"') == 3 and page.text.count("<desc") == 3
    assert "Nhiều nhất: Đoàn huyện Hòn Đất, 4. Đủ số liệu ở bảng dưới." in page.text
    register(world, household(6))
    told = words(client.get("/office/figures"))
    assert "5 nữ 10 nam" in told and "Từ 60 tuổi, nam 5" in told and "Dưới 6 tuổi, nam" not in told


def rows_of(table: str) -> list[str]:
    return re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)


def words_of(cell: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", cell).split())
