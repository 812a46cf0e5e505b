"""Does the officer's form keep guardian and tick, in whatever order they are typed, and say what is missing and where?"""

from __future__ import annotations

import re
from datetime import date
from itertools import permutations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from festival.consent.rules import Agreement, Agreements, AskedPerson, Ticks, on_paper, paper_faults
from festival.core.births import Birth
from tests.registration.conftest import World
from tests.registration.pages_kit import answered, only_family, post, standing, typed_family, words

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

ROW = "members-2-"
TAKEN = ("Danh Minh Khôi", "taking_part", "Danh Thị Sa Rươl", "guardian")
OWN = ("Danh Minh Khôi", "child_own", "Danh Minh Khôi", "self")
STEPS = {
    "birth": {ROW + "birth": "1-9-2014"},
    "guardian": {ROW + "guardian": "Danh Thị Sa Rươl"},
    "tick": {ROW + "signed": "y", ROW + "own": "y"},
}


def _without_agreement() -> dict[str, str]:
    fields = typed_family()
    for name in ("birth", "guardian", "signed", "own"):
        fields.pop(ROW + name)
    return fields


def _shown(page: TestResponse) -> dict[str, str]:
    """What stands in the guardian's field and the ticks of the child's row."""
    found = {}
    for name in ("guardian", "birth"):
        box = re.search(rf'<input[^>]*name="{ROW}{name}"[^>]* value="([^"]*)"', page.text)
        assert box, name
        found[name] = box[1]
    for name in ("signed", "own"):
        found[name] = "y" if re.search(rf'name="{ROW}{name}"[^>]* value="y" checked', page.text) else ""
    return found


@pytest.mark.parametrize("order", list(permutations(STEPS)), ids="-".join)
def test_every_order_ends_the_same_and_nothing_is_lost_on_the_way(world: World, order: tuple[str, ...]) -> None:
    """Saved after each step: what cannot be kept yet is refused with everything still in its field."""
    officer = world.as_user(world.officer)
    address = f"/delegation/{world.hon_dat}/families/new"
    fields = _without_agreement()
    for place, step in enumerate(order):
        fields |= STEPS[step]
        more = answered(officer, post(officer, address, {**fields, "act": "row:0"}))
        answer = post(officer, address, fields)
        wanted = {name: fields.get(ROW + name, "") for name in ("guardian", "birth", "signed", "own")}
        assert _shown(more) == wanted
        if place < 2:
            done = {*order[: place + 1]}
            assert (answer.status_code, done) == ((302 if done == {"birth"} else 303), done)
            if answer.status_code == 302:
                # saved without an agreement: corrected from the list on, as officers do
                family = only_family(world.app)
                address = f"/delegation/{world.hon_dat}/families/{family.code}"
                codes = {f"members-{row}-code": person.code for row, person in enumerate(family.members)}
                fields |= {**codes, "version": str(family.version)}
            else:
                assert _shown(answered(officer, answer)) == wanted
        else:
            assert answer.status_code == 302, words(answer)
    assert [each for each in standing(world) if each[0] == "Danh Minh Khôi"] == [OWN, TAKEN]


@pytest.mark.parametrize(
    ("changes", "where", "why"),
    [
        ({"guardian": ""}, "guardian", "Hãy ghi họ và tên cha, mẹ hoặc người giám hộ đồng ý cho cháu."),
        ({"signed": ""}, "signed", "Đã ghi tên Danh Thị Sa Rươl mà chưa đánh dấu."),
        ({"birth": "1/9/1984"}, "guardian", "Người này đủ 16 tuổi nên tự đồng ý."),
        ({"birth": "1/9/2020"}, "own", "Chỉ hỏi trẻ từ 7 đến dưới 16 tuổi."),
        ({"birth": "", "name": ""}, "birth", "Chưa có ngày sinh. Hãy ghi như 14/6/1984"),
    ],
)
def test_what_would_count_for_nothing_is_said_with_a_link_to_its_field(
    world: World, changes: dict[str, str], where: str, why: str
) -> None:
    officer = world.as_user(world.officer)
    fields = typed_family(**{ROW + key: value for key, value in changes.items()})
    sent = {key: value for key, value in fields.items() if value or not key.endswith(("signed", "own"))}
    answer = answered(officer, post(officer, f"/delegation/{world.hon_dat}/families/new", sent))
    assert f'href="#{ROW}{where}"' in answer.text
    assert f'id="{ROW}{where}"' in answer.text
    assert why in words(answer)
    expected = {name: sent.get(ROW + name, "") for name in ("guardian", "birth", "signed", "own")}
    assert _shown(answer) == expected


