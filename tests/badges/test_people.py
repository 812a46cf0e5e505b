"""What may be written of somebody outside families, and who may not stand there?"""

from __future__ import annotations

from datetime import date

import pytest

from festival.badges.people import Outsider, TypedOutsider, read, spoken, told, untold
from festival.core.births import Birth

TODAY, FESTIVAL = date(2024, 5, 1), date(2024, 6, 14)


def faults(typed: TypedOutsider, badge: str | None = "guest") -> list[tuple[str, str]]:
    return [(field, fault.code) for field, fault in read(typed, badge, "", TODAY, FESTIVAL)[1]]


def test_a_guest_as_typed_is_read() -> None:
    typed = TypedOutsider("  Nguyễn  Văn An ", "đồng chí", "Phó Chủ tịch", "12", "A1", "(+84) 912-345-678", "1970")
    who, wrong = read(typed, "guest", "", TODAY, FESTIVAL)
    assert wrong == []
    assert who == Outsider(
        "Nguyễn Văn An", "guest", "", "đồng chí", "Phó Chủ tịch", 12, "A1", "0912345678", Birth(1970)
    )
    assert untold(told(who)) == who
    assert spoken(who.honorific, who.name, who.title) == "đồng chí Nguyễn Văn An, Phó Chủ tịch"
    assert spoken("", "Lâm Thị Mai", "") == "Lâm Thị Mai"


@pytest.mark.parametrize(
    ("typed", "badge", "found"),
    [
        (TypedOutsider(""), "guest", [("name", "no_name")]),
        (TypedOutsider("NguyÔn V¨n An"), "guest", [("name", "name_garbled")]),
        (TypedOutsider("Lâm Mai", rank="thứ nhất"), "guest", [("rank", "bad_rank")]),
        (TypedOutsider("Lâm Mai", rank="0"), "guest", [("rank", "bad_rank")]),
        (TypedOutsider("Lâm Mai", title="x" * 161), "guest", [("title", "cell_too_long")]),
        (TypedOutsider("Lâm Mai", phone="12"), "guest", [("phone", "phone_wrong")]),
        (TypedOutsider("Lâm Mai"), None, [("badge", "no_badge_class")]),
        # a child of an act belongs into a family; who could be one by the year alone too
        (TypedOutsider("Danh Minh Khôi", birth="15/6/2008"), "crew", [("birth", "too_young")]),
        (TypedOutsider("Danh Minh Khôi", birth="2008"), "guest", [("birth", "too_young")]),
        (TypedOutsider("Danh Minh Khôi"), "crew", [("birth", "no_birth")]),
        (TypedOutsider("Danh Minh Khôi", birth="hôm qua"), "volunteer", [("birth", "birth_unreadable")]),
        (TypedOutsider("Danh Minh Khôi", birth="14/6/2008"), "crew", []),
        (TypedOutsider("Lâm Mai"), "press", []),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    typed: TypedOutsider, badge: str | None, found: list[tuple[str, str]]
) -> None:
    assert [(field, code) for field, code in faults(typed, badge)] == found


def test_the_same_person_is_known_by_name_phone_and_title() -> None:
    one = Outsider("Nguyễn Hòa", "guest", title="Phó Chủ tịch")
    assert one.identity == Outsider("nguyễn hoà", "press", title="PHÓ CHỦ TỊCH", rank=3).identity
    assert one.identity != Outsider("Nguyễn Hoa", "guest", title="Phó Chủ tịch").identity
    assert one.identity != Outsider("Nguyễn Hòa", "guest", title="Phó Chủ tịch", phone="0912345678").identity
