"""An invitation to officers: asked for by it, nothing before the organiser's word, every step taken back; links that lead nowhere are alike."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from festival.accounts import queries
from festival.accounts.models import SignIn, User
from festival.accounts.passwords import hash_password
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, Overtaken
from festival.registration.inviting import asking, links
from festival.registration.inviting.models import AccountRequest, AskedState, Invitation
from festival.roster.models import DelegationOfficer
from tests.registration.conftest import World
from tests.registration.pages_kit import as_shown, post, token_of, words

pytestmark = pytest.mark.either_database

PASSWORD = "mùa lúa chín vàng"
TYPED = {"name": "Lâm Thị  Mai", "phone": "0912 345 678", "password": PASSWORD, "again": PASSWORD}
DEAD = "Liên kết này không dùng được"


def made(world: World, days: int = 7, seen: int = 0) -> str:
    """The code of a new link of the first delegation."""
    with world.app.app_context(), transaction():
        links.make_invitation(world.delegation(), days, seen, world.organiser)
        row = links.invitation_of(world.delegation().id)
        assert row is not None
        return links.invitation_code(row)


def asked(world: World, code: str, number: int = 1) -> str:
    """Somebody asked by that link; the code of the request."""
    with world.app.app_context(), transaction():
        row = asking.ask_for_account(
            code, "Lâm Thị Mai", f"09123456{number:02d}", hash_password(PASSWORD), f"form {number}"
        )
        assert row is not None
        return row.code


def state(world: World, request: str) -> AskedState:
    with world.app.app_context(), reading():
        return asking.request_by_code(request).state


def sign_in(world: World, login: str, password: str = PASSWORD) -> tuple[FlaskClient, str]:
    client = world.app.test_client()
    answer = post(client, "/sign-in", {"login": login, "password": password})
    return client, words(answer) if answer.status_code != 302 else answer.location


def decide(world: World, request: str, deed: str, seen: int, **fields: str) -> str:
    organiser = world.as_user(world.organiser)
    token = token_of(organiser.get("/office/joining"))
    data = {"csrf_token": token, "seen": str(seen), **fields}
    return words(organiser.post(f"/office/joining/{request}/{deed}", data=data, follow_redirects=True))


def test_an_account_waits_for_the_organisers_word_and_each_word_is_taken_back(world: World) -> None:
    organiser, page = world.as_user(world.organiser), f"/office/delegations/{world.hon_dat}/invitation"
    assert "Chưa có liên kết mời." in words(organiser.get(page))
    assert post(organiser, page, {"seen": "0", "days": "7"}).status_code == 303
    shown = organiser.get(page)
    (code,) = set(re.findall(r"/join/([0-9A-Z]{26})", shown.text))
    assert "<svg" in shown.text and "Đã có 0 người dùng." in words(shown)

    phone = world.app.test_client()
    form = as_shown(phone.get(f"/join/{code}"), "again")
    assert "Huyện Hòn Đất" not in words(phone.get("/join/waiting")) and "Đoàn huyện Hòn Đất" in words(
        phone.get(f"/join/{code}")
    )
    short = phone.post(f"/join/{code}", data={**form, **TYPED, "phone": "123", "password": "ngắn", "again": "khác"})
    assert (
        short.status_code == 422 and 'value="Lâm Thị  Mai"' in short.text and "chưa đúng số điện thoại" in words(short)
    )
    for _again in range(3):  # pressed three times
        assert phone.post(f"/join/{code}", data={**form, **TYPED}).location == "/join/waiting"
    waits = words(phone.get("/join/waiting"))
    assert "Số xác nhận" in waits and "còn chờ Ban Tổ chức gọi điện xác nhận" in waits
    with world.app.app_context(), reading():
        (row,) = db.session.scalars(select(AccountRequest)).all()
        assert (row.name, row.phone) == ("Lâm Thị Mai", "0912345678")
        request, number = row.code, row.number
    assert number in waits and "Đã có 1 người dùng." in words(organiser.get(page))

    assert "còn chờ Ban Tổ chức gọi điện xác nhận" in sign_in(world, "0912 345 678")[1]
    assert "còn chờ" not in sign_in(world, "0912345678", "mật khẩu khác hẳn")[1]
    listed = words(organiser.get("/office/joining"))
    assert f"Lâm Thị Mai 0912345678 {number} Đoàn huyện Hòn Đất" in listed and "1 yêu cầu đang chờ." in listed

    assert "Đã xác nhận" in decide(world, request, "confirm", 1)
    officer, where = sign_in(world, "0912345678")
    assert where == "/home" and officer.get(f"/delegation/{world.hon_dat}").status_code == 200
    assert officer.get(f"/delegation/{world.kien_luong}").status_code == 404
    assert "Tài khoản đã được xác nhận" in words(phone.get("/join/waiting"))

    assert "chờ xác nhận trở lại" in decide(world, request, "again", 2)
    assert officer.get(f"/delegation/{world.hon_dat}").status_code == 302  # shut out at once
    assert "còn chờ Ban Tổ chức" in sign_in(world, "0912345678")[1]
    assert "Ghi lý do không nhận" in decide(world, request, "refuse", 3)
    assert "Đã ghi là không nhận" in decide(world, request, "refuse", 3, reason="không phải cán bộ của đoàn.")
    told = "chưa nhận yêu cầu tài khoản này: không phải cán bộ của đoàn."
    assert told in sign_in(world, "0912345678")[1] and told in words(phone.get("/join/waiting"))
    assert "Đã xác nhận" in decide(world, request, "confirm", 4)
    assert sign_in(world, " 0912 345 678")[1] == "/home"
    assert "còn chờ" not in sign_in(world, "+84 912 345 678")[1]  # one spelling, so that guesses are counted together
    assert "Có người vừa thay đổi trước" in decide(world, request, "again", 4)  # seen long ago
    with world.app.app_context(), reading():
        user = db.session.scalars(select(User).where(User.login == "0912345678")).one()
        assert (user.name, user.phone, user.active) == ("Lâm Thị Mai", "0912345678", True)
        assert db.session.scalar(select(AccountRequest.password_hash)) == ""
        assert db.session.scalars(
            select(DelegationOfficer.delegation_id).where(DelegationOfficer.user_id == user.id)
        ).all() == [world.delegation().id]
    with world.app.app_context(), snapshot():
        assert inspect().clean


def test_nothing_can_be_done_before_it_is_confirmed(world: World) -> None:
    """There is no account: neither its password nor a code of the organiser lets anybody in."""
    request = asked(world, made(world))
    with world.app.app_context(), reading():
        assert (
            queries.credentials("0912345601") is None
            and db.session.scalar(select(User).where(User.login == "0912345601")) is None
        )
    client, _said = sign_in(world, "0912345601")
    assert client.get("/home").status_code == 302 and state(world, request) is AskedState.WAITING
    with world.app.app_context(), reading():
        assert db.session.scalars(select(SignIn.user_id)).all() == []


def test_links_that_lead_nowhere_are_all_alike(world: World) -> None:
    """Unknown, cut, replaced, revoked, over: the same page, status and length; the form is answered the same."""
    first = made(world)
    second = made(world, seen=1)
    client = world.app.test_client()
    assert client.get(f"/join/{second}").status_code == 200
    pages = {}
    unknown = ("0" * 26, first, first[:20], "x", first.lower())
    for code in unknown:
        answer = client.get(f"/join/{code}")
        pages[code] = (answer.status_code, words(answer))
    with world.app.app_context(), transaction():
        links.revoke(world.delegation(), 2, world.organiser)
    pages["revoked"] = (client.get(f"/join/{second}").status_code, words(client.get(f"/join/{second}")))
    with world.app.app_context(), transaction():
        links.revoke(world.delegation(), 2, world.organiser, back=True)
    assert client.get(f"/join/{second}").status_code == 200  # the same link again
    form = as_shown(client.get(f"/join/{second}"), "again")
    with world.app.app_context(), transaction():
        db.session.execute(update(Invitation).values(expires_at=now() - timedelta(seconds=1)))
    pages["over"] = (client.get(f"/join/{second}").status_code, words(client.get(f"/join/{second}")))
    sent = client.post(f"/join/{second}", data={**form, **TYPED})
    pages["sent"] = (sent.status_code, words(sent))
    assert len(set(pages.values())) == 1
    status, said = pages["over"]
    assert status == 410 and DEAD in said and "Hòn Đất" not in said
    with world.app.app_context(), reading():
        assert db.session.scalars(select(AccountRequest)).all() == []


def test_of_two_organisers_the_second_is_told(world: World) -> None:
    made(world)
    with world.app.app_context():
        for stale in (
            lambda: links.make_invitation(world.delegation(), 7, 0, world.organiser),
            lambda: links.make_invitation(world.delegation(), 7, 2, world.organiser),
            lambda: links.revoke(world.delegation(), 2, world.organiser),
            lambda: links.revoke(world.delegation(), 1, world.organiser, back=True),
        ):
            with pytest.raises(Overtaken), transaction():
                stale()


def test_a_number_that_signs_in_already_is_said_and_nothing_is_written(world: World) -> None:
    first, second = asked(world, made(world)), ""
    with world.app.app_context(), transaction():
        row = links.invitation_of(world.delegation().id)
        assert row is not None
        again = asking.ask_for_account(links.invitation_code(row), "Người khác", "0912345601", "hash", "another form")
        assert again is not None
        second = again.code
    assert "số này có nhiều yêu cầu" in words(world.as_user(world.organiser).get("/office/joining"))
    assert "Đã xác nhận" in decide(world, first, "confirm", 1)
    refused = decide(world, second, "confirm", 1)
    assert "Số 0912345601 đã là tên đăng nhập của một tài khoản khác. Chưa ghi gì" in refused
    assert state(world, second) is AskedState.WAITING


def test_a_flood_of_requests_ends(world: World) -> None:
    code = made(world)
    with world.app.app_context(), transaction():
        for number in range(asking.MOST_WAITING):
            assert asking.ask_for_account(code, "Lâm Thị Mai", "0912345678", "hash", f"form {number}") is not None
    with world.app.app_context(), pytest.raises(Conflict, match="nhiều người chờ"), transaction():
        asking.ask_for_account(code, "Lâm Thị Mai", "0912345678", "hash", "one more")
    with world.app.app_context(), transaction():  # a form that was taken already is answered as before
        assert asking.ask_for_account(code, "Lâm Thị Mai", "0912345678", "hash", "form 3") is not None


@pytest.mark.both_databases
def test_one_request_confirmed_by_two_at_once_makes_one_account(world: World) -> None:
    request = asked(world, made(world))
    start, outcomes = threading.Barrier(2), []

    def confirm() -> None:
        with world.app.app_context():
            try:
                start.wait()
                with transaction():
                    asking.confirm(asking.request_by_code(request), 1, world.organiser)
                outcomes.append("done")
            except Overtaken:
                outcomes.append("overtaken")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=confirm) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["done", "overtaken"]
    with world.app.app_context(), reading():
        assert len(db.session.scalars(select(User).where(User.phone == "0912345601")).all()) == 1
