"""What differs between two states of a family: a spelling is corrected at once, a fact is approved anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from festival.core.births import Birth
from festival.registration.editing.difference_words import said
from festival.registration.editing.differences import (
    FamilyDifference,
    Field,
    Kind,
    differences,
    facts,
    same_name_respelt,
)
from festival.roster.household import Household, Member
from festival.roster.people import Relation, Sex

CHUNG = Member("Danh Chung", Relation.REPRESENTATIVE, Sex.MALE, Birth(1984, 6, 14), contests=("nau_an",), code="A")
HOA = Member("Thị Hoa", Relation.SPOUSE, Sex.FEMALE, Birth(1986), contests=("nau_an",), code="B")
MINH = Member("Danh Minh", Relation.CHILD, Sex.MALE, Birth(2014, 3, 2), code="C")
HOME = Household("0912345678", "", "Ấp 3", "Vui", (CHUNG, HOA, MINH))
CONTESTS = {"nau_an": "Nấu ăn", "van_nghe": "Văn nghệ"}


def _with(*members: Member) -> Household:
    return replace(HOME, members=members)


def test_the_same_household_has_no_difference() -> None:
    assert differences(HOME, HOME) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Danh Chug", "Danh Chung"),
        ("Danh Chugn", "Danh Chung"),
        ("Chung Danh", "Danh Chung"),
        ("danh chung", "Danh Chung"),
        ("Danh Chung", "Danh Văn Chung"),
        ("Nguyễn Thi Ut", "Nguyễn Thị Út"),
        ("Lê Thị Thuy", "Lê Thi Thủy"),
        ("Đặng Thuỳ", "Dặng Thùy"),
        ("Nguyen Van Tý", "Nguyễn Văn Tí"),
    ],
)
def test_a_name_spelt_otherwise_is_a_spelling(before: str, after: str) -> None:
    assert same_name_respelt(before, after)
    assert same_name_respelt(after, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [("Nguyễn Văn An", "Nguyễn Văn Bình"), ("Danh Chung", "Thị Hoa"), ("Danh Chung", ""), ("", "Danh Chung")],
)
def test_another_name_is_a_fact(before: str, after: str) -> None:
    assert not same_name_respelt(before, after)


def test_each_field_is_told_with_its_kind() -> None:
    after = Household(
        "0912345679",
        "nha@vidu.vn",
        "Ấp 4",
        "",
        (
            replace(CHUNG, name="Danh Chunh", contests=("nau_an", "van_nghe")),
            replace(HOA, relation=Relation.SIBLING, contests=(), needs="Xe lăn"),
            replace(MINH, sex=Sex.FEMALE, birth=Birth(2014), out=True),
        ),
    )
    found = differences(HOME, after)
    assert [(each.code, each.field, each.before, each.after, each.kind) for each in found] == [
        ("", Field.PHONE, "0912345678", "0912345679", Kind.SPELLING),
        ("", Field.EMAIL, "", "nha@vidu.vn", Kind.SPELLING),
        ("", Field.ADDRESS, "Ấp 3", "Ấp 4", Kind.SPELLING),
        ("", Field.INTRODUCTION, "Vui", "", Kind.SPELLING),
        ("A", Field.NAME, "Danh Chung", "Danh Chunh", Kind.SPELLING),
        ("A", Field.CONTEST, "", "van_nghe", Kind.FACT),
        ("B", Field.RELATION, "spouse", "sibling", Kind.SPELLING),
        ("B", Field.NEEDS, "", "Xe lăn", Kind.SPELLING),
        ("B", Field.CONTEST, "nau_an", "", Kind.FACT),
        ("C", Field.SEX, "male", "female", Kind.FACT),
        ("C", Field.BIRTH, "2/3/2014", "2014", Kind.FACT),
        ("C", Field.OUT, "", "out", Kind.FACT),
    ]
    assert {each.field for each in facts(found)} == {Field.CONTEST, Field.SEX, Field.BIRTH, Field.OUT}
    assert [str(said(each, CONTESTS)) for each in found[3:9]] == [
        "Lời giới thiệu: “Vui” thành “(để trống)”",
        "Họ và tên – Danh Chunh: “Danh Chung” thành “Danh Chunh”",
        "Danh Chunh: thêm “Văn nghệ”",
        "Quan hệ – Thị Hoa: “Vợ hoặc chồng” thành “Anh, chị hoặc em”",
        "Nhu cầu hỗ trợ – Thị Hoa: “(để trống)” thành “Xe lăn”",
        "Thị Hoa: thôi “Nấu ăn”",
    ]


def test_who_came_who_left_and_who_leads_are_facts() -> None:
    grandmother = Member("Lê Thị Sáu", Relation.PARENT, Sex.FEMALE, Birth(1955))
    found = differences(HOME, _with(replace(HOA, relation=Relation.REPRESENTATIVE), grandmother))
    assert found == (
        FamilyDifference("A", "Danh Chung", Field.LEFT, "Danh Chung", "", Kind.FACT),
        FamilyDifference("C", "Danh Minh", Field.LEFT, "Danh Minh", "", Kind.FACT),
        FamilyDifference("B", "Thị Hoa", Field.RELATION, "spouse", "representative", Kind.FACT),
        FamilyDifference("", "Lê Thị Sáu", Field.JOINED, "", "Lê Thị Sáu", Kind.FACT),
    )
    assert [str(said(each, CONTESTS)) for each in found] == [
        "Bớt Danh Chung",
        "Bớt Danh Minh",
        "Quan hệ – Thị Hoa: “Vợ hoặc chồng” thành “Người đại diện”",
        "Thêm Lê Thị Sáu",
    ]


def test_another_order_is_one_difference_and_who_left_makes_none() -> None:
    (found,) = differences(HOME, _with(CHUNG, MINH, HOA))
    assert (found.field, found.before, found.after) == (
        Field.ORDER,
        "Danh Chung, Thị Hoa, Danh Minh",
        "Danh Chung, Danh Minh, Thị Hoa",
    )
    assert [each.field for each in differences(HOME, _with(HOA, MINH))] == [Field.LEFT]


def test_somebody_without_a_code_is_known_by_the_name_and_nobody_twice() -> None:
    typed = replace(HOA, code="", birth=Birth(1987))
    assert [(each.code, each.field) for each in differences(HOME, _with(CHUNG, typed, MINH))] == [("B", Field.BIRTH)]
    again = differences(HOME, _with(CHUNG, HOA, typed, MINH))
    assert [(each.field, each.name) for each in again] == [(Field.JOINED, "Thị Hoa")]
    swapped = differences(HOME, _with(CHUNG, replace(MINH, code="B", relation=Relation.SPOUSE), replace(HOA, code="C")))
    assert {(each.code, each.field, each.kind) for each in swapped if each.field is Field.NAME} == {
        ("B", Field.NAME, Kind.FACT),
        ("C", Field.NAME, Kind.FACT),
    }
