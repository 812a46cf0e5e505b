"""What somebody does with the own account: password, PIN, the places where it is signed in."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.accounts import actions, pins
from festival.accounts.browsers import browser_named
from festival.accounts.models import SignIn, User
from festival.accounts.passwords import hash_password, weakness
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.transaction import transaction
from festival.demo.build import PASSWORD as DEMO_PASSWORD
from tests.accounts.kit import PASSWORD, Person, make_user, noted, signed_in

pytestmark = pytest.mark.either_database

NEW = "lúa chín vàng đồng"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("ngắn", "short"),
        ("123456789", "short"),
        ("1234567890", "digits"),
        ("0912345678", "digits"),
        ("iloveyou12", "common"),
        ("Qwertyuiop", "common"),
        ("PASSWORD123", "common"),
        ("tranthimai", "own_name"),
        ("Trần Thị Mai 1990", "own_name"),
        ("to-chuc-2024", "own_name"),
        ("hoa sen đỏ", ""),
        ("12345678901234567", "digits"),
        (DEMO_PASSWORD, ""),
    ],
)
def test_what_is_guessed_first_is_no_new_password(password: str, code: str) -> None:
    said = weakness(password, "to-chuc", "Trần Thị Mai")
    assert (said.code if said else "") == code


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPhone"),
        ("curl/8.5.0", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_a_browser_is_named_by_a_closed_list(agent: str, words: str) -> None:
    assert browser_named(agent) == words


def test_the_password_is_changed_with_the_old_one_and_other_places_end(app: Flask) -> None:
    make_user(app, "to-chuc")
    here, elsewhere = signed_in(app, "to-chuc"), signed_in(app, "to-chuc")
    for old, new, again, said in (
        ("sai", NEW, NEW, "Mật khẩu hiện nay chưa đúng"),
        (PASSWORD, "ngắn", "ngắn", "ít nhất 10 ký tự"),
        (PASSWORD, "1234567890", "1234567890", "chỉ có chữ số"),
        (PASSWORD, "qwertyuiop", "qwertyuiop", "bị đoán trước tiên"),
        (PASSWORD, "Trần Thị Mai 1990", "Trần Thị Mai 1990", "tên đăng nhập hay họ tên"),
        (PASSWORD, NEW, NEW + "x", "chưa giống nhau"),
    ):
        refused = here.post("/account/password", old=old, password=new, again=again)
        assert (refused.status_code, said in refused.text) == (422, True), said
    assert elsewhere.is_in
    assert here.post("/account/password", old=PASSWORD, password=NEW, again=NEW).status_code == 303
    assert (here.is_in, elsewhere.is_in) == (True, False)
    assert [Person(app).sign_in("to-chuc", each).status_code for each in (PASSWORD, NEW)] == [422, 302]


def test_a_short_password_of_before_still_signs_in(app: Flask) -> None:
    make_user(app, "to-chuc", password="xa")
    assert Person(app).sign_in("to-chuc", "xa").status_code == 302


def test_own_sign_ins_are_listed_and_ended(app: Flask) -> None:
    mine, other = make_user(app, "to-chuc"), make_user(app, "khac", Role.OFFICER)
    here, second, third, foreign = (signed_in(app, login) for login in ("to-chuc", "to-chuc", "to-chuc", "khac"))
    page = here.get("/account").text
    assert page.count(">Chrome, Android<") == 3
    assert page.count("Nơi này<") == 1
    title = re.search(r"<title>(.*?)</title>", page, re.S)
    assert title is not None and "Trần" not in title[1] and "203.0" not in page
    with app.app_context():
        ids = dict(db.session.execute(select(SignIn.id, SignIn.user_id).order_by(SignIn.id)).all())
    own = [key for key, user in ids.items() if user == mine]
    (theirs,) = (key for key, user in ids.items() if user == other)
    here.post(f"/account/sessions/{theirs}/end")
    here.post(f"/account/sessions/{own[1]}/end")
    assert [each.is_in for each in (here, second, third, foreign)] == [True, False, True, True]
    here.post("/account/sessions/end-others")
    assert [each.is_in for each in (here, third, foreign)] == [True, False, True]
    assert [subject for kind, subject in noted(app) if kind == "sessions_ended"] == [{"account": mine, "ended": 1}] * 2


def test_a_judge_sets_the_own_pin_with_the_password_and_an_officer_has_none(app: Flask) -> None:
    judge = make_user(app, "lan", Role.JUDGE)
    make_user(app, "canbo", Role.OFFICER)
    lan, officer = signed_in(app, "lan"), signed_in(app, "canbo")
    for password, pin, again, said in (
        ("sai", "482913", "482913", "chưa đúng"),
        (PASSWORD, "12345", "12345", "đúng 6 chữ số"),
        (PASSWORD, "123456", "123456", "quá dễ đoán"),
        (PASSWORD, "482913", "482914", "chưa giống nhau"),
    ):
        refused = lan.post("/account/pin", owner_password=password, pin=pin, pin_again=again)
        assert (refused.status_code, said in refused.text) == (422, True), said
    assert lan.post("/account/pin", owner_password=PASSWORD, pin="482913", pin_again="482913").status_code == 303
    officer.post("/account/pin", owner_password=PASSWORD, pin="482913", pin_again="482913")
    assert "Mã PIN" not in officer.get("/account").text
    with app.app_context():
        assert pins.pin_is_right(judge, "482913") == pins.PinAnswer.RIGHT
        assert db.session.execute(select(User.login).join(pins.AccountPin)).scalars().all() == ["lan"]


def test_a_one_time_code_sets_no_weak_password(app: Flask) -> None:
    user_id = make_user(app, "to-chuc")
    with app.app_context(), transaction():
        code = actions.issue_code(user_id, None)
    person = Person(app)
    for weak in ("1234567890", "tran thi mai"):
        assert person.post(f"/sign-in/once/{code}", password=weak, again=weak).status_code == 422
    assert person.post(f"/sign-in/once/{code}", password=NEW, again=NEW).status_code == 302


def test_the_command_makes_no_account_with_a_weak_password(app: Flask) -> None:
    run = app.test_cli_runner()
    for weak, said in (
        ("1234567890", "chỉ có chữ số"),
        ("qwertyuiop", "đoán trước tiên"),
        ("levana2024", "họ tên"),
        ("ngắn", "ít nhất 10"),
    ):
        done = run.invoke(args=["admin", "create", "sep", "--name", "Lê Văn A"], env={"NEW_PASSWORD": weak})
        assert (done.exit_code, said in done.output) == (1, True), done.output


def test_what_happens_to_accounts_is_noted_and_names_nobody(app: Flask) -> None:
    user_id = make_user(app, "to-chuc")
    here = signed_in(app, "to-chuc")
    Person(app).sign_in("to-chuc", "mật khẩu sai nhé")
    Person(app).sign_in("mật-khẩu-gõ-nhầm-chỗ", "x")
    Person(app).sign_in("lần-nữa", "x")
    officer = make_user(app, "canbo", Role.OFFICER)
    here.post(f"/office/people/{officer}", name="Danh Chung", roles="gate_lead")
    here.post(f"/office/people/{officer}/code")
    here.post(f"/office/people/{officer}/active", active="no")
    here.post("/sign-out")
    lines = noted(app)
    assert [line for line in lines if line[0] != "account"] == [
        ("signed_in", {"account": user_id, "by": "password"}),
        ("sign_in_failed", {"account": user_id, "step": "sign_in"}),
        ("sign_in_failed", {"account": None, "step": "sign_in"}),
        ("role", {"account": officer, "given": ["gate_lead"], "taken": ["officer"]}),
        ("code_made", {"account": officer}),
        ("signed_out", {"account": user_id}),
    ]
    assert ("account", {"account": officer, "active": False}) in lines
    assert not any(word in str(lines) for word in ("Mai", "Chung", "nhầm", "sai nhé", PASSWORD))


def test_the_organiser_reads_the_log_by_kind_and_person(app: Flask) -> None:
    make_user(app, "to-chuc")
    officer = make_user(app, "canbo", Role.OFFICER, name="Danh Chung")
    signed_in(app, "canbo").post("/sign-out")
    here = signed_in(app, "to-chuc")
    assert signed_in(app, "canbo").get("/office/security").status_code == 403

    def told(query: str) -> list[str]:
        page = here.get(f"/office/security{query}").text
        return re.findall(r'data-label="Việc">([^<]+)<', page)

    assert told(f"?person={officer}") == ["Đăng nhập", "Đăng xuất", "Đăng nhập"]
    assert told(f"?person={officer}&kind=signed_out") == ["Đăng xuất"]
    assert told("?kind=signed_in") == ["Đăng nhập"] * 3
    assert told("?kind=khong-co&person=99999999999999999999999&page=-1")[:1] == ["Đăng nhập"]


def test_a_password_set_by_sql_before_the_rule_is_kept(app: Flask) -> None:
    user_id = make_user(app, "to-chuc")
    with app.app_context(), transaction():
        db.session.execute(update(User).where(User.id == user_id).values(password_hash=hash_password("12345678")))
    assert Person(app).sign_in("to-chuc", "12345678").status_code == 302
