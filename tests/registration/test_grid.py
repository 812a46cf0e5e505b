"""Does an officer's grid keep everything typed, undo what was done to it, and write each family once?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.registration.grid import keeping
from festival.registration.grid.sheet import Sheet
from festival.registration.grid.typed import TypedFamily
from festival.registration.models import RegistrationDraft
from festival.roster.models import DelegationOfficer, Family, FamilyState
from tests.registration.conftest import World, household
from tests.registration.pages_kit import (
    answered,
    as_shown,
    only_family,
    post,
    token_of,
    typed_family,
    words,
)
from tests.registration.registered import approve, count, register

pytestmark = pytest.mark.either_database


def new_page(world: World) -> str:
    return f"/delegation/{world.hon_dat}/families/new"


def keep(officer: FlaskClient, page: TestResponse, **changes: str) -> TestResponse:
    """What the script sends while somebody types."""
    return officer.post(page.request.path, data={**as_shown(page), **changes, "act": "keep"})


def second_officer(world: World) -> int:
    """The other officer works for this delegation too."""
    with world.app.app_context(), transaction():
        db.session.add(DelegationOfficer(delegation_id=world.delegation().id, user_id=world.other_officer))
    return world.other_officer


def test_what_is_typed_is_kept_as_typed_and_only_for_who_types(world: World) -> None:
    officer = world.as_user(world.officer)
    page = officer.get(new_page(world))
    answer = keep(officer, page, **{"phone": "09 một", "members-0-birth": "31/2/1984", "f1-members-0-name": "Lâm Út"})
    assert (answer.status_code, answer.get_json()["seen"]) == (200, 1)
    assert set(answer.get_json()["faults"]) == {"phone", "members-0-birth"}
    assert [each["tone"] for each in answer.get_json()["lines"]] == ["bad", "warn"]
    shown = as_shown(officer.get(new_page(world)))
    assert (shown["phone"], shown["members-0-birth"], shown["f1-members-0-name"]) == (
        ["09 một"],
        ["31/2/1984"],
        ["Lâm Út"],
    )
    other = world.as_user(second_officer(world))
    assert "Lâm Út" not in other.get(new_page(world)).text
    assert count(world, Family) == 0


def test_two_pages_of_one_officer_lose_nothing(world: World) -> None:
    officer = world.as_user(world.officer)
    one = officer.get(new_page(world))
    two = officer.get(new_page(world))
    assert keep(officer, one, phone="0911111111").status_code == 200
    late = keep(officer, two, phone="0922222222")
    assert (late.status_code, "Bảng này đang gõ ở một trang khác nữa" in late.get_json()["message"]) == (409, True)
    page = answered(
        officer, officer.post(new_page(world), data={**as_shown(two), "phone": "0922222222", "act": "row:0"})
    )
    assert as_shown(page)["phone"] == ["0922222222"]
    assert "Hoàn tác: chép đè bản gõ ở trang khác" in words(page)
    back = answered(officer, officer.post(new_page(world), data={**as_shown(page), "act": "undo"}))
    assert as_shown(back)["phone"] == ["0911111111"]
    again = answered(officer, officer.post(new_page(world), data={**as_shown(back), "act": "redo"}))
    assert as_shown(again)["phone"] == ["0922222222"]


def test_a_paste_without_script_and_its_undo(world: World) -> None:
    officer = world.as_user(world.officer)
    text = "Gia đình 1: 0911111111\n1. Danh Chung, 1984, đại diện\nGia đình 2: 0922222222\n1. Lâm Út, 1970, đại diện, áo đỏ"
    page = answered(officer, post(officer, new_page(world), {"act": "paste", "pasted": text}))
    shown = as_shown(page)
    assert (shown["phone"], shown["f1-members-0-name"], shown["f1-rest"]) == (
        ["0911111111"],
        ["Lâm Út"],
        ["Lâm Út: áo đỏ"],
    )
    saved = answered(officer, officer.post(new_page(world), data=shown))
    assert "Gia đình thứ 2, chữ chưa xếp" in words(saved)
    undone = as_shown(answered(officer, officer.post(new_page(world), data={**as_shown(page), "act": "undo"})))
    assert (undone["phone"], "f1-phone" in undone) == ([""], False)
    # what cannot be placed stays to be copied, with what to do
    told = answered(officer, officer.post(new_page(world), data={**undone, "act": "paste", "pasted": "  "}))
    assert "Chưa thấy gia đình hay người nào" in words(told)


def test_what_can_be_read_is_saved_and_the_rest_stays(world: World) -> None:
    officer = world.as_user(world.officer)
    second = {f"f1-{key}": value for key, value in typed_family(phone="12").items() if key != "form_key"}
    page = answered(officer, post(officer, new_page(world), {**typed_family(), **second}))
    assert "Đã lưu Gia đình bà Danh Thị Sa Rươl" in words(page)
    assert "1 gia đình chưa lưu được, còn nguyên ở dưới" in words(page)
    assert (as_shown(page)["phone"], count(world, Family)) == (["12"], 1)
    # the same household once more is told beside the phone, and stays
    twin = answered(
        officer, officer.post(new_page(world), data={**as_shown(page), "phone": "0912345678", "address": "Ấp Sóc"})
    )
    assert "Gia đình có người đại diện và số điện thoại này đã được đăng ký" in words(twin)
    done = officer.post(new_page(world), data={**as_shown(twin), "phone": "0987654321"})
    assert (done.location, count(world, Family)) == (f"/delegation/{world.hon_dat}", 2)
    assert as_shown(officer.get(new_page(world)))["phone"] == [""]


def test_a_form_that_is_posted_five_times_is_one_family(world: World) -> None:
    officer = world.as_user(world.officer)
    opened = officer.get(new_page(world))
    sent = {**as_shown(opened), **typed_family()}
    assert [officer.post(new_page(world), data=sent).status_code for _time in range(5)] == [302] * 5
    assert (count(world, Family), count(world, RegistrationDraft)) == (1, 0)
    nothing = answered(officer, post(officer, new_page(world), {"form_key": "k9"}))
    assert "Chưa gõ gia đình nào" in words(nothing)


def test_nothing_but_the_cells_is_written(world: World) -> None:
    """State, origin, delegation, a person of another family: what a form carries beside its cells is nothing."""
    stranger = register(world, household(1))
    officer = world.as_user(world.officer)
    with world.app.app_context(), reading():
        code = db.session.get_one(Family, stranger.family_id).members[0].code
    more = {"state": "approved", "origin": "family", "delegation_id": "2", "family_id": "1", "members-0-code": code,
            "members-0-out": "y", "members-0-id": "1", "members-0-contests": "khong-co"}  # fmt: skip
    assert post(officer, new_page(world), typed_family(**more)).status_code == 302
    with world.app.app_context(), reading():
        old, new = db.session.scalars(select(Family).order_by(Family.id))
        assert (new.state, new.origin, new.delegation_id) == (FamilyState.DRAFT, "officer", world.delegation().id)
        assert (old.members[0].name, old.members[0].code, new.members[0].code == code) == (
            "Thạch Thị Sa Rươl",
            code,
            False,
        )
    theirs = world.as_user(world.other_officer)
    token = token_of(theirs.get(f"/delegation/{world.kien_luong}/families/new"))
    for act in ("save", "keep", "undo"):
        for place in (world.hon_dat, world.kien_luong):
            address = f"/delegation/{place}/families/{stranger.code}"
            answer = theirs.post(address, data={"csrf_token": token, "version": "1", "act": act})
            assert (act, place, answer.status_code) == (act, place, 404)


def test_two_officers_on_one_family_both_versions_stand_and_nothing_is_lost(world: World) -> None:
    officer, other = world.as_user(world.officer), world.as_user(second_officer(world))
    post(officer, new_page(world), typed_family())
    edit = f"/delegation/{world.hon_dat}/families/{only_family(world.app).code}"
    mine, theirs = officer.get(edit), other.get(edit)
    assert keep(officer, mine, **{"members-2-name": "Danh Minh Khang", "address": "Ấp Sóc Xoài"}).status_code == 200
    assert other.post(edit, data={**as_shown(theirs), "members-2-birth": "2/9/2014"}).status_code == 302
    page = officer.get(edit)
    for text in (
        "Có người vừa thay đổi trước",
        "Địa chỉ: đang gõ “Ấp Sóc Xoài”, bản đã lưu “Ấp Hòn Me”",
        "Danh Minh Khôi : Họ và tên: đang gõ “Danh Minh Khang”, bản đã lưu “Danh Minh Khôi”",
        "Danh Minh Khôi : Ngày sinh: đang gõ “1/9/2014”, bản đã lưu “2/9/2014”",
    ):
        assert text in words(page)
    shown = as_shown(page)
    assert (shown["members-2-name"], shown["version"]) == (["Danh Minh Khang"], ["2"])
    # the newer one can be taken, and what was typed comes back after all
    taken = answered(officer, officer.post(edit, data={**shown, "act": "theirs"}))
    assert (as_shown(taken)["members-2-name"], "Có người vừa" in words(taken)) == (["Danh Minh Khôi"], False)
    back = answered(officer, officer.post(edit, data={**as_shown(taken), "act": "undo"}))
    assert as_shown(back)["members-2-name"] == ["Danh Minh Khang"]
    assert officer.post(edit, data={**as_shown(back), "members-2-birth": "2/9/2014"}).status_code == 302
    family = only_family(world.app)
    assert (family.members[2].name, family.address, family.version) == ("Danh Minh Khang", "Ấp Sóc Xoài", 3)


def test_a_row_that_was_taken_off_comes_back_as_the_same_person(world: World) -> None:
    officer = world.as_user(world.officer)
    post(officer, new_page(world), typed_family())
    before = only_family(world.app)
    edit = f"/delegation/{world.hon_dat}/families/{before.code}"
    off = answered(officer, officer.post(edit, data={**as_shown(officer.get(edit)), "act": "drop:0:1"}))
    assert ("Hoàn tác: bỏ dòng của Danh Chung" in words(off), as_shown(off)["members-1-name"]) == (
        True,
        ["Danh Minh Khôi"],
    )
    back = answered(officer, officer.post(edit, data={**as_shown(off), "act": "undo"}))
    assert officer.post(edit, data=as_shown(back)).status_code == 302
    assert [each.code for each in only_family(world.app).members] == [each.code for each in before.members]
    # a whole family goes and comes back the same way
    two = {**typed_family(form_key="k2"), "f1-phone": "0987654321", "f1-members-0-name": "Lâm Út"}
    page = answered(officer, post(officer, new_page(world), {**two, "act": "out:0"}))
    assert as_shown(page)["phone"] == ["0987654321"]
    page = answered(officer, officer.post(new_page(world), data={**as_shown(page), "act": "undo"}))
    assert (as_shown(page)["phone"], as_shown(page)["f1-phone"]) == (["0912 345 678"], ["0987654321"])


def test_typed_for_a_family_that_was_decided_meanwhile_is_shown_to_be_copied(world: World) -> None:
    officer = world.as_user(world.officer)
    made = register(world, household(1))
    edit = f"/delegation/{world.hon_dat}/families/{made.code}"
    page = officer.get(edit)
    approve(world, made.family_id)
    answer = answered(officer, officer.post(edit, data={**as_shown(page), "members-1-name": "Danh Chương"}))
    assert "Hồ sơ này đã được duyệt nên không sửa được nữa" in words(answer)
    assert "Danh Chung : Họ và tên: đang gõ “Danh Chương”, bản đã lưu “Danh Chung”" in words(answer)


def kept(world: World, seen: int, gate: threading.Barrier) -> bool:
    """As the page does it: the draft is held, and only who saw its version writes."""
    gate.wait()
    with transaction():
        draft = keeping.own_draft(world.officer, world.delegation(), None, lock=True)
        if draft is None or draft.version != seen:
            return False
        keeping.keep(world.officer, world.delegation(), None, draft, Sheet("k", (TypedFamily(phone="1"),)))
        return True


def naive(world: World, seen: int, gate: threading.Barrier) -> bool:
    """Asked first, written later."""
    with reading():
        draft = keeping.own_draft(world.officer, world.delegation(), None)
        good = draft is not None and draft.version == seen
    gate.wait()
    with transaction():
        keeping.keep(world.officer, world.delegation(), None, draft, Sheet("k", (TypedFamily(phone="1"),)))
        return good


@pytest.mark.both_databases
@pytest.mark.parametrize(("way", "wrote"), [(kept, 1), (naive, 4)])
def test_of_four_pages_that_keep_at_once_one_is_not_overtaken(
    world: World, way: Callable[[World, int, threading.Barrier], bool], wrote: int
) -> None:
    with world.app.app_context(), transaction():
        assert keeping.keep(world.officer, world.delegation(), None, None, Sheet("k")) == 1
        assert keeping.keep(world.officer, world.delegation(), None, None, Sheet("k")) is None
    gate, outcomes = threading.Barrier(4), list[bool]()

    def run() -> None:
        with world.app.app_context():
            outcomes.append(way(world, 1, gate))

    threads = [threading.Thread(target=run) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(outcomes) == wrote


def test_green_is_what_may_be_sent_and_the_places_are_said(
    make_world: Callable[..., World],
) -> None:
    world = make_world(families=1)
    officer, home = world.as_user(world.officer), f"/delegation/{world.hon_dat}"
    post(officer, new_page(world), typed_family())
    assert "Gia đình: còn 1 chỗ" in words(officer.get(home))
    made = register(world, household(2))
    approve(world, made.family_id)
    page = officer.get(home)
    assert "Đủ hồ sơ: 1 trên 2 gia đình" in words(page)
    assert "Đủ hồ sơ, hết chỗ: 1 · Đã duyệt: 1" in words(page)
    assert "Gia đình: còn 0 chỗ mà đang có 1 chờ. Hãy bớt, hoặc hỏi Ban Tổ chức." in words(page)
    assert "Đoàn đã có đủ 1 gia đình được duyệt nên chưa gửi được" in words(page)
    assert f'action="{home}/submit"' not in page.text
    post(officer, f"{home}/submit", {}, page=home)
    with world.app.app_context(), reading():
        assert sorted(db.session.scalars(select(Family.state))) == ["approved", "draft"]


def test_a_family_that_came_back_and_one_that_left_are_not_green(world: World) -> None:
    officer, home = world.as_user(world.officer), f"/delegation/{world.hon_dat}"
    for number, state in ((1, FamilyState.RETURNED), (2, FamilyState.REJECTED), (3, FamilyState.SUBMITTED)):
        made = register(world, household(number))
        with world.app.app_context(), transaction():
            db.session.get_one(Family, made.family_id).state = state
    said = words(officer.get(home))
    assert "Đủ hồ sơ: 1 trên 2 gia đình" in said
    assert "Sửa xong thì gửi lại được: 1 · Đã gửi, chờ duyệt: 1 · Đã rút hoặc bị từ chối: 1" in said


def test_a_family_without_any_contest_is_asked_about_once(world: World) -> None:
    officer, home = world.as_user(world.officer), f"/delegation/{world.hon_dat}"
    nothing = {key: value for key, value in typed_family().items() if not key.endswith("contests")}
    post(officer, new_page(world), nothing)
    family = only_family(world.app)
    assert "Chưa dự phần thi nào: Gia đình bà Danh Thị Sa Rươl. Vẫn gửi?" in words(officer.get(home))
    for address, fields in ((f"{home}/submit", {}), (f"{home}/families/{family.code}/submit", {"version": "1"})):
        post(officer, address, fields, page=home)
        assert "Chưa gửi Gia đình bà Danh Thị Sa Rươl: chưa dự phần thi nào" in words(officer.get(home))
        assert only_family(world.app).state is FamilyState.DRAFT
    post(officer, f"{home}/submit", {"without": "yes"}, page=home)
    assert only_family(world.app).state is FamilyState.SUBMITTED


def test_a_team_that_stands_asks_for_no_place_and_a_sheet_survives_its_family(world: World) -> None:
    """`replace` of a household keeps what the grid does not show."""
    made = register(world, replace(household(1), introduction="Ba thế hệ"))
    officer = world.as_user(world.officer)
    edit = f"/delegation/{world.hon_dat}/families/{made.code}"
    assert officer.post(edit, data=as_shown(officer.get(edit))).status_code == 302
    with world.app.app_context(), reading():
        family = db.session.get_one(Family, made.family_id)
        assert (family.introduction, [each.name for each in family.members]) == (
            "Ba thế hệ",
            [each.name for each in household(1).members],
        )
