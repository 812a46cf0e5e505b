"""Does an officer register the families of the unit, by typing and by Excel?"""

from __future__ import annotations

import html
import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from festival.core.database import db
from festival.core.transaction import reading
from festival.core.web.i18n import LANGUAGE_COOKIE
from festival.roster.models import Family, FamilyState
from tests.registration.conftest import World, household
from tests.registration.pages_kit import (
    answered,
    as_shown,
    only_family,
    post,
    standing,
    token_of,
    typed_family,
    upload,
    words,
)
from tests.registration.registered import register
from tests.registration.test_workbook import HEADINGS, MOTHER, SON, excel, with_cell

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database


def test_officer_sees_only_the_own_delegation(world: World) -> None:
    made = register(world, household(1))
    mine, theirs = world.as_user(world.officer), world.as_user(world.other_officer)
    assert mine.get("/delegation").location == f"/delegation/{world.hon_dat}"
    assert "Danh Thị Sa Rươl" not in theirs.get(f"/delegation/{world.kien_luong}").text
    for path in (
        "",
        "/families/new",
        f"/families/{made.code}",
        "/template.xlsx",
        "/families.xlsx",
        "/import",
        "/signing/kg-0",
        "/links",
    ):
        assert (path, mine.get(f"/delegation/{world.hon_dat}{path}").status_code) == (path, 200)
        assert (path, theirs.get(f"/delegation/{world.hon_dat}{path}").status_code) == (path, 404)
        assert (path, world.as_user(world.organiser).get(f"/delegation/{world.hon_dat}{path}").status_code) == (
            path,
            403,
        )
    # a family of one delegation is not found through the address of another
    assert theirs.get(f"/delegation/{world.kien_luong}/families/{made.code}").status_code == 404


def test_officer_types_a_family_and_sends_it(world: World) -> None:
    officer = world.as_user(world.officer)
    home = f"/delegation/{world.hon_dat}"
    for _twice in range(2):
        assert post(officer, f"{home}/families/new", typed_family()).location == home
    family = only_family(world.app)
    assert (family.state, family.origin, len(family.members)) == (FamilyState.DRAFT, "officer", 3)
    page = officer.get(home)
    assert "Đủ hồ sơ: 1 trên 1 gia đình" in words(page)
    post(officer, f"{home}/submit", {}, page=home)
    assert only_family(world.app).state is FamilyState.SUBMITTED


def test_officer_corrects_and_is_told_of_a_newer_version(world: World) -> None:
    officer = world.as_user(world.officer)
    home = f"/delegation/{world.hon_dat}"
    post(officer, f"{home}/families/new", typed_family())
    family = only_family(world.app)
    codes = {f"members-{row}-code": person.code for row, person in enumerate(family.members)}
    edit = f"{home}/families/{family.code}"
    assert 'value="Danh Minh Khôi"' in officer.get(edit).text
    changed = {**typed_family(**{"members-2-name": "Danh Minh Khang"}), **codes, "version": "1"}
    assert post(officer, edit, changed).location == home
    assert [person.name for person in only_family(world.app).members][2] == "Danh Minh Khang"
    late = answered(officer, post(officer, edit, {**changed, "members-2-name": "Danh Khác"}))
    assert "Hồ sơ này vừa được thay đổi ở nơi khác" in words(late)
    assert "Danh Minh Khang : Họ và tên: đang gõ “Danh Khác”, bản đã lưu “Danh Minh Khang”" in words(late)
    assert [person.name for person in only_family(world.app).members][2] == "Danh Minh Khang"
    # what was typed is still there, and saving once more is a decision
    assert ('value="Danh Khác"' in late.text, 'name="version" value="2"' in late.text) == (True, True)
    assert post(officer, edit, {**changed, "members-2-name": "Danh Khác", "version": "2"}).location == home
    assert [person.name for person in only_family(world.app).members][2] == "Danh Khác"


def edited(world: World, officer: FlaskClient, **changes: str) -> TestResponse:
    """The officer's form of the one family sent again with changes; a change to "" is a box without its tick."""
    family = only_family(world.app)
    codes = {f"members-{row}-code": person.code for row, person in enumerate(family.members)}
    fields = {**typed_family(), **codes, "version": str(family.version), **changes}
    kept = {key: value for key, value in fields.items() if value or not key.endswith(("signed", "own", "contests"))}
    return post(officer, f"/delegation/{world.hon_dat}/families/{family.code}", kept)


