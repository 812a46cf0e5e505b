"""Does a list to sign add up: each line, the tax, the sum, the words; and is what was typed read or refused at its box?"""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction

import pytest
from flask import Flask

from festival.core.web.errors import BadInput
from festival.core.web.i18n import say
from festival.judging.by_hand.number_words import whole_in_words
from festival.results.award_papers.said import vnd_in_words
from festival.results.paying.drawing import _values, percent, tax_words
from festival.results.paying.kinds import KINDS, NO_TAX, OF_PAYMENTS, OF_PRIZES, TaxRule
from festival.results.paying.sums import (
    LineSaid,
    ListSaid,
    PaySum,
    half_up,
    in_order,
    line_said,
    list_said,
    merged,
    moved,
    reckon,
    tax_of,
    total,
    unpriced,
    written_halves,
)
from festival.results.paying.typed import halves_typed, line_typed, list_typed, rate_typed, receipt_typed, tax_typed

pytestmark = pytest.mark.either_database

SAID = ListSaid("Danh sách", "ngày", OF_PAYMENTS, rates={"Giám khảo": 350_000})


@pytest.mark.parametrize(
    ("amount", "rule", "tax"),
    [
        (1_999_999, OF_PAYMENTS, 0),
        (2_000_000, OF_PAYMENTS, 200_000),
        (2_000_005, OF_PAYMENTS, 200_001),  # half a đồng goes up
        (2_000_004, OF_PAYMENTS, 200_000),
        (10_000_000, OF_PRIZES, 0),
        (12_000_000, OF_PRIZES, 200_000),
        (5_000_000, TaxRule(20_000), 1_000_000),
        (5_000_000, NO_TAX, 0),
        (3, TaxRule(100_000), 3),
    ],
)
def test_tax_is_kept_back_from_its_threshold_on(amount: int, rule: TaxRule, tax: int) -> None:
    assert tax_of(amount, rule) == tax


def test_a_line_takes_its_own_rate_and_tax_before_those_of_the_list() -> None:
    for line, found in (
        (LineSaid("A", "Giám khảo", halves=3), PaySum(525_000, 0)),
        (LineSaid("A", "Giám khảo", halves=12), PaySum(2_100_000, 210_000)),
        (LineSaid("A", "Giám khảo", halves=12, tax=0, why="có hợp đồng"), PaySum(2_100_000, 0)),
        (LineSaid("A", "Giám khảo", halves=2, tax=20_000, why="không cư trú"), PaySum(350_000, 70_000)),
        (LineSaid("A", "Giám khảo", rate=100_001, halves=1), PaySum(50_001, 0)),
        (LineSaid("A", "Thư ký"), PaySum()),
        (LineSaid("A", "Giám khảo", out="vắng"), PaySum()),
    ):
        assert reckon(line, SAID).sum == found, line
    assert unpriced([reckon(LineSaid("A", "Thư ký"), SAID), reckon(LineSaid("B", "Thư ký", out="vắng"), SAID)]) == ["A"]


def test_the_total_is_the_sum_of_the_lines_and_the_words_say_it(app: Flask) -> None:
    """Drawn at random: each line within half a đồng of the exact fraction, the total the sum of what is printed."""
    chance = random.Random(20261128)
    with app.app_context():
        festival = type("Named", (), {"organiser": "", "name": "Ngày hội", "starts_on": date(2024, 6, 14)})()
        for _turn in range(60):
            rule = TaxRule(chance.randrange(100_001), chance.randrange(3_000_000), chance.random() < 0.5)
            said = ListSaid(
                "Danh sách", "ngày", rule, rates={"a": chance.randrange(10**7), "b": chance.randrange(1_000)}
            )
            lines = [
                reckon(LineSaid(f"N{at}", chance.choice("ab"), halves=chance.randrange(1, 50)), said)
                for at in range(chance.randrange(1, 9))
            ]
            for each in lines:
                assert each.rate is not None
                exact = Fraction(each.rate * each.said.halves, 2)
                base = max(0, each.sum.amount - rule.start) if rule.above else each.sum.amount
                due = Fraction(base * rule.milli, 100_000) if each.sum.amount >= rule.start else 0
                assert 0 <= each.sum.amount - exact <= Fraction(1, 2) and abs(each.sum.tax - due) <= Fraction(1, 2)
                assert 0 <= each.sum.net <= each.sum.amount
            values = _values(festival, 1, said, lines)
            money = [
                [int(cell.replace(".", "")) for cell in row[6 : 9 if values["money_in"] == 8 else 7]]
                for row in values["rows"]
            ]
            sums = [int(each.replace(".", "")) for each in values["sums"]]
            assert [sum(column) for column in zip(*money, strict=True)] == sums
            assert values["up_to"][-1] == sums[-1] == total(lines).net
            assert vnd_in_words(sums[-1]) in values["total"]


