"""The same wrong value, typed into a form, sent as JSON and read from a file: one rule, one sentence."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from festival.core.database import db
from festival.core.names import LONGEST_NAME, name_fault, too_long
from festival.core.post.mail_address import LONGEST_EMAIL, email_fault
from festival.core.sentence import Sentence
from festival.core.transaction import reading
from festival.roster.models import Family
from tests.registration.conftest import World
from tests.registration.pages_kit import answered, post, typed_family, upload, words
from tests.registration.test_api_and_commands import FAMILY, SENDER, with_member
from tests.registration.test_workbook import MOTHER, SON, excel, with_cell

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

HEADING = {
    "name": "Họ và tên",
    "birth": "Ngày sinh",
    "needs": "Nhu cầu hỗ trợ",
    "phone": "Số điện thoại",
    "email": "Thư điện tử",
    "address": "Địa chỉ",
}
OF_A_PERSON = {"name", "birth", "needs"}
WRONG = [
    ("name", "Danh 1", "Họ và tên “Danh 1” có số hoặc ký hiệu lạ. Hãy chỉ ghi chữ."),
    ("name", "…", "“…” không phải họ và tên. Hãy ghi họ tên có dấu."),
    ("name", "A" * 81, "Dài quá 80 ký tự. Hãy rút gọn."),
    ("name", "", "Chưa ghi họ và tên."),
    ("birth", "31/2/2014", "Không có ngày 31/2/2014. Hãy xem lại."),
    ("birth", "14/6/84", "Năm sinh trong “14/6/84” cần đủ bốn chữ số, ví dụ 14/6/1984."),
    ("needs", "x" * 301, "Dài quá 300 ký tự. Hãy rút gọn."),
    ("phone", "12", "“12” chưa đúng số điện thoại. Số di động có 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09."),
    ("phone", "01234567890", "“01234567890” là số 11 chữ số cũ. Hãy ghi số mới có 10 chữ số."),
    ("phone", "09x12345678", "Số điện thoại “09x12345678” có chữ hoặc dấu lạ. Hãy chỉ ghi chữ số."),
    ("email", "a@b", "Địa chỉ thư điện tử chưa đúng. Hãy sửa hoặc để trống."),
    ("email", "a" * 120 + "@example.vn", "Dài quá 120 ký tự. Hãy rút gọn."),
    ("address", "x" * 301, "Dài quá 300 ký tự. Hãy rút gọn."),
]


@pytest.mark.parametrize(("what", "value", "sentence"), WRONG)
def test_form_json_and_file_say_the_same(
    world: World, client: FlaskClient, what: str, value: str, sentence: str
) -> None:
    officer = world.as_user(world.officer)
    field = f"members-0-{what}" if what in OF_A_PERSON else what
    form = answered(officer, post(officer, f"/delegation/{world.hon_dat}/families/new", typed_family(**{field: value})))
    sent: dict[str, Any] = with_member(0, **{what: value}) if what in OF_A_PERSON else {**FAMILY, what: value}
    faults = client.post("/api/v1/registrations", json=sent, headers=SENDER).get_json()["faults"]
    place = f"members[0].{what}" if what in OF_A_PERSON else what
    file = upload(officer, world, excel([with_cell(MOTHER, HEADING[what], value or None), SON]))
    assert [(fault["place"], fault["message"]) for fault in faults] == [(place, sentence)]
    assert sentence in words(form)
    assert (file.status_code, f"({HEADING[what]})" in words(file), sentence in words(file)) == (200, True, True)
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Family)) == 0


def code(fault: Sentence | None) -> str:
    return fault.code if fault else ""


def test_what_fits_to_the_letter_fits() -> None:
    assert [code(name_fault("A" * length)) for length in (LONGEST_NAME, LONGEST_NAME + 1)] == ["", "cell_too_long"]
    longest = "a" * (LONGEST_EMAIL - len("@a.vn")) + "@a.vn"
    assert [code(email_fault(text)) for text in ("", longest, "a" + longest)] == ["", "", "cell_too_long"]
    assert [code(too_long("x" * length, 3)) for length in (0, 3, 4)] == ["", "", "cell_too_long"]
    assert [code(name_fault(value)) for value in (None, "", 12, "Danh Chung")] == ["no_name", "no_name", "bad_name", ""]
