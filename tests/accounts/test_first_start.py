"""Does an empty database let in exactly one person, by a link that is good once and that nobody else reads?"""

from __future__ import annotations

import http.client
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from config import ROOT, Config
from festival.accounts import actions, first_link
from festival.accounts.models import User, UserRole
from festival.accounts.passwords import hash_password
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.factory import create_app
from festival.operations.serve import _first_steps
from tests.accounts.kit import Person, make_user, noted
from tests.harness.served import environment, serve
from tests.harness.waiting import PATIENCE_S
from tests.house.test_statements import statements

pytestmark = pytest.mark.either_database

TYPED = {"name": "Nguyễn Thị Thu Hà", "login": "bantochuc", "password": "hoa sen đỏ nở", "again": "hoa sen đỏ nở"}


def path(app: Flask) -> str:
    with app.app_context(), reading():
        link = first_link.first_link()
    assert link is not None
    return urlsplit(link).path


def organisers(app: Flask) -> list[str]:
    with app.app_context(), reading():
        held = select(User.login).join(UserRole).where(UserRole.role == Role.ORGANISER).order_by(User.login)
        return list(db.session.scalars(held))


def test_the_link_makes_one_organiser_and_is_dead_then(app: Flask) -> None:
    link, person = path(app), Person(app)
    with statements(app) as seen:
        assert person.get(link).status_code == 200
    assert len(seen) <= 5  # the first answer of a process asks PostgreSQL too whether this is a rehearsal
    answer = person.post(link, **TYPED)
    assert (answer.status_code, answer.location) == (302, "/office/setup/new")
    assert person.is_in
    assert organisers(app) == ["bantochuc"]
    assert [(kind, about.get("roles", about.get("by"))) for kind, about in noted(app)] == [
        ("account", ["organiser"]),
        ("signed_in", "first_link"),
    ]
    for second in (Person(app).get(link), Person(app).post(link, **TYPED | {"login": "nguoi-khac"})):
        assert second.status_code == 410
        assert "flask admin first-link" in second.text
        assert "Đã có tài khoản thì đăng nhập" in second.text
    assert organisers(app) == ["bantochuc"]


def test_another_link_opens_nothing(app: Flask) -> None:
    link = path(app)
    for wrong in (link[:-1], link[:-1] + ("0" if link[-1] != "0" else "1"), "/setup/khong-co", "/setup/%ED%A0%80"):
        assert Person(app).get(wrong).status_code == 410
        assert Person(app).post(wrong, **TYPED).status_code == 410
    assert organisers(app) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"password": "12345678901", "again": "12345678901"}, "chỉ có chữ số dễ bị đoán"),
        ({"password": "ban-to-chuc", "again": "ban-to-chuc"}, "không được là tên đăng nhập"),
        ({"again": "hoa sen trắng"}, "Hai lần nhập chưa giống nhau"),
        ({"login": "thu hà"}, "Chỉ dùng chữ không dấu"),
        ({"name": ""}, "Nhập họ và tên."),
        ({"login": "thuky"}, "đã có người dùng"),
    ],
)
def test_what_is_refused_keeps_the_link_and_what_was_typed(app: Flask, changed: dict[str, str], said: str) -> None:
    make_user(app, "thuky", Role.SECRETARY)  # an account that looks after nothing does not end the link
    link = path(app)
    answer = Person(app).post(link, **TYPED | changed)
    assert answer.status_code in (409, 422)
    assert said in answer.text
    assert (changed | {"login": "bantochuc"} | changed)["login"] in answer.text
    assert organisers(app) == []
    assert Person(app).get(link).status_code == 200


BOTH_HAVE_READ = threading.Barrier(6)


def naive(login: str) -> bool:
    """Asks whether there is somebody, then makes an account: all who ask at once are the first."""
    with reading():
        wanted = first_link.is_wanted()
    BOTH_HAVE_READ.wait(PATIENCE_S)
    if wanted:
        with transaction():
            actions.create_user(login, login, "", [Role.ORGANISER])
    return wanted


def kept(login: str) -> bool:
    with transaction():
        return first_link.make_first(login, login, "", 1) is not None


@pytest.mark.parametrize(("tries", "get_in"), [(kept, 1), (naive, 6)])
@pytest.mark.both_databases
def test_of_many_who_open_it_at_once_one_gets_in(app: Flask, tries: Callable[[str], bool], get_in: int) -> None:
    def once(turn: int) -> bool:
        with app.app_context():
            return tries(f"nguoi-{turn}")

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(once, range(6))).count(True) == get_in
    assert len(organisers(app)) == get_in


def test_an_account_by_command_ends_the_link_too(app: Flask) -> None:
    link = path(app)
    with app.app_context(), transaction():
        actions.create_user("btc", "Phạm Văn Tổ", hash_password("nang-bien-hon-dat"), [Role.ORGANISER])
    assert Person(app).get(link).status_code == 410
    with app.app_context(), reading():
        assert first_link.first_link() is None


def test_every_process_prints_the_same_link_and_the_log_hides_it(
    app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch, quick_flask: Path
) -> None:
    link = path(app)
    again = create_app(replace(config, workers=2))
    assert path(again) == link
    monkeypatch.setenv("ACCESS_LOG", "yes")
    with serve(replace(config, workers=2), ready=quick_flask) as served:
        for _ in range(4):
            connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE_S)
            connection.request("GET", link)
            assert connection.getresponse().status == 200
            connection.close()
        log = served.log.read_text(encoding="utf-8")
    assert "GET /setup/<token> HTTP" in log
    assert link.rpartition("/")[2] not in log
    command = [quick_flask / "flask", "--app", "app", "admin", "first-link"]
    done = subprocess.run(command, cwd=ROOT, env=environment(config), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{config.public_url}{link}"


def test_the_start_prints_it_until_it_is_used(app: Flask, config: Config) -> None:
    link = path(app)
    with app.app_context():
        assert f"  {config.public_url}{link}" in _first_steps(config)
        assert _first_steps(replace(config, demo=True)) == []
    make_user(app, "btc")
    with app.app_context():
        assert _first_steps(config) == ["Chưa có ngày hội: Ban Tổ chức đăng nhập rồi lập ở trang Tổng quan."]


def test_tries_are_counted(config: Config, app: Flask) -> None:
    house = create_app(replace(config, rate_limits=True))
    person = Person(house)
    answers = [person.post("/setup/doan-bua", **TYPED).status_code for _ in range(22)]
    assert set(answers[:20]) == {410}
    assert answers[-1] == 429
    with house.app_context():
        db.session.remove()
        db.engine.dispose()
