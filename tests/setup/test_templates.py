"""Is every template, alone and beside every other, a contest that the reader of rule files takes?"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from festival.editions.rules.document import parse
from festival.editions.rules.file import read
from festival.editions.rules.kinds import ResultKindRule
from festival.editions.rules.ruleset import Ruleset
from festival.setup import pieces
from festival.setup.saving import written
from festival.setup.template_words import PACKS, TEMPLATES
from festival.setup.templates import DATA, fitted, offered, pack, packs, template, with_pack, with_template

FESTIVAL = {
    "code": "thu",
    "name": "Ngày hội thử",
    "organiser": "Ban Tổ chức",
    "starts_on": "2026-06-28",
    "ends_on": "2026-06-28",
}
WHOLES: tuple[dict[str, Any] | None, ...] = (
    None,
    {"sum": "points", "ties": [], "prizes": []},
    {"sum": "place_points", "ties": [], "prizes": []},
)


def blank(whole: dict[str, Any] | None = None, delegations: int = 0) -> pieces.Document:
    document = pieces.with_part(pieces.blank(FESTIVAL), "whole_delegation", whole)
    expected = [{"code": f"doan-{at}", "name": f"Đoàn {at}"} for at in range(delegations)]
    return pieces.with_part(document, "delegations", expected)


def sound(document: pieces.Document) -> Ruleset:
    return read(parse(written(document)))


def with_all(document: pieces.Document, codes: tuple[str, ...]) -> pieces.Document:
    for code in codes:
        chosen = template(code)
        assert chosen is not None
        document = with_template(document, chosen)
    return document


def test_every_file_of_the_data_is_offered_and_every_offer_has_its_file() -> None:
    assert {each.stem for each in (DATA / "templates").iterdir()} == set(TEMPLATES) == {each.code for each in offered()}
    assert {each.stem for each in (DATA / "packs").iterdir()} == set(PACKS) == {each.code for each in packs()}
    # a sum adds up the contests of its own file, so none can be offered by itself
    assert {each.kind for each in offered()} == {str(kind) for kind in ResultKindRule} - {"sum"}
    assert all(each.source.get("url") and each.source.get("what") for each in offered())
    assert template("khong-co") is None
    assert pack("khong-co") is None


@pytest.mark.parametrize("whole", WHOLES)
def test_every_template_alone_makes_a_sound_document(whole: dict[str, Any] | None) -> None:
    for each in offered():
        read_back = sound(with_template(blank(whole), each))
        assert [contest.name for contest in read_back.contests] == [each.piece["name"]]
        assert each.source["url"] in {source.url for source in read_back.sources}


@pytest.mark.parametrize("whole", WHOLES)
def test_every_two_templates_stand_beside_each_other_also_the_same_twice(whole: dict[str, Any] | None) -> None:
    codes = tuple(each.code for each in offered())
    for pair in (*combinations(codes, 2), *((code, code) for code in codes)):
        assert len(sound(with_all(blank(whole), pair)).contests) == 2


@pytest.mark.parametrize("whole", WHOLES)
def test_all_templates_at_once_and_twice_make_a_sound_document(whole: dict[str, Any] | None) -> None:
    codes = tuple(each.code for each in offered())
    read_back = sound(with_all(blank(whole), codes + codes))
    assert len({each.code for each in read_back.contests}) == len(codes) * 2
    assert len({len(each.place_points_milli) for each in read_back.contests if each.place_points_milli}) <= 1


@pytest.mark.parametrize("whole", WHOLES)
def test_every_pack_is_sound_alone_and_with_every_template(whole: dict[str, Any] | None) -> None:
    codes = tuple(each.code for each in offered())
    for each in packs():
        for document in (
            with_all(with_pack(blank(whole, 15), each), codes),
            with_pack(with_all(blank(whole), codes), each),
        ):
            assert len(sound(document).contests) == len(codes) + len(each.contests)


def test_the_pack_of_a_province_is_the_six_contests_of_the_home_edition() -> None:
    chosen = pack("cap-tinh")
    assert chosen is not None
    read_back = sound(with_pack(blank(delegations=15), chosen))
    assert [each.code for each in read_back.contests] == [
        "tai-nang",
        "trang-phuc",
        "nau-an",
        "bong-ro",
        "bong-da",
        "cau-long",
    ]
    assert {each.place_points_milli for each in read_back.contests} == {
        tuple(range(15_000, 0, -1000)),
    }
    assert read_back.festival.commune_contest is False


def test_the_pack_of_a_commune_is_four_contests_added_by_their_points() -> None:
    chosen = pack("hoi-thi-xa")
    assert chosen is not None
    read_back = sound(with_pack(blank(delegations=7), chosen))
    assert [each.code for each in read_back.contests] == ["chao-hoi", "doc-sach", "hieu-nhau", "tai-nang"]
    assert read_back.festival.commune_contest is True
    assert [(each.name, each.count) for each in read_back.contests[0].prizes] == [("Nhất", 1), ("Nhì", 2), ("Ba", 4)]


def test_what_an_organiser_has_typed_stands_above_a_pack_and_prizes_follow_their_contest() -> None:
    chosen = pack("hoi-thi-xa")
    reading = template("doc-sach")
    assert chosen is not None
    assert reading is not None
    document = with_template(blank(), reading)
    document["quotas"] = {"families_per_delegation": {"min": 1, "max": 3}}
    changed = with_pack(document, chosen)
    assert changed["quotas"] == document["quotas"]
    assert [each["code"] for each in changed["contests"]] == [
        "doc-sach",
        "chao-hoi",
        "doc-sach-2",
        "hieu-nhau",
        "tai-nang",
    ]
    assert changed["whole_delegation"]["ties"][0] == {"by": "contest", "contest": "doc-sach-2"}
    assert changed["special_prizes"][1] == {"name": "Gia đình yêu thích đọc sách", "contest": "doc-sach-2"}
    assert len(sound(with_pack(changed, chosen)).contests) == 9


def test_a_part_of_the_same_code_with_another_name_becomes_its_own() -> None:
    ball = template("bong-ro")
    assert ball is not None
    document = with_template(blank(), ball)
    document["contests"][0]["part"]["name"] = "Thể thao gia đình"
    assert fitted(ball.piece, document)["part"] == {"code": "the-thao-2", "name": "Gia đình thể thao"}


def test_a_document_and_a_template_are_never_changed_in_place() -> None:
    chosen = pack("cap-tinh")
    assert chosen is not None
    before = blank(WHOLES[2])
    held = pieces.mark(before)
    with_pack(before, chosen)
    assert pieces.mark(before) == held
    first = offered()[0]
    first.piece["criteria"].clear()
    assert first.piece["criteria"] != []
