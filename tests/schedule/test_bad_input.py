"""Do the organiser's forms answer nonsense with a page, never with a fault of our own?"""

from __future__ import annotations

from itertools import product

import pytest
from flask.testing import FlaskClient

from tests.demo.small import small_demo
from tests.demo.test_demo import csrf, sign_in

pytestmark = pytest.mark.either_database

# Of each kind one; tests/house/test_fuzz.py sends all that is known to every door.
NONSENSE = ("", "\x00", "-1", "1e309", "99999999999999999999", "ĐẤT" * 300)
FORMS = {
    "/office/schedule/stages": ("code", "name"),
    "/office/schedule/sessions": ("contest", "stage", "day", "from", "until", "label"),
    "/office/schedule/sessions/1": ("contest", "stage", "day", "from", "until", "label", "seen", "agreed"),
    "/office/schedule/sessions/99999999999999999999": ("day",),
    "/office/schedule/stages/san-khau-chinh": ("name", "seen"),
    "/office/schedule/stages/san-khau-chinh/remove": ("agreed",),
    "/office/schedule/draft": ("step", "agreed"),
    "/office/schedule/publish": ("without", "note"),
    "/office/schedule/plan": ("gap",),
    "/office/schedule/acts/1/move": ("to",),
    "/office/schedule/acts/99999999999999999999/move": ("to",),
    "/office/schedule/sessions/99999999999999999999/remove": ("x",),
    "/office/schedule/cau-long/draw": ("seed", "step"),
    "/office/schedule/cau-long/draw/cancel": ("reason",),
    "/office/stage/acts/1": ("was", "to"),
    "/office/contests/tai-nang/seat": ("user", "seat", "letter"),
    "/office/contests/tai-nang/reseat": ("judge", "seat", "letter"),
    "/office/contests/tai-nang/unseat": ("judge",),
    "/office/contests/tai-nang/tie": ("judge", "unit", "reason"),
    "/office/contests/tai-nang/untie": ("tie",),
}


@pytest.mark.begins_with(build=small_demo)
def test_no_nonsense_in_a_form_is_a_fault_of_ours(client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    token = csrf(client, "/office/schedule")
    for path, fields in FORMS.items():
        for field, value in product(fields, NONSENSE):
            sound = {"contest": "1", "stage": "1", "day": "14/6/2024", "from": "8:00", "until": "9:00", "code": "x",
                     "name": "X", "user": "1", "seat": "member", "judge": "1", "unit": "2", "reason": "r",
                     "seen": '{"contest": "1", "stage": "1", "day": "14/6/2024", "from": "19:00", "until": "21:40"}'}  # fmt: skip
            answer = client.post(path, data={**sound, field: value, "csrf_token": token})
            assert answer.status_code < 500, (path, field, value)
    for path in ("/office/contests/\x00", "/office/stage/%00", "/office/schedule/versions/99999999999999999999"):
        assert client.get(path).status_code in {400, 404}, path


@pytest.mark.begins_with(build=small_demo)
def test_a_session_typed_wrong_comes_back_with_what_was_typed(client: FlaskClient) -> None:
    sign_in(client, "bantochuc")
    form = {"csrf_token": csrf(client, "/office/schedule"), "contest": "2", "stage": "2", "day": "15/6/2024",
            "from": "7 rưỡi", "until": "11:00", "label": "buổi sáng thử"}  # fmt: skip
    for wrong, said in (
        ({}, "Giờ viết như 7:30"),
        ({"from": "12:00"}, "Giờ kết thúc phải sau giờ bắt đầu"),
        ({"from": "8:00", "day": "1/1/2024"}, "Buổi thi phải nằm trong ngày hội"),
    ):
        answer = client.post("/office/schedule/sessions", data=form | wrong)
        page = answer.get_data(as_text=True)
        assert (answer.status_code, page.count(said)) == (422, 2)
        for kept in ('value="buổi sáng thử"', 'value="11:00"', f'value="{(form | wrong)["day"]}"', "2" + '" selected'):
            assert kept in page, kept
    stage = {"csrf_token": form["csrf_token"], "name": "Sân đình", "code": "Sân Đình"}
    page = client.post("/office/schedule/stages", data=stage).get_data(as_text=True)
    assert 'value="Sân đình"' in page and 'value="Sân Đình"' in page and "Mã sân khấu chỉ gồm" in page