def test_an_agreement_is_only_for_the_one_it_was_given_for(world: World) -> None:
    officer = world.as_user(world.officer)
    post(officer, f"/delegation/{world.hon_dat}/families/new", typed_family())
    mother, father = ("Danh Thị Sa Rươl", "taking_part", "Danh Thị Sa Rươl", "self"), "Danh Chung"
    son = [
        ("Danh Minh Khôi", "child_own", "Danh Minh Khôi", "self"),
        ("Danh Minh Khôi", "taking_part", "Danh Thị Sa Rươl", "guardian"),
    ]
    assert standing(world) == [mother, (father, "taking_part", father, "self"), *son]
    # a corrected spelling keeps it
    edited(world, officer, **{"members-1-name": "DANH CHÙNG"})
    assert standing(world)[1] == ("DANH CHÙNG", "taking_part", father, "self")
    # another person typed over the row has not agreed to anything
    edited(world, officer, **{"members-1-name": "Lâm Văn Tư", "members-1-birth": "1/1/1991"})
    assert standing(world) == [mother, *son]
    # somebody who turns out to be a child cannot have agreed alone
    edited(world, officer, **{"members-1-name": "Lâm Văn Tư", "members-1-birth": "1/1/1991"})
    assert ("Lâm Văn Tư", "taking_part", "Lâm Văn Tư", "self") in standing(world)
    child = {"members-1-name": "Lâm Văn Tư", "members-1-birth": "1/1/2012", "members-1-relation": "child"}
    shown = answered(officer, edited(world, officer, **child))
    assert "Người thứ 2, cha, mẹ hoặc người giám hộ đã ký" in words(shown)
    edited(world, officer, **child, **{"members-1-signed": ""})
    assert standing(world) == [mother, *son]
    edited(world, officer, **child, **{"members-1-guardian": "Lâm Văn Ba", "members-1-own": "y"})
    assert ("Lâm Văn Tư", "taking_part", "Lâm Văn Ba", "guardian") in standing(world)
    # a tick made by mistake is taken back by taking it away
    edited(world, officer, **child, **{"members-1-signed": "", "members-2-signed": "", "members-2-own": ""})
    assert standing(world) == [mother]


def test_a_row_that_was_begun_is_not_dropped_in_silence(world: World) -> None:
    officer = world.as_user(world.officer)
    address = f"/delegation/{world.hon_dat}/families/new"
    for begun in ({"relation": "child"}, {"sex": "male"}, {"needs": "xe lăn"}, {"contests": "tai-nang"}):
        fields = {f"members-3-{key}": value for key, value in begun.items()}
        answer = answered(officer, post(officer, address, typed_family(**fields)))
        assert (begun, "Người thứ 4, họ và tên" in words(answer)) == (begun, True)


def test_two_representatives_are_told_beside_the_second(world: World) -> None:
    officer = world.as_user(world.officer)
    address = f"/delegation/{world.hon_dat}/families/new"
    both = {"members-1-relation": "representative"}
    answer = answered(officer, post(officer, address, typed_family(**both)))
    assert "Người thứ 2, quan hệ" in words(answer)
    assert "Hãy chỉ giữ một người" in words(answer)
    # the same when a family is corrected; whose row is taken off counts no more
    assert post(officer, address, typed_family()).status_code == 302
    assert edited(world, officer, **both).status_code == 303
    assert taken_off(world, officer, 0, **both).status_code == 302
    assert [(p.name, p.representative) for p in only_family(world.app).members] == [
        ("Danh Chung", True),
        ("Danh Minh Khôi", False),
    ]


def taken_off(world: World, officer: FlaskClient, row: int, **changes: str) -> TestResponse:
    """The row goes by its button; then the grid is saved as it stands."""
    page = answered(officer, edited(world, officer, act=f"drop:0:{row}", **changes))
    return officer.post(page.request.path, data=as_shown(page))


def test_a_person_is_taken_off_by_the_button_of_the_row_and_never_by_an_empty_name(world: World) -> None:
    officer = world.as_user(world.officer)
    post(officer, f"/delegation/{world.hon_dat}/families/new", typed_family())
    assert edited(world, officer, **{"members-1-name": "", "members-1-birth": ""}).status_code == 303
    assert taken_off(world, officer, 1).status_code == 302
    assert [person.name for person in only_family(world.app).members] == ["Danh Thị Sa Rươl", "Danh Minh Khôi"]