def test_all_that_is_wrong_is_said_at_once(world: World) -> None:
    officer = world.as_user(world.officer)
    fields = typed_family(**{ROW + "guardian": "", "phone": "1", "members-1-birth": "1/1/50"})
    said = words(answered(officer, post(officer, f"/delegation/{world.hon_dat}/families/new", fields)))
    for part in ("Số điện thoại", "Người thứ 2, ngày sinh", "Người thứ 3, cha, mẹ hoặc người giám hộ đã ký"):
        assert part in said


def _edit(officer: FlaskClient, world: World, **changes: str) -> TestResponse:
    family = only_family(world.app)
    codes = {f"members-{row}-code": person.code for row, person in enumerate(family.members)}
    fields = {**typed_family(), **codes, "version": str(family.version), **changes}
    kept = {key: value for key, value in fields.items() if value or not key.endswith(("signed", "own"))}
    return post(officer, f"/delegation/{world.hon_dat}/families/{family.code}", kept)


def test_another_guardian_on_the_paper_is_kept_and_a_tick_is_taken_back(world: World) -> None:
    officer = world.as_user(world.officer)
    post(officer, f"/delegation/{world.hon_dat}/families/new", typed_family())
    assert _edit(officer, world, **{ROW + "guardian": "Lâm Văn Ba"}).status_code == 302
    assert ("Danh Minh Khôi", "taking_part", "Lâm Văn Ba", "guardian") in standing(world)
    back = {ROW + "guardian": "Lâm Văn Ba", ROW + "signed": "", ROW + "own": ""}
    assert _edit(officer, world, **back).status_code == 302
    assert [each for each in standing(world) if each[0] == "Danh Minh Khôi"] == []


def test_who_is_typed_over_takes_the_paper_along_and_it_is_said(world: World) -> None:
    officer = world.as_user(world.officer)
    home = f"/delegation/{world.hon_dat}"
    post(officer, f"{home}/families/new", typed_family())
    other = {ROW + "name": "Lâm Bé Ba", ROW + "birth": "2/2/2013"}
    _edit(officer, world, **other)
    assert [each for each in standing(world) if each[0] == "Lâm Bé Ba"] == []
    assert "Lâm Bé Ba thay cho Danh Minh Khôi: phiếu của Danh Minh Khôi không tính" in words(officer.get(home))
    # a guardian that was named anew in the same form is for the new person
    third = {ROW + "name": "Trần Bé Tư", ROW + "birth": "3/3/2012", ROW + "guardian": "Trần Văn Năm"}
    _edit(officer, world, **{ROW + "name": "Lâm Bé Ba", ROW + "birth": "2/2/2013"})
    _edit(officer, world, **third)
    assert ("Trần Bé Tư", "taking_part", "Trần Văn Năm", "guardian") in standing(world)


def test_the_list_links_what_is_missing_to_its_field(world: World) -> None:
    officer = world.as_user(world.officer)
    home = f"/delegation/{world.hon_dat}"
    fields = _without_agreement() | STEPS["birth"]
    fields.pop("members-1-signed")
    post(officer, f"{home}/families/new", fields)
    family = only_family(world.app)
    page = f"{home}/families/{family.code}"
    listed, opened = officer.get(home).text, officer.get(page).text
    for field in ("members-1-signed", ROW + "guardian", ROW + "own"):
        for text in (listed, opened):
            assert f'href="{page}#{field}"' in text
        assert f'id="{field}"' in opened


def test_one_more_person_has_a_row_to_go_to(world: World) -> None:
    officer = world.as_user(world.officer)
    page = f"/delegation/{world.hon_dat}/families/new"
    more = post(officer, page, {**typed_family(), "act": "row:0"})
    assert more.location.endswith("?at=members-4-name#members-4-name")
    assert re.search(r'id="members-4-name"[^>]* autofocus', officer.get(more.location).text)


CHILD = AskedPerson("Bé", Birth(2014, 9, 1), date(2024, 6, 14))


def test_an_agreement_by_another_road_is_not_renamed_here() -> None:
    stands = Agreements(Agreement("Danh Thị Sa Rươl", "mother", "link"), own=True)
    ticks = Ticks(True, "Lâm Văn Ba", own=True)
    ((field, said),) = paper_faults(CHILD, stands, ticks)
    assert (field, str(said).startswith("Danh Thị Sa Rươl đã đồng ý cho cháu bằng cách khác")) == ("guardian", True)
    assert on_paper(CHILD, stands, ticks).taking_part == stands.taking_part
    assert list(paper_faults(CHILD, stands, Ticks(False, "Danh Thị Sa Rươl"))) == []
