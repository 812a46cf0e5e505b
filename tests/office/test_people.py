"""Are officers made with their delegation, lists of people written whole with cards, and taken back?"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from festival.accounts import batches
from festival.accounts.actions import SignedIn, create_user, issue_code, open_sign_in, use_code
from festival.accounts.models import OneTimeCode, User
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.contests.models import Contest, Judge
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.devices.activation.sealed_cards import issue_cards
from festival.office.people.undoing import undo_list
from festival.roster.delegations import officers
from tests.registration.conftest import World
from tests.registration.pages_kit import post, token_of, words

pytestmark = pytest.mark.either_database

LIST = "/office/people/list"
NEW = "/office/people/new"
LACKING = "/office/people/lacking"
SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')


def _paste(client: FlaskClient, text: str, **more: str) -> TestResponse:
    return post(client, LIST, {"text": text, **more})


def _write(client: FlaskClient, text: str, **more: str) -> TestResponse:
    shown = _paste(client, text)
    found = SEEN.search(shown.text)
    assert found, words(shown)
    return _paste(client, text, seen=found[1], **more)


def _logins(world: World) -> list[str]:
    with world.app.app_context(), reading():
        return list(db.session.scalars(select(User.login).order_by(User.id)))


def _officers(world: World) -> dict[str, list[str]]:
    with world.app.app_context(), reading():
        rules = world.rules()
        names = {each.id: each.code for each in (world.delegation(),)}
        return {
            names[key]: [user.login for user in users]
            for key, users in officers(rules.festival.id).items()
            if key in names
        }


def _seats(world: World) -> list[tuple[str, str, str | None]]:
    with world.app.app_context(), reading():
        rows = db.session.execute(
            select(User.login, Judge.seat, Judge.letter).join(User, User.id == Judge.user_id).order_by(Judge.id)
        )
        return [(login, seat.value, letter) for login, seat, letter in rows]


def _batch(world: World) -> str:
    with world.app.app_context(), reading():
        return batches.batches()[0].key


def test_an_officer_is_made_and_assigned_in_one_step(world: World) -> None:
    organiser = world.as_user(world.organiser)
    form: dict[str, object] = {
        "name": "Trần Thị Mai",
        "phone": "0912 345 678",
        "roles": ["officer"],
        "delegations": [world.hon_dat],
        "days": "7",
    }
    made = post(organiser, NEW, form)
    assert made.status_code == 200
    assert "Phụ trách: Đoàn huyện Hòn Đất." in words(made)
    assert _officers(world) == {world.hon_dat: ["canbo0", "tran.thi.mai"]}
    with world.app.app_context(), reading():
        user = db.session.scalars(select(User).where(User.login == "tran.thi.mai")).one()
        assert user.phone == "0912345678"
        code = db.session.scalars(select(OneTimeCode).where(OneTimeCode.user_id == user.id)).one()
        assert (code.expires_at - now()).days == 6
        user_id = user.id
    assert world.as_user(user_id).get("/delegation").location == f"/delegation/{world.hon_dat}"
    refused = post(organiser, NEW, {**form, "roles": ["mc"], "phone": "12"})
    assert refused.status_code == 422
    assert "Chỉ công chức văn hóa - xã hội phụ trách đoàn" in words(refused)
    assert 'value="DOAN0" checked' in refused.text
    assert "chưa đúng số điện thoại" in words(refused)
    without = post(organiser, NEW, {"name": "Lê Hòa", "roles": ["officer"], "days": "1"})
    assert "Chưa giao đoàn nào cho Lê Hòa" in words(without)


def test_eighty_lines_with_doubles_and_blank_lines(world: World) -> None:
    organiser = world.as_user(world.organiser)
    people = [
        f"{n}\tNguyễn Văn {chr(65 + n % 26)}{chr(97 + n // 26)}\tcán bộ\t{('Hòn Đất', 'Kiên Lương')[n % 2]}"
        for n in range(70)
    ]
    text = "\r\n".join(["STT\tHọ và tên\tVai trò\tĐoàn", *people, "", "\t\t", *people[:5], "Trần Ánh\tnhạc sĩ", "Cán bộ Hòn Đất\tcán bộ\tKiên Lương"])  # fmt: skip
    before = _logins(world)
    shown = _paste(organiser, text)
    assert shown.status_code == 200
    assert len(shown.data) < 60_000
    assert _logins(world) == before, "a preview writes nothing"
    assert "Sẽ tạo 70 tài khoản" in words(shown)
    assert "“nhạc sĩ” không phải vai trò" in words(shown)
    cards = _write(organiser, text, days="14")
    assert cards.status_code == 200
    assert cards.text.count('class="sign-in-card"') == 70
    assert "/sign-in/once/" not in cards.text, "a card shows its code as a picture only"
    assert len(_logins(world)) == len(before) + 70
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(OneTimeCode)) == 70
        ends = db.session.scalar(select(func.min(OneTimeCode.expires_at)))
        assert ends is not None
        assert (ends - now()).days == 13
        held = officers(world.rules().festival.id)
        assert sorted(len(users) for users in held.values()) == [36, 37]  # one of each before, and one known
    assert "1 dòng chưa rõ chưa được ghi" in words(cards)
    assert "Trần Ánh\tnhạc sĩ" in cards.text
    # the browser sends it once more: nothing is written twice
    again = _paste(organiser, text, seen=_seen_of(shown))
    assert (again.status_code, len(_logins(world))) == (409, len(before) + 70)


def _seen_of(page: TestResponse) -> str:
    found = SEEN.search(page.text)
    assert found
    return found[1]


def test_seats_come_with_their_letter_and_the_cards_say_where(world: World) -> None:
    organiser = world.as_user(world.organiser)
    cards = _write(
        organiser,
        "Mai Một; trưởng ban giám khảo; Thi nấu ăn\nMai Hai; giám khảo C; Thi nấu ăn + Gia đình tài năng\n"
        "Mai Ba; thư ký + MC; Thi nấu ăn",
    )
    assert _seats(world) == [
        ("mai.hai", "member", "C"),
        ("mai.mot", "chair", "A"),
        ("mai.hai", "member", "C"),
        ("mai.ba", "secretary", None),
    ]
    said = words(cards)
    assert "Thi nấu ăn: Giám khảo, chữ C" in said
    assert "Thư ký, Người dẫn chương trình (MC)" in said or "Người dẫn chương trình (MC), Thư ký" in said
    assert "Dùng một lần, đến" in said


def test_a_list_too_long_or_empty_keeps_what_was_typed(world: World) -> None:
    organiser = world.as_user(world.organiser)
    empty = _paste(organiser, " \n\n")
    assert (empty.status_code, "Chưa có dòng nào" in words(empty)) == (422, True)
    long = _paste(organiser, "\n".join(f"Mai {'a' * (n // 20 + 1)}{chr(97 + n % 20)}; MC" for n in range(101)))
    assert (long.status_code, "có 101 dòng" in words(long), "Mai aa; MC" in long.text) == (422, True, True)
    back = _paste(organiser, "Mai; MC", edit="yes")
    assert "Mai; MC</textarea>" in back.text


def test_what_changed_since_the_preview_is_shown_first(world: World) -> None:
    organiser = world.as_user(world.organiser)
    text = "Mai Lan; MC"
    shown = _paste(organiser, text)
    with world.app.app_context(), transaction():
        create_user("mai.lan", "Mai Lan", "", [])
    answer = _paste(organiser, text, seen=_seen_of(shown))
    assert (answer.status_code, "nên chưa ghi gì" in words(answer), "Đã có tài khoản mai.lan" in words(answer)) == (
        409, True, True,
    )  # fmt: skip
    assert _write(organiser, text).status_code == 200
    with world.app.app_context(), reading():
        user = db.session.scalars(select(User).where(User.login == "mai.lan")).one()
        assert [item.role for item in user.roles] == [Role.MC]


@pytest.mark.both_databases
def test_two_lists_at_once_give_the_last_seat_once(world: World) -> None:
    with world.app.app_context(), transaction():
        db.session.scalars(select(Contest).where(Contest.code == "nau-an")).one().panel_size = 1
    texts = ("Mai Một; giám khảo; Thi nấu ăn", "Mai Hai; giám khảo; Thi nấu ăn")
    ready = []
    for text in texts:
        client = world.as_user(world.organiser)
        shown = _paste(client, text)
        ready.append((client, {"text": text, "seen": _seen_of(shown), "csrf_token": token_of(shown)}))
    start = Barrier(2)

    def send(which: int) -> int:
        client, form = ready[which]
        start.wait()
        return client.post(LIST, data=form).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, range(2))) == [200, 409]
    assert len(_seats(world)) == 1
    assert len(_logins(world)) == 4, "who lost the seat has no account either"


def test_printing_again_ends_the_cards_before(world: World) -> None:
    organiser = world.as_user(world.organiser)
    _write(organiser, "Mai Lan; MC\nMai Cúc; MC")
    page = f"/office/people/lists/{_batch(world)}"
    assert "Mọi thẻ đã in trước cho họ hết dùng được" in words(organiser.get(page))
    with world.app.app_context(), transaction():
        ids = list(db.session.scalars(select(User.id).where(User.batch != "")))
        tokens = [issue_code(user_id, None) for user_id in ids]
        assert isinstance(use_code(tokens[0], "hash", 1), SignedIn)
    again = post(organiser, f"{page}/cards", {"days": "3"}, page=page)
    assert (again.status_code, again.text.count('class="sign-in-card"')) == (200, 1), "who has come in needs no card"
    assert world.app.test_client().get(f"/sign-in/once/{tokens[1]}").status_code == 410


def test_a_list_is_taken_back_as_far_as_nobody_used_it(world: World) -> None:
    organiser = world.as_user(world.organiser)
    before = (_logins(world), _officers(world), _seats(world))
    text = "Mai Lan; cán bộ; Hòn Đất\nMai Cúc; giám khảo; Thi nấu ăn\nMai Sen; MC\nMai Huệ; giám khảo; Thi nấu ăn"
    _write(organiser, text)
    page = f"/office/people/lists/{_batch(world)}"
    with world.app.app_context(), transaction():
        ids = dict(db.session.execute(select(User.login, User.id).where(User.batch != "")).all())
        assert isinstance(use_code(issue_code(ids["mai.sen"], None), "hash", 1), SignedIn)
        issue_cards([ids["mai.hue"]], world.organiser)
    undone = post(organiser, f"{page}/undo", {}, page=page)
    assert undone.location == page
    assert "Đã gỡ 2 tài khoản chưa ai dùng." in words(organiser.get(page))
    assert _logins(world) == [*before[0], "mai.sen", "mai.hue"]
    assert _officers(world) == before[1]
    assert _seats(world) == [("mai.hue", "member", "B")], "what a card hangs on stays whole"
    post(organiser, f"{page}/undo", {"close": "y"}, page=page)
    with world.app.app_context():
        with reading():
            active = dict(db.session.execute(select(User.login, User.active).where(User.batch != "")).all())
        assert active == {"mai.sen": False, "mai.hue": False}
        with checks.snapshot():
            tables = {each.table for _seal, each in checks.inspect(["decisions:kg-2024"]).named()}
        assert "judge" not in tables
    # the same list again: those who are there are known, the others made anew
    assert "đang khóa" in words(_paste(organiser, text))


@pytest.mark.both_databases
def test_an_account_used_in_the_same_moment_is_never_removed(world: World) -> None:
    organiser = world.as_user(world.organiser)
    _write(organiser, "Mai Lan; MC\nMai Cúc; MC")
    key = _batch(world)
    with world.app.app_context(), transaction():
        ids = list(db.session.scalars(select(User.id).where(User.batch == key).order_by(User.id)))
        tokens = [issue_code(user_id, None) for user_id in ids]
    start = Barrier(2)

    def undo() -> int:
        with world.app.app_context():
            start.wait()
            with transaction():
                return undo_list(key, world.organiser, close_used=False).removed

    def come_in() -> bool:
        with world.app.app_context():
            start.wait()
            with transaction():
                return isinstance(use_code(tokens[0], "hash", 1), SignedIn)

    with ThreadPoolExecutor(2) as pool:
        removing, entering = pool.submit(undo), pool.submit(come_in)
        removed, entered = removing.result(), entering.result()
    with world.app.app_context(), reading():
        there = db.session.scalar(select(User.password_hash).where(User.id == ids[0]))
    assert (removed, there) == ((1, "hash") if entered else (2, None))


@pytest.mark.both_databases
def test_control_reading_first_and_removing_then_loses_somebody(world: World) -> None:
    organiser = world.as_user(world.organiser)
    _write(organiser, "Mai Lan; MC")
    with world.app.app_context():
        with reading():
            naive = batches.unused_of(batches.batches()[0].key)
        with transaction():
            assert isinstance(use_code(issue_code(naive[0], None), "hash", 1), SignedIn)
        with transaction():
            assert batches.hold_unused(naive) == [], "the held question sees it"
            db.session.execute(delete(User).where(User.id.in_(naive)))
        with reading():
            assert db.session.get(User, naive[0]) is None


@pytest.mark.parametrize("path", [NEW, LIST, LACKING])
def test_the_pages_work_before_there_is_an_edition(app: Flask, path: str, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        organiser = create_user("btc", "Ban Tổ chức", "", [Role.ORGANISER]).id
        client.set_cookie(SESSION_COOKIE, open_sign_in(organiser, 1).token)
    assert client.get(path).status_code == 200
    if path == LIST:
        assert _write(client, "Mai Lan; MC").status_code == 200
    elif path == NEW:
        assert post(client, path, {"name": "Mai", "roles": ["mc"], "days": "1"}).status_code == 200


def test_the_days_of_a_code_are_chosen_and_said(world: World) -> None:
    organiser = world.as_user(world.organiser)
    page = f"/office/people/{world.officer}"
    assert "Tạo mã mới thì mã và thẻ trước của người này hết dùng được." in words(organiser.get(page))
    lasting = {}
    for days in ("14", "", "999"):
        made = post(organiser, f"{page}/code", {"days": days}, page=page)
        assert "dùng được một lần, đến " in words(made)
        with world.app.app_context(), reading():
            (code,) = db.session.scalars(select(OneTimeCode).where(OneTimeCode.used_at.is_(None)))
            lasting[days] = round((code.expires_at - now()).total_seconds() / 86400)
    assert lasting == {"14": 14, "": 1, "999": 1}


def test_who_still_lacks_what_is_a_page_with_its_ways_out(world: World) -> None:
    page = world.as_user(world.organiser).get(LACKING)
    assert f'href="/office/people/{world.officer}"' in page.text
    assert 'href="/office/contests/nau-an#jury"' in page.text
    assert "Thi nấu ăn : thiếu trưởng ban, thư ký và 1 giám khảo (đã có 0/1)" in words(page)
