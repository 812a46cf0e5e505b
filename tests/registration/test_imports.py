"""What an officer gets back of a file: what is to be mended, the history, the whole of it taken back and given again."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from festival.core.clock import now
from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.registration import agreeing
from festival.registration.importing import history, keeping, undoing
from festival.registration.models import ImportBatch
from festival.roster.models import Entry, Family, FamilyState
from tests.harness.waiting import PATIENCE_S
from tests.registration.conftest import World, household
from tests.registration.pages_kit import token_of, upload, words
from tests.registration.registered import kinds
from tests.registration.test_waiting import imports_fate
from tests.registration.test_workbook import HEADINGS, MOTHER, SON, excel, with_cell

pytestmark = pytest.mark.either_database

BEHIND = ["Giới thiệu gia đình", "Tiết mục: Gia đình tài năng"]


def bad_family(**cells: Any) -> list[Any]:
    """A family of one whose phone is wrong."""
    row = with_cell(with_cell(MOTHER, "Gia đình số", "2"), "Họ và tên", "Lâm Thị Hai")
    row = with_cell(row, "Số điện thoại", "12")
    for heading, value in cells.items():
        row = with_cell(row, heading, value)
    return row


def given(client: FlaskClient, world: World, content: bytes, take: str = "good") -> TestResponse:
    address = f"/delegation/{world.hon_dat}/import"
    fields = {"csrf_token": token_of(client.get(address)), "take": take, "file": (BytesIO(content), "danh-sach.xlsx")}
    return client.post(address, data=fields, content_type="multipart/form-data")


def confirm(client: FlaskClient, world: World, shown: TestResponse) -> TestResponse:
    found = re.search(rf"/delegation/{world.hon_dat}/import/[\w-]+", shown.text)
    assert found, words(shown)
    return client.post(found[0], data={"csrf_token": token_of(shown)})


def to_mend(client: FlaskClient, page: TestResponse) -> bytes:
    found = re.search(r"/delegation/\w+/imports/\d+/to-mend.xlsx", page.text)
    assert found, words(page)
    answer = client.get(found[0])
    assert answer.status_code == 200
    return answer.data


def press(client: FlaskClient, world: World, what: str) -> TestResponse:
    """A button of the history."""
    page = client.get(f"/delegation/{world.hon_dat}/imports")
    found = re.search(rf"/delegation/\w+/imports/\d+/{what}", page.text)
    assert found, words(page)
    return client.post(found[0], data={"csrf_token": token_of(page)})


def states(world: World) -> list[tuple[str, str]]:
    with world.app.app_context(), reading():
        return [tuple(row) for row in db.session.execute(select(Family.name, Family.state).order_by(Family.id))]


def test_what_was_skipped_is_mended_in_its_own_file_and_given_again(world: World) -> None:
    officer = world.as_user(world.officer)
    shown = given(officer, world, excel([MOTHER, SON, bad_family()]))
    assert "1 gia đình cần sửa" in words(shown) and "Xác nhận ghi 1 gia đình" in words(shown)
    assert confirm(officer, world, shown).status_code == 302
    page = officer.get(f"/delegation/{world.hon_dat}/imports")
    assert "danh-sach.xlsx" in words(page) and "Cán bộ Hòn Đất" in words(page)
    assert "Ghi mới: 1 gia đình. Cần sửa: 1 gia đình." in words(page)
    book = load_workbook(BytesIO(to_mend(officer, page)))
    sheet = book["Danh sách"]
    headings = [cell.value for cell in sheet[4]]
    assert headings[:2] == ["Cần sửa", "Gia đình số"]
    row = dict(zip(headings, sheet[5], strict=True))
    assert (row["Họ và tên"].value, row["Số điện thoại"].value) == ("Lâm Thị Hai", "12")
    assert row["Cần sửa"].value.startswith("Số điện thoại: ")
    fills = {heading: row[heading].fill.fgColor.rgb for heading in ("Họ và tên", "Số điện thoại")}
    assert fills["Số điện thoại"] != fills["Họ và tên"]
    row["Số điện thoại"].value = "0912 345 999"
    out = BytesIO()
    book.save(out)
    again = given(officer, world, out.getvalue())
    assert "Tải phần cần sửa" not in words(again)
    assert confirm(officer, world, again).status_code == 302
    assert [name for name, _state in states(world)] == ["Gia đình bà Danh Thị Sa Rươl", "Gia đình bà Lâm Thị Hai"]
    theirs = world.as_user(world.other_officer)
    assert theirs.get(f"/delegation/{world.hon_dat}/imports").status_code == 404
    stolen = f"/delegation/{world.kien_luong}/imports/1/to-mend.xlsx"
    assert theirs.get(stolen).status_code == 404


def test_the_preview_says_how_many_places_the_new_families_of_the_file_leave(world: World) -> None:
    with world.app.app_context(), transaction():
        world.delegation().families_max = 1
    officer = world.as_user(world.officer)
    second = bad_family(**{"Số điện thoại": "0912 345 999"})
    one = words(given(officer, world, excel([MOTHER, SON, bad_family()])))
    assert "Gia đình: còn 1 chỗ" in one and "Gia đình: còn 1 chỗ mà" not in one
    both = words(given(officer, world, excel([MOTHER, SON, second])))
    assert "Gia đình: còn 1 chỗ mà đang có 2 chờ. Hãy bớt, hoặc hỏi Ban Tổ chức." in both
    with world.app.app_context(), transaction():
        world.delegation().families_max = 0
    assert "Gia đình: còn 0 chỗ mà đang có 1 chờ." in words(given(officer, world, excel([MOTHER, SON])))
    # Nothing is to be written of this one, so no place is asked for.
    assert "chờ. Hãy bớt" not in words(given(officer, world, excel([MOTHER, SON, bad_family()]), take="whole"))


def test_all_or_nothing_writes_nothing_while_somebody_is_to_be_mended(world: World) -> None:
    officer = world.as_user(world.officer)
    shown = given(officer, world, excel([MOTHER, SON, bad_family()]), "whole")
    assert "Xác nhận ghi" not in words(shown)
    sheet = load_workbook(BytesIO(to_mend(officer, shown)))["Danh sách"]
    assert [sheet.cell(at, 3).value for at in (5, 6, 7)] == ["Lâm Thị Hai", "Danh Thị Sa Rươl", "Danh Minh Khôi"]
    assert sheet.cell(6, 1).value == "Gia đình này không có lỗi. Nó chờ các gia đình khác trong tệp được sửa."
    assert states(world) == []


def test_all_or_nothing_writes_nothing_when_somebody_came_first(world: World) -> None:
    officer = world.as_user(world.officer)
    other = with_cell(with_cell(MOTHER, "Gia đình số", "2"), "Họ và tên", "Lâm Thị Hai")
    whole = given(officer, world, excel([MOTHER, SON, other]), "whole")
    first = given(officer, world, excel([other]))
    assert confirm(officer, world, first).status_code == 302
    refused = confirm(officer, world, whole)
    assert refused.status_code == 409
    assert "Gia đình bà Lâm Thị Hai. Chưa gia đình nào được ghi." in words(refused)
    assert states(world) == [("Gia đình bà Lâm Thị Hai", "draft")]


def test_introduction_and_title_of_the_act_come_in_and_go_out(world: World) -> None:
    officer = world.as_user(world.officer)
    rows = [[*MOTHER, "", "Gia đình hát dù kê.", "Quê hương"], [*SON, "", "", ""]]
    headings = [*HEADINGS[:12], "Thi: Gia đình tài năng", "Thi: Thi nấu ăn", "Thi: Gia đình thể thao", *BEHIND]
    assert confirm(officer, world, given(officer, world, excel(rows, headings))).status_code == 302
    with world.app.app_context(), reading():
        (family,) = db.session.scalars(select(Family))
        assert family.introduction == "Gia đình hát dù kê."
        titles = dict(db.session.execute(select(Entry.contest_id, Entry.title).order_by(Entry.contest_id)).all())
        assert list(titles.values()) == ["Quê hương", ""]
    export = officer.get(f"/delegation/{world.hon_dat}/families.xlsx").data
    again = given(officer, world, export)
    assert "Mọi gia đình trong tệp đã có trong danh sách, đúng như tệp ghi." in words(again)
    rows[0][-1], rows[0][-2] = "Quê mình", "Gia đình hát."
    differs = words(given(officer, world, excel(rows, headings)))
    assert "Khác ở: Giới thiệu gia đình; “Quê mình” – “Quê hương”." in differs
    rows[0][-1], rows[0][12] = "Quê hương", ""
    rows[1][12] = ""
    assert "chưa ai trong gia đình dự phần thi ấy" in words(given(officer, world, excel(rows, headings)))


def test_a_whole_import_is_taken_back_and_given_again(world: World) -> None:
    officer = world.as_user(world.officer)
    other = with_cell(with_cell(MOTHER, "Gia đình số", "2"), "Họ và tên", "Lâm Thị Hai")
    confirm(officer, world, given(officer, world, excel([MOTHER, SON, other])))
    assert press(officer, world, "undo").status_code == 302
    assert [state for _name, state in states(world)] == ["withdrawn", "withdrawn"]
    # Registered anew meanwhile: that one keeps its place, the other comes back.
    confirm(officer, world, given(officer, world, excel([other])))
    assert press(officer, world, "restore").status_code == 302
    assert states(world) == [
        ("Gia đình bà Danh Thị Sa Rươl", "draft"),
        ("Gia đình bà Lâm Thị Hai", "withdrawn"),
        ("Gia đình bà Lâm Thị Hai", "draft"),
    ]
    assert [kind for kind in kinds(world) if kind in ("registration.withdrawn", "registration.restored")] == [
        "registration.withdrawn",
        "registration.withdrawn",
        "registration.restored",
    ]


def test_a_family_of_an_import_taken_back_is_also_taken_back_singly(world: World) -> None:
    officer, there = world.as_user(world.officer), f"/delegation/{world.hon_dat}/withdrawn"
    other = with_cell(with_cell(MOTHER, "Gia đình số", "2"), "Họ và tên", "Lâm Thị Hai")
    confirm(officer, world, given(officer, world, excel([MOTHER, SON, other])))
    press(officer, world, "undo")
    page = officer.get(there)
    with world.app.app_context(), snapshot():
        assert inspect().named() == []
    assert words(page).count("trước khi rút: Đang soạn") == 2 and "do cán bộ hoặc Ban Tổ chức rút" not in words(page)
    with world.app.app_context(), reading():
        one = db.session.scalars(select(Family).order_by(Family.id)).first()
        assert one is not None
        address, version = f"{there}/{one.code}", str(one.version)
    back = officer.post(address, data={"csrf_token": token_of(page), "version": version})
    assert back.status_code == 302
    assert [state for _name, state in states(world)] == ["draft", "withdrawn"]
    press(officer, world, "restore")
    assert [state for _name, state in states(world)] == ["draft", "draft"]
    with world.app.app_context(), reading():
        rows = db.session.execute(select(Family.withdrawn_from, Family.withdrawn_road))
        assert set(map(tuple, rows)) == {(None, None)}


def written(world: World, *numbers: int) -> int:
    """An import of these families, written; its id."""
    with world.app.app_context(), transaction():
        delegation = world.delegation()
        token = keeping.keep_import(delegation, "t.xlsx", [imports_fate(household(n)) for n in numbers], world.officer)
        batch = keeping.import_of(delegation.id, token)
        done = keeping.apply_import(world.rules(), delegation, batch)
        assert isinstance(done, keeping.FamiliesImported) and done.new == len(numbers)
        return batch.id


def test_an_import_on_which_something_stands_is_not_taken_back(world: World) -> None:
    officer = world.as_user(world.officer)
    batch = written(world, 1, 2)
    page = officer.get(f"/delegation/{world.hon_dat}/imports")
    with world.app.app_context(), transaction():
        family_id = db.session.scalars(select(Family).order_by(Family.id)).first()
        assert family_id is not None
        agreeing.touch(family_id)
    address = f"/delegation/{world.hon_dat}/imports/{batch}/undo"
    refused = officer.post(address, data={"csrf_token": token_of(page)})
    assert refused.status_code == 409
    assert "đã được sửa, gửi hoặc đồng ý sau khi nhập" in words(refused)
    assert [state for _name, state in states(world)] == ["draft", "draft"]
    assert "Hoàn tác" not in words(officer.get(f"/delegation/{world.hon_dat}/imports"))


@pytest.mark.both_databases
@pytest.mark.parametrize("naive", [False, True])
def test_a_family_that_agrees_while_its_import_is_taken_back_stays(world: World, naive: bool) -> None:
    """Whoever asks first and withdraws then would take back what somebody has agreed to meanwhile."""
    batch_id = written(world, 1, 2)
    asked, agreed = threading.Event(), threading.Event()

    def agree() -> None:
        with world.app.app_context():
            asked.wait(PATIENCE_S)
            with transaction():
                family = db.session.scalars(select(Family).order_by(Family.id)).first()
                assert family is not None
                agreeing.touch(family)
            agreed.set()

    thread = threading.Thread(target=agree)
    thread.start()
    with world.app.app_context():
        with reading():
            batch = history.import_in(world.delegation().id, batch_id)
            free = not undoing.touched(batch.made)
        asked.set()
        assert agreed.wait(PATIENCE_S)
        with transaction():
            rules = world.rules()
            batch = history.import_in(world.delegation().id, batch_id)
            if naive and free:
                db.session.execute(update(Family).where(Family.id.in_(batch.made)).values(state=FamilyState.WITHDRAWN))
            elif free:
                outcome = undoing.undo_import(rules, batch, None)
                assert isinstance(outcome, undoing.StandsOnIt)
                db.session.rollback()
    thread.join()
    assert [state for _name, state in states(world)].count("withdrawn") == (2 if naive else 0)


def test_taking_back_twice_is_one(world: World) -> None:
    batch_id = written(world, 1)
    with world.app.app_context():
        with transaction():
            batch = history.import_in(world.delegation().id, batch_id)
            assert undoing.undo_import(world.rules(), batch, None) == undoing.ImportUndone(1)
        with pytest.raises(Overtaken), transaction():
            undoing.undo_import(world.rules(), history.import_in(world.delegation().id, batch_id), None)


def test_rows_to_mend_go_after_a_month(world: World) -> None:
    officer = world.as_user(world.officer)
    confirm(officer, world, given(officer, world, excel([MOTHER, SON, bad_family()])))
    with world.app.app_context():
        with transaction():
            db.session.execute(update(ImportBatch).values(created_at=now() - timedelta(days=31)))
        keeping.sweep()
    page = officer.get(f"/delegation/{world.hon_dat}/imports")
    assert "Cần sửa: 1 gia đình." in words(page) and "to-mend.xlsx" not in page.text


def test_the_organiser_gets_everybody_in_one_file(world: World) -> None:
    written(world, 1, 2)
    organiser = world.as_user(world.organiser)
    answer = organiser.get("/office/registrations/families.xlsx")
    sheet = load_workbook(BytesIO(answer.data))["Danh sách"]
    headings = [cell.value for cell in sheet[4]]
    rows = [
        dict(zip(headings, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=5, max_row=10)
    ]
    assert [(row["Đoàn"], row["Gia đình số"]) for row in rows] == [("Đoàn huyện Hòn Đất", n) for n in "111222"]
    assert world.as_user(world.officer).get("/office/registrations/families.xlsx").status_code == 403
    assert upload(world.as_user(world.officer), world, answer.data).status_code == 200
