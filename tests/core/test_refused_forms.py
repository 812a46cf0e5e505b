"""A form that was refused comes back as the page it stands on: with what was typed, a token that works, the right words."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.test import TestResponse

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.models import UserRole
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.access import Permission, public, requires
from festival.core.web.errors import BadInput, Busy, Conflict, NotFound, Overtaken, Refusal
from festival.core.web.forms import form_number
from festival.core.web.refilling import sent_form, shown_again

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

PAGE = """<!doctype html>
<form action="/a" method="post"><input type="hidden" name="entry" value="1"><input name="value" value="7"></form>
<details><summary>Sửa</summary><form action="/a" method="post"><input type="hidden" name="entry" value="2">
<label for="v2">Điểm &amp; số</label><input id="v2" name="value" value="8">
<select name="who"><option value="">-</option><option value="x" selected>X</option><option value="y">Y</option></select>
<fieldset><legend>Việc gì</legend><input type="radio" name="what" value="one" checked><input type="radio" name="what"
value="two"></fieldset><input type="checkbox" name="sure" value="yes" checked><input type="password" name="password">
<textarea name="note">cũ &lt;b&gt;</textarea></form></details>
<form action="/b"><input name="value" value="9"></form><svg viewBox="0 0 1 1"/><script>if (a < b) {}</script>
"""


def test_only_the_form_that_was_sent_is_filled_and_unfolded() -> None:
    typed = {
        "entry": ["2"],
        "value": ['8,5 "x" <y>'],
        "who": ["y"],
        "what": ["two"],
        "note": ["mới & <i>"],
        "password": ["p"],
    }
    found = sent_form(PAGE, "/a", typed)
    assert found is not None
    again = found.refilled()
    assert '<details open><summary>Sửa</summary><form action="/a"' in again
    assert 'name="value" value="7"' in again and 'name="value" value="9"' in again
    assert 'name="value" value="8,5 &quot;x&quot; &lt;y&gt;"' in again
    assert '<option value="x">' in again and '<option value="y" selected>' in again
    assert 'value="one">' in again and 'value="two" checked>' in again and 'name="sure" value="yes">' in again
    assert "\nmới &amp; &lt;i&gt;</textarea>" in again and "cũ" not in again
    assert '<input type="password" name="password">' in again
    assert '<svg viewBox="0 0 1 1"/><script>if (a < b) {}</script>' in again
    assert (found.called("value"), found.called("what"), found.called("who")) == ("Điểm & số", "Việc gì", "")


def test_without_anything_typed_the_page_is_as_it_is() -> None:
    found = sent_form(PAGE, "/b", {})
    assert found is not None and found.refilled() == PAGE
    assert sent_form(PAGE, "/a", {"entry": ["3"], "value": ["1"]}) is None  # two fit equally, so none does
    assert sent_form(PAGE, "/c", {}) is None


def test_secrets_and_codes_are_not_shown_again() -> None:
    typed = {
        "password": ["một bí mật"],
        "csrf_token": ["a b"],
        "entry": ["7f3a"],
        "reason": ["Tính lại"],
        "tail": ["12 34"],
    }
    assert shown_again(typed) == ("Tính lại",)


@pytest.fixture
def organiser(app: Flask) -> FlaskClient:
    """Somebody with the organiser's menu."""
    client = app.test_client()
    with app.app_context(), transaction():
        opened = open_sign_in(create_user("ban-to-chuc", "Nguyễn Thị Ánh Nguyệt", "", [Role.ORGANISER]).id, 1)
    client.set_cookie(SESSION_COOKIE, opened.token)
    return client


def refusing(app: Flask, refusal: Refusal) -> str:
    """A door below the page of accounts that refuses, and its address."""

    @app.post("/office/people/thu-nghiem")
    @requires(Permission.ACCOUNTS)
    def _refuse() -> str:
        raise refusal

    app.config["WTF_CSRF_METHODS"] = set()
    return "/office/people/thu-nghiem"


def signed_in(answer: TestResponse) -> bool:
    return 'action="/sign-out"' in answer.text and "Nguyễn Thị Ánh Nguyệt" in answer.text


