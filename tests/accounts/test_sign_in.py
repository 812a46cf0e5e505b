"""Who comes in, who does not, and how somebody without a password comes back."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from urllib.parse import unquote_plus

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from festival.accounts import actions
from festival.accounts.models import SignIn, User, UserRole
from festival.accounts.passwords import hash_password
from festival.accounts.pins import set_pin
from festival.accounts.roles import Role
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import token_hash
from festival.core.transaction import transaction
from tests.harness.waiting import PATIENCE_S

pytestmark = pytest.mark.either_database

PASSWORD = "hoa sen đỏ"


def make_user(app: Flask, login: str = "to-chuc", *roles: Role) -> int:
    hashed = hash_password(PASSWORD)
    with app.app_context(), transaction():
        return actions.create_user(login, "Trần Thị Mai", hashed, roles or (Role.ORGANISER,)).id


def csrf(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found, path
    return found[1]


def sign_in(client: FlaskClient, login: str, password: str, next_path: str = "") -> str:
    token = csrf(client, "/sign-in")
    answer = client.post(
        "/sign-in", data={"csrf_token": token, "login": login, "password": password, "next": next_path}
    )
    return f"{answer.status_code} {answer.headers.get('Location', '')}".strip()


def test_the_right_password_opens_the_page_wanted(app: Flask, client: FlaskClient) -> None:
    make_user(app)
    assert client.get("/office/people?x=1").headers["Location"] == "/sign-in?next=/office/people?x%3D1"
    assert sign_in(client, " TO-CHUC ", PASSWORD, "/office/people?x=1") == "302 /office/people?x=1"
    assert client.get("/office/people").status_code == 200


@pytest.mark.parametrize(("login", "password"), [("to-chuc", "sai"), ("không-có", PASSWORD), ("to-chuc", ""), ("", "")])
def test_a_wrong_one_is_refused_in_words(app: Flask, client: FlaskClient, login: str, password: str) -> None:
    make_user(app)
    assert sign_in(client, login, password) == "422"
    assert client.get("/office/people").status_code == 302


@pytest.mark.parametrize("elsewhere", ["https://evil.invalid/", "//evil.invalid", "/\\evil.invalid", "javascript:x"])
def test_signing_in_never_leads_to_another_site(app: Flask, client: FlaskClient, elsewhere: str) -> None:
    make_user(app)
    assert sign_in(client, "to-chuc", PASSWORD, elsewhere) == "302 /home"


def test_the_database_keeps_only_the_hash_of_the_cookie(app: Flask, client: FlaskClient) -> None:
    make_user(app)
    sign_in(client, "to-chuc", PASSWORD)
    cookie = client.get_cookie("signin")
    assert cookie is not None
    assert cookie.http_only
    with app.app_context():
        assert db.session.scalar(select(SignIn.token_hash)) == token_hash(cookie.value)


def test_a_form_without_the_token_is_refused_and_says_what_to_do(app: Flask, client: FlaskClient) -> None:
    make_user(app)
    answer = client.post("/sign-in", data={"login": "to-chuc", "password": PASSWORD})
    assert answer.status_code == 400
    assert "Tải lại trang" in answer.text


def test_signing_out_and_time_end_it(app: Flask, client: FlaskClient) -> None:
    make_user(app)
    sign_in(client, "to-chuc", PASSWORD)
    with time_machine.travel(now() + timedelta(days=8)):
        assert client.get("/office/people").status_code == 302
    assert client.get("/office/people").status_code == 200
    client.post("/sign-out", data={"csrf_token": csrf(client, "/office/people")})
    assert client.get("/office/people").status_code == 302


def test_a_role_without_the_permission_sees_403(app: Flask, client: FlaskClient) -> None:
    make_user(app, "can-bo", Role.OFFICER)
    sign_in(client, "can-bo", PASSWORD)
    answer = client.get("/office/people")
    assert answer.status_code == 403
    assert "không có quyền" in answer.text


def test_switching_an_account_off_ends_its_sign_ins(app: Flask, client: FlaskClient) -> None:
    user_id = make_user(app)
    sign_in(client, "to-chuc", PASSWORD)
    with app.app_context(), transaction():
        actions.set_active(user_id, False)
    assert client.get("/office/people").status_code == 302
    assert sign_in(client, "to-chuc", PASSWORD) == "422"


def test_a_one_time_code_lets_in_once_with_a_new_password(app: Flask, client: FlaskClient) -> None:
    user_id = make_user(app)
    with app.app_context(), transaction():
        code = actions.issue_code(user_id, None)
    path = f"/sign-in/once/{code}"
    token = csrf(client, path)
    assert csrf(client, path), "looking at it twice uses nothing up"
    short = client.post(path, data={"csrf_token": token, "password": "ngắn", "again": "ngắn"})
    assert (short.status_code, "ít nhất 10" in short.text) == (422, True)
    new = {"csrf_token": token, "password": "lúa chín vàng", "again": "lúa chín vàng"}
    assert client.post(path, data=new).status_code == 302
    assert client.get("/office/people").status_code == 200
    other = app.test_client()
    again = other.post(path, data={**new, "csrf_token": csrf(other, "/sign-in")})
    assert (again.status_code, "đã dùng rồi" in again.text) == (410, True)
    assert sign_in(other, "to-chuc", PASSWORD) == "422"
    assert sign_in(other, "to-chuc", "lúa chín vàng") == "302 /home"


def test_a_judges_first_code_leads_to_the_pin_and_never_to_a_page_without_a_way_on(app: Flask) -> None:
    judge, officer = make_user(app, "giam-khao", Role.JUDGE), make_user(app, "can-bo", Role.OFFICER)

    def come_in(user_id: int) -> tuple[FlaskClient, str]:
        with app.app_context(), transaction():
            path = f"/sign-in/once/{actions.issue_code(user_id, None)}"
        person = app.test_client()
        new = {"csrf_token": csrf(person, path), "password": "lúa chín vàng", "again": "lúa chín vàng"}
        return person, person.post(path, data=new).location

    person, came_to = come_in(judge)
    assert came_to == "/account#pin-change"
    assert "đặt mã PIN 6 chữ số" in person.get("/account").text
    with app.app_context():
        set_pin(judge, "482913")
    person, came_to = come_in(judge)
    assert (came_to, person.get("/home").location) == ("/home", "/account")
    person, came_to = come_in(officer)
    assert (came_to, person.get("/home").location) == ("/home", "/delegation")


def test_a_code_is_over_after_a_day_and_when_a_newer_one_is_issued(app: Flask, client: FlaskClient) -> None:
    user_id = make_user(app)
    with app.app_context():
        with transaction():
            first = actions.issue_code(user_id, None)
        with transaction():
            second = actions.issue_code(user_id, None)
    assert client.get(f"/sign-in/once/{first}").status_code == 410
    assert client.get(f"/sign-in/once/{second}").status_code == 200
    with time_machine.travel(now() + timedelta(hours=25)):
        assert client.get(f"/sign-in/once/{second}").status_code == 410


def test_closing_an_account_ends_its_code(app: Flask, client: FlaskClient) -> None:
    user_id = make_user(app)
    with app.app_context():
        with transaction():
            code = actions.issue_code(user_id, None)
        with transaction():
            actions.set_active(user_id, False)
        with transaction():
            actions.set_active(user_id, True)
    assert client.get(f"/sign-in/once/{code}").status_code == 410


@pytest.mark.both_databases
def test_of_eight_uses_at_once_one_is_let_in(app: Flask) -> None:
    user_id = make_user(app)
    with app.app_context(), transaction():
        code = actions.issue_code(user_id, None)
    outcomes: list[str] = []
    gate = threading.Barrier(8)

    def _use() -> None:
        with app.app_context():
            gate.wait()
            with transaction():
                outcomes.append(type(actions.use_code(code, "hash", 1)).__name__)

    threads = [threading.Thread(target=_use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert sorted(outcomes) == ["SignInCodeRefused"] * 7 + ["SignedIn"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_the_organiser_makes_an_account_and_hands_over_its_code(app: Flask, client: FlaskClient) -> None:
    make_user(app)
    sign_in(client, "to-chuc", PASSWORD)
    form = {"csrf_token": csrf(client, "/office/people"), "name": "Danh  Chung", "login": "danh.chung", "days": "1"}
    made = client.post("/office/people/new", data={**form, "roles": ["officer", "gate_lead"]})
    assert made.status_code == 200
    address = re.search(r"/sign-in/once/[\w-]+", made.text)
    assert address
    assert app.test_client().get(address[0]).status_code == 200
    taken = client.post("/office/people/new", data={**form, "roles": ["officer"]})
    assert (taken.status_code, "đã có người dùng" in taken.text) == (409, True)
    assert " checked" in taken.text, "nothing typed is lost"
    with app.app_context():
        user = db.session.scalar(select(User).where(User.login == "danh.chung"))
        assert user is not None
        assert (user.name, sorted(item.role for item in user.roles)) == ("Danh Chung", ["gate_lead", "officer"])


def test_nobody_locks_themselves_out(app: Flask, client: FlaskClient) -> None:
    user_id = make_user(app)
    sign_in(client, "to-chuc", PASSWORD)
    token = csrf(client, "/office/people")
    client.post(f"/office/people/{user_id}/active", data={"csrf_token": token, "active": "no"})
    assert client.get("/office/people").status_code == 200


def test_the_command_makes_the_first_account(app: Flask, client: FlaskClient) -> None:
    runner = app.test_cli_runner()
    made = runner.invoke(args=["admin", "create", "sếp", "--name", "Lê Văn A", "--password", PASSWORD])
    assert (made.exit_code, made.output) == (0, "Đã tạo tài khoản sếp (organiser).\n")
    assert runner.invoke(args=["admin", "create", "sếp", "--name", "B", "--password", PASSWORD]).exit_code == 1
    assert runner.invoke(args=["admin", "create", "x", "--name", "B", "--password", "ngắn"]).exit_code == 1
    assert sign_in(client, "sếp", PASSWORD) == "302 /home"
    assert client.get("/home").headers["Location"] == "/office"
    code = runner.invoke(args=["admin", "code", "sếp"]).output.strip()
    assert client.get(code.removeprefix("http://127.0.0.1:5000")).status_code == 200


def test_an_account_is_found_and_its_name_and_roles_are_put_right(app: Flask, client: FlaskClient) -> None:
    organiser, officer = make_user(app), make_user(app, "hondat.vanhoa", Role.OFFICER)
    sign_in(client, "to-chuc", PASSWORD)
    for search, logins in (("HONDAT", ["hondat.vanhoa"]), ("tran thi", ["hondat.vanhoa", "to-chuc"]), ("không ai", [])):
        form = {"csrf_token": csrf(client, "/office/people"), "search": search}
        answer = client.post("/office/people/search", data=form)
        assert (answer.status_code, search in unquote_plus(answer.headers["Location"])) == (303, False)
        found = re.findall(r'data-label="Tên đăng nhập">([^<]+)<', client.get(answer.headers["Location"]).text)
        assert (search, found) == (search, logins)
    page = f"/office/people/{officer}"
    form = {"csrf_token": csrf(client, page), "name": "Trần Thị  Mai Khôi", "roles": ["secretary", "officer"]}
    assert client.post(page, data=form).status_code == 302
    assert client.post(page, data={**form, "roles": ["secretary"]}).status_code == 302
    assert client.post(page, data={**form, "roles": []}).status_code == 422
    mine = {**form, "name": "Trần Thị Mai", "roles": ["officer"]}
    assert client.post(f"/office/people/{organiser}", data=mine).status_code == 422
    assert client.get("/office/people/999").status_code == 404
    with app.app_context():
        rows = db.session.execute(
            select(User.name, UserRole.role).join(UserRole, UserRole.user_id == User.id).order_by(User.id)
        )
        assert [tuple(row) for row in rows] == [
            ("Trần Thị Mai", Role.ORGANISER),
            ("Trần Thị Mai Khôi", Role.SECRETARY),
        ]