def test_officer_mistakes_are_named_by_person(world: World) -> None:
    officer = world.as_user(world.officer)
    new = f"/delegation/{world.hon_dat}/families/new"
    answer = answered(officer, post(officer, new, typed_family(**{"members-1-birth": "1/1/50", "phone": "1"})))
    assert "Người thứ 2, ngày sinh" in words(answer)
    assert "cần đủ bốn chữ số" in words(answer)
    more = answered(officer, post(officer, new, typed_family(act="row:0")))
    assert 'name="members-4-name"' in more.text


def test_excel_is_previewed_then_written_once(world: World) -> None:
    officer = world.as_user(world.officer)
    second = [
        with_cell(with_cell(MOTHER, "Gia đình số", "2"), "Số điện thoại", "12"),
        with_cell(SON, "Gia đình số", "2"),
    ]
    shown = upload(officer, world, excel([MOTHER, SON, *second]))
    assert shown.status_code == 200
    assert "Ô F4 (Số điện thoại)" in words(shown)
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Family)) == 0
    confirm = re.search(rf"/delegation/{world.hon_dat}/import/[\w-]+", shown.text)
    assert confirm
    for _twice in range(2):
        answer = officer.post(confirm[0], data={"csrf_token": token_of(shown)})
        assert answer.location == f"/delegation/{world.hon_dat}"
    family = only_family(world.app)
    assert (family.origin, family.phone, [p.name for p in family.members]) == (
        "excel", "0912345678", ["Danh Thị Sa Rươl", "Danh Minh Khôi"],
    )  # fmt: skip
    again = upload(officer, world, excel([MOTHER, SON]))
    assert "Đã có, giữ nguyên" in words(again) and "Không có gia đình mới" in words(again)
    theirs = world.as_user(world.other_officer)
    token = token_of(theirs.get(f"/delegation/{world.kien_luong}/import"))
    stolen = confirm[0].replace(world.hon_dat, world.kien_luong)
    assert theirs.post(stolen, data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Tệp trống"),
        (b"ho ten;nam sinh", "không phải tệp Excel"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Excel kiểu cũ (.xls)"),
        (excel([MOTHER[:4] + MOTHER[5:]], HEADINGS[:4] + HEADINGS[5:]), "Thiếu cột “Ngày sinh”"),
    ],
)
def test_bad_file_gets_a_clear_answer(world: World, content: bytes, sentence: str) -> None:
    answer = upload(world.as_user(world.officer), world, content)
    assert (answer.status_code, sentence in html.unescape(answer.text)) == (422, True)


def test_export_comes_back_as_the_same_families(world: World) -> None:
    register(world, household(1))
    officer = world.as_user(world.officer)
    content = officer.get(f"/delegation/{world.hon_dat}/families.xlsx").data
    sheet = load_workbook(BytesIO(content))["Danh sách"]
    assert [sheet.cell(5, place).value for place in (2, 4, 6, 20)] == [
        "Thạch Thị Sa Rươl",
        "Nữ",
        "0900000001",
        "Chờ duyệt",
    ]
    assert "Đã có, giữ nguyên" in words(upload(officer, world, content))


def test_papers_are_vietnamese_whoever_prints_them(world: World) -> None:
    register(world, household(1), submit=False)
    officer = world.as_user(world.officer)
    officer.set_cookie(LANGUAGE_COOKIE, "en")
    home = f"/delegation/{world.hon_dat}"
    assert "Add a family" in officer.get(home).text
    post(officer, f"{home}/signing/kg-0/print", {}, page=f"{home}/signing/kg-0")
    with ZipFile(BytesIO(officer.get(f"{home}/signing/lists/1/list.docx").data)) as paper:
        page = paper.read("word/document.xml").decode()
    assert ("DANH SÁCH GIA ĐÌNH DỰ THI" in page, "Người đại diện" in page, "Representative" in page) == (
        True,
        True,
        False,
    )
    sheet = load_workbook(BytesIO(officer.get(f"{home}/families.xlsx").data))["Danh sách"]
    states = [cell.value for column in sheet.iter_cols() for cell in column if column[3].value == "Trạng thái"]
    assert states[4] == "Đang soạn"