def test_the_state_of_things_is_not_blamed_on_somebody(app: Flask, organiser: FlaskClient) -> None:
    answer = organiser.post(refusing(app, Conflict("Ban giám khảo đã đủ 5 người theo thể lệ.")))
    assert (answer.status_code, signed_in(answer)) == (409, True)
    assert "Ban giám khảo đã đủ 5 người theo thể lệ." in answer.text and "Lúc này chưa làm được" in answer.text
    assert "vừa thay đổi trước" not in answer.text
    assert "<h1>Tài khoản" in answer.text  # the page above, not a page of errors


def test_who_was_overtaken_sees_the_newest_and_what_was_typed(app: Flask, organiser: FlaskClient) -> None:
    answer = organiser.post(refusing(app, Overtaken()), data={"reason": "Trọng tài xem lại băng"})
    assert (answer.status_code, signed_in(answer)) == (409, True)
    assert "Có người vừa thay đổi trước" in answer.text
    assert "<li>Trọng tài xem lại băng</li>" in answer.text


@pytest.mark.parametrize(("refusal", "status"), [(NotFound(), 404), (BadInput(), 400), (Busy(), 503)])
def test_whatever_refuses_the_page_is_the_accounts_own(
    app: Flask, organiser: FlaskClient, refusal: Refusal, status: int
) -> None:
    answer = organiser.post(refusing(app, refusal))
    assert (answer.status_code, signed_in(answer), "<h1>Tài khoản" in answer.text) == (status, True, True)
    assert "Không tìm thấy trang này" not in answer.text


def test_a_wrong_address_looks_signed_in(organiser: FlaskClient, client: FlaskClient) -> None:
    for path in ("/office/khong-co", "/office/people/999999"):
        answer = organiser.get(path)
        assert (answer.status_code, signed_in(answer), 'href="/office"' in answer.text) == (404, True, True)
    assert 'action="/sign-out"' not in client.get("/office/khong-co").text


def test_a_form_that_was_open_too_long_comes_back_with_a_token_that_works(app: Flask) -> None:
    client = app.test_client()
    answer = client.post("/sign-in", data={"login": "thư ký", "password": "khong-dung"})
    assert answer.status_code == 400
    assert 'value="thư ký"' in answer.text and "khong-dung" not in answer.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert token is not None
    again = client.post("/sign-in", data={"login": "thư-ký", "password": "khong-dung", "csrf_token": token[1]})
    assert again.status_code != 400


def test_somebody_signed_out_can_copy_what_was_typed(client: FlaskClient) -> None:
    answer = client.post("/office/people/new", data={"name": "Lò Thị Máy", "password": "bí mật lắm"})
    assert answer.status_code == 401
    assert "<li>Lò Thị Máy</li>" in answer.text and "bí mật lắm" not in answer.text


def test_a_choice_that_was_not_made_is_named_as_the_page_names_it(app: Flask) -> None:
    words = '{% extends "layouts/public.html" %}{% block content %}<form method="post" action="/thu-chon">'
    words += '<label for="ai">Trưởng đoàn</label><select id="ai" name="who"><option value="">-</option></select></form>{% endblock %}'

    @app.get("/thu-chon")
    @public
    def _page() -> str:
        return render_template(app.jinja_env.from_string(words))

    @app.post("/thu-chon")
    @public
    def _choose() -> str:
        return str(form_number("who"))

    app.config["WTF_CSRF_METHODS"] = set()
    answer = app.test_client().post("/thu-chon")
    assert (answer.status_code, "Xem lại ô “Trưởng đoàn”" in answer.text) == (400, True)


@pytest.mark.parametrize(("user", "status"), [(999_999, 400), (1, 409)])
def test_what_a_constraint_holds_is_no_mistake_of_ours(
    app: Flask, organiser: FlaskClient, user: int, status: int
) -> None:
    @app.post("/office/people/hai-nguoi")
    @requires(Permission.ACCOUNTS)
    def _write() -> str:
        with transaction():
            db.session.execute(insert(UserRole).values(user_id=user, role=Role.ORGANISER))
        return ""

    app.config["WTF_CSRF_METHODS"] = set()
    answer = organiser.post("/office/people/hai-nguoi")
    assert (answer.status_code, signed_in(answer)) == (status, True)
    assert ("Có người vừa thay đổi trước" in answer.text) == (status == 409)