def test_half_a_dong_is_rounded_up_and_words_reach_the_largest_list() -> None:
    assert [half_up(above, 2) for above in range(6)] == [0, 1, 1, 2, 2, 3]
    assert vnd_in_words(2_000 * 999_999_999 * 10_000 // 100).startswith("Một trăm chín mươi chín ngàn")
    assert vnd_in_words(999_999 * 10**9) == f"{whole_in_words(999_999).capitalize()} tỷ đồng"


def test_lines_keep_their_order_and_move() -> None:
    assert in_order([3, 9, 1], [1, 2, 3, 4]) == [3, 1, 2, 4]
    assert [moved([1, 2, 3], 3, place) for place in (0, 1, 2, 3, 99)] == [
        [3, 1, 2],
        [3, 1, 2],
        [1, 3, 2],
        [1, 2, 3],
        [1, 2, 3],
    ]


def test_what_somebody_typed_stays_when_its_source_changes() -> None:
    before, now = LineSaid("Lan", "Giám khảo", "A", halves=2), LineSaid("Lan", "Giám khảo", "A, B", halves=6)
    assert merged(before, before, now) == now
    typed = LineSaid("Danh Thị Lan", "Giám khảo", "A", 300_000, 3)
    assert merged(typed, before, now) == LineSaid("Danh Thị Lan", "Giám khảo", "A, B", 300_000, 3)
    assert line_said(typed.kept()) == typed and list_said(SAID.kept()) == SAID
    assert line_said({}) == LineSaid("") and list_said({}).title == ""


def test_numbers_are_read_as_people_type_them(app: Flask) -> None:
    with app.app_context():
        assert [rate_typed(each, "rate") for each in ("", "300.000", "300 000 đ", "0")] == [None, 300_000, 300_000, 0]
        assert [halves_typed(each, "count") for each in ("1", "1,5", "2.5", "0,5", "10000", "3,0")] == [
            2,
            3,
            5,
            1,
            20_000,
            6,
        ]
        assert [tax_typed(each, "tax") for each in ("", "10", "7,5 %", "0", "100", "0.125")] == [
            None,
            10_000,
            7_500,
            0,
            100_000,
            125,
        ]
        assert [percent(each) for each in (10_000, 7_500, 0, 125)] == ["10", "7,5", "0", "0,125"]
        assert [written_halves(each) for each in (1, 2, 3)] == ["0,5", "1", "1,5"]
        for read, typed, said in (
            (rate_typed, "-1", "từ 0 đến 999.999.999"),
            (rate_typed, "1" + "0" * 15, "từ 0 đến 999.999.999"),
            (rate_typed, "ba trăm", "từ 0 đến 999.999.999"),
            (halves_typed, "1,3", "tính đến nửa"),
            (halves_typed, "0", "từ 0,5 đến 10.000"),
            (halves_typed, "-2", "từ 0,5 đến 10.000"),
            (halves_typed, "10001", "từ 0,5 đến 10.000"),
            (tax_typed, "101", "từ 0 đến 100"),
            (tax_typed, "100,5", "từ 0 đến 100"),
            (tax_typed, "10,", "từ 0 đến 100"),
            (tax_typed, "mười", "từ 0 đến 100"),
        ):
            with pytest.raises(BadInput, match=said):
                read(typed, "box")


def test_a_line_and_a_receipt_say_what_is_missing(app: Flask) -> None:
    good, today = {"name": " Danh  Lan ", "role": "Giám khảo", "count": "1,5"}, date(2024, 6, 16)
    with app.app_context():
        assert line_typed(good) == LineSaid("Danh Lan", "Giám khảo", halves=3)
        for wrong, box in (
            ({"name": " "}, "name"),
            ({"own_tax": "0"}, "why"),
            ({"why": "có hợp đồng"}, "own_tax"),
            ({"place": "x" * 201}, "place"),
        ):
            with pytest.raises(BadInput) as refused:
                line_typed(good | wrong)
            assert refused.value.details["field"] == box
        assert receipt_typed({"receiver": "Lan", "payer": "Bé", "day": "15/6/2024"}, today) == (
            "Lan",
            "Bé",
            date(2024, 6, 15),
        )
        for wrong, box in (
            ({"day": "17/6/2024"}, "day"),
            ({"day": "31/6"}, "day"),
            ({"payer": ""}, "payer"),
            ({"receiver": ""}, "receiver"),
        ):
            with pytest.raises(BadInput) as refused:
                receipt_typed({"receiver": "Lan", "payer": "Bé", "day": "15/6/2024"} | wrong, today)
            assert refused.value.details["field"] == box
        for wrong, box in (
            ({"title": ""}, "title"),
            ({"start": "-5"}, "start"),
            ({"grounds": "a\n" * 21}, "grounds"),
            ({"rate-1": "x"}, "rate-1"),
        ):
            with pytest.raises(BadInput) as refused:
                list_typed({"title": "A", "unit": "ngày", "role-1": "Giám khảo"} | wrong, SAID, ["Giám khảo"])
            assert refused.value.details["field"] == box
        assert (
            list_typed({"title": "A", "unit": "ngày", "role-1": "Giám khảo", "rate-1": ""}, SAID, ["Giám khảo"]).rates
            == {}
        )


def test_every_kind_says_its_tax_in_a_sentence(app: Flask) -> None:
    with app.app_context():
        assert {kind.value: tax_words(facts.tax) for kind, facts in KINDS.items() if facts.tax.milli} == {
            "prizes": "Khấu trừ thuế thu nhập cá nhân 10 % trên phần vượt 10.000.000 đồng mỗi lần nhận.",
            "panels": "Khấu trừ thuế thu nhập cá nhân 10 % trên toàn bộ khoản chi từ 2.000.000 đồng mỗi lần trở lên.",
            "staff": "Khấu trừ thuế thu nhập cá nhân 10 % trên toàn bộ khoản chi từ 2.000.000 đồng mỗi lần trở lên.",
        }
        assert tax_words(TaxRule(5_000)) == "Khấu trừ thuế thu nhập cá nhân 5 % trên toàn bộ khoản chi."
        assert len({say(facts.title) for facts in KINDS.values()}) == len(KINDS)
