"""Does a family register itself in three steps, and is nothing lost?"""

from __future__ import annotations

import re
import threading
from collections import Counter

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from festival.consent.models import Consent
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.transaction import reading
from festival.roster.models import Family, FamilyState, Person
from tests.registration.conftest import World, household
from tests.registration.pages_kit import AGREED, PEOPLE, answers, only_family, post, seen, start, token_of, words
from tests.registration.registered import register

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database


def filled(client: FlaskClient, world: World, **changes: str) -> str:
    form = start(client, world)
    family = {
        "delegation": world.hon_dat,
        "phone": "+84 912 345 678",
        "address": "Ấp Hòn Me",
        "email": "nha@example.vn",
        **changes,
    }
    assert post(client, f"{form}/family", family).location == f"{form}/members"
    for person in PEOPLE:
        assert post(client, f"{form}/members", person).location == f"{form}/members"
    assert post(client, f"{form}/contests", {"contest-tai-nang": ["0", "2"]}).location == f"{form}/review"
    answers(client, form)
    return form


def test_family_registers_in_three_steps_and_gets_its_link(world: World, client: FlaskClient) -> None:
    form = filled(client, world)
    answer = post(client, f"{form}/review", AGREED)
    assert answer.location == f"{form}/done"
    done = client.get(f"{form}/done")
    link = re.search(r"/g/[0-9A-Z]{26}", done.text)
    assert link
    family = only_family(world.app)
    assert (family.name, family.phone, family.state, len(family.members)) == (
        "Gia đình bà Danh Thị Sa Rươl", "0912345678", FamilyState.SUBMITTED, 3,
    )  # fmt: skip
    with world.app.app_context(), reading():
        purposes = Counter(db.session.scalars(select(Consent.purpose)))
        assert purposes == {"taking_part": 3, "child_own": 1, "publish": 1, "child_publish": 1}
        letter = db.session.scalars(select(OutboxMail)).one()
        assert (letter.recipient, link[0] in letter.body) == ("nha@example.vn", True)
    opened = client.get(link[0])
    assert (opened.status_code, opened.location) == (302, "/family")
    assert "HttpOnly" in opened.headers["Set-Cookie"] and opened.headers["Referrer-Policy"] == "no-referrer"
    mine = client.get("/family/registration")
    assert "Danh Minh Khôi" in mine.text and "Chờ duyệt" in mine.text
    # the form's own link leads on to the end, and keeps no second copy of the data
    assert client.get(f"{form}/members").location == f"{form}/done"
    assert post(client, f"{form}/review", AGREED, page="/register").location == f"{form}/done"


def test_reading_a_link_changes_nothing(world: World, client: FlaskClient) -> None:
    made = register(world, household(1))
    before = snapshot(world)
    for address in (f"/g/{made.link}", f"/g/{made.link.lower()}", "/family/registration", "/register"):
        assert client.get(address).status_code in (200, 302)
    assert snapshot(world) == before
    assert client.get("/g/" + "0" * 26).status_code == 404


def snapshot(world: World) -> list[object]:
    with world.app.app_context(), reading():
        rows = db.session.execute(select(Family.id, Family.version, Family.state, Family.link_hash)).all()
        return [tuple(row) for row in rows] + [db.session.scalar(select(func.count()).select_from(Consent))]


def test_one_form_posted_five_times_at_once_makes_one_family(world: World, client: FlaskClient) -> None:
    form = filled(client, world)
    page = client.get(f"{form}/review")
    fields = {"csrf_token": token_of(page), **AGREED}
    cookies = {cookie.key: cookie.value for cookie in [client.get_cookie("session")] if cookie}
    gate, places = threading.Barrier(5), []

    def send() -> None:
        phone = world.app.test_client()
        for key, value in cookies.items():
            phone.set_cookie(key, value)
        gate.wait()
        answer = phone.post(f"{form}/review", data=fields)
        places.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert places == [(302, f"{form}/done")] * 5
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Family)) == 1
        assert db.session.scalar(select(func.count()).select_from(Person)) == 3
        assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == 1


def test_each_mistake_is_said_beside_its_field_and_nothing_is_lost(world: World, client: FlaskClient) -> None:
    form = start(client, world)
    sent = {"delegation": "", "phone": "12", "address": "Ấp Hòn Me", "email": "a@b"}
    assert post(client, f"{form}/family", sent).status_code == 303
    wrong = client.get(f"{form}/family")
    for sentence in (
        "Hãy chọn đơn vị của gia đình.",
        "chưa đúng số điện thoại",
        "Địa chỉ thư điện tử chưa đúng",
        "Ấp Hòn Me",
    ):
        assert sentence in wrong.text
    sent = {"name": "Danh 1", "relation": "", "sex": "", "birth": "31/2/2014"}
    assert post(client, f"{form}/members", sent).status_code == 303
    wrong = client.get(f"{form}/members")
    for sentence in ("có số hoặc ký hiệu lạ", "Hãy chọn quan hệ.", "Hãy chọn nam hoặc nữ.", "Không có ngày 31/2/2014"):
        assert sentence in words(wrong)


def test_review_says_what_is_missing_and_asks_everybody(world: World, client: FlaskClient) -> None:
    form = start(client, world)
    empty = client.get(f"{form}/review")
    for sentence in ("Chưa chọn đơn vị", "Chưa có số điện thoại", "cần ít nhất 2 thành viên"):
        assert sentence in words(empty)
    form = filled(client, world)
    post(client, f"{form}/members", {**PEOPLE[2], "name": "Trần Bé", "birth": "2015", "place": "2"})
    post(client, f"{form}/members", {**PEOPLE[2], "place": "2"})
    answer = post(
        client, f"{form}/review", {key: value for key, value in AGREED.items() if not key.startswith("guardian")}
    )
    assert (answer.status_code, answer.location) == (303, f"{form}/review")
    answer = client.get(f"{form}/review")
    assert "Hãy ghi họ và tên cha, mẹ hoặc người giám hộ đồng ý cho cháu." in words(answer)
    assert "Danh Minh Khôi từ 7 tuổi trở lên: cần chính bạn ấy đồng ý tham gia." in words(answer)
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Family)) == 0


def test_member_is_corrected_and_removed(world: World, client: FlaskClient) -> None:
    form = filled(client, world)
    assert 'value="Danh Chung"' in client.get(f"{form}/members?member=1").text
    post(client, f"{form}/members", {**PEOPLE[1], "name": "Danh Chương", "place": "1"})
    post(client, f"{form}/members", {"place": "2", "remove": "yes"})
    page = words(client.get(f"{form}/members"))
    assert "Danh Chương" in page and "Danh Chung" not in page and "Khôi" not in page


def test_two_tabs_lose_nobody_and_a_stale_button_hits_nobody(world: World, client: FlaskClient) -> None:
    form = filled(client, world)
    stale = seen(client.get(f"{form}/members"))
    people = client.get(f"{form}/members").text.count("member-card")
    added = {**PEOPLE[1], "name": "Trần Thị Bé", "place": str(people), "seen": stale}
    assert post(client, f"{form}/members", added).status_code == 302
    assert post(client, f"{form}/members", added).status_code == 302, "a second tap is the same person"
    other = post(client, f"{form}/members", {**added, "name": "Trần Thị Hai"})
    assert other.status_code == 303
    other = client.get(f"{form}/members")
    assert "Trần Thị Hai" in other.text, "nothing typed is lost"
    assert "vừa được sửa ở một trang hoặc máy khác" in words(other)
    assert f'name="place" value="{people + 1}"' in other.text
    again = {**added, "name": "Trần Thị Hai", "place": str(people + 1), "seen": seen(other)}
    assert post(client, f"{form}/members", again).status_code == 302
    assert post(client, f"{form}/members", {"place": "1", "remove": "yes", "seen": stale}).status_code == 303
    page = client.get(f"{form}/members")
    assert page.text.count("member-card") == people + 2
    assert "Trần Thị Bé" in page.text and "Trần Thị Hai" in page.text


def test_agreement_is_only_for_the_people_on_the_page(world: World, client: FlaskClient) -> None:
    form = filled(client, world)
    stale = seen(client.get(f"{form}/review"))
    post(client, f"{form}/members", {**PEOPLE[1], "name": "Danh Chương", "place": "1"})
    answer = post(client, f"{form}/review", {**AGREED, "seen": stale})
    assert answer.status_code == 303
    answer = client.get(f"{form}/review")
    assert " checked" not in answer.text
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Family)) == 0
    contests = post(client, f"{form}/contests", {"contest-tai-nang": "0", "seen": stale})
    assert contests.status_code == 303
    assert post(client, f"{form}/review", {**AGREED, "seen": seen(answer)}).status_code == 302


def test_unknown_form_is_not_found(world: World, client: FlaskClient) -> None:
    assert client.get("/register/abc/family").status_code == 404


def test_leaving_a_step_loses_nothing_and_the_review_waits_for_what_is_half_typed(
    world: World, client: FlaskClient
) -> None:
    form = filled(client, world)
    # without script: the stepper is a button of the form, and takes along what nobody can read yet
    half = {"name": "Thị Sà Rươne", "birth": "31/2/1951", "place": "3", "do": "go-review"}
    assert post(client, f"{form}/members", half).location == f"{form}/review"
    bad = {"delegation": world.hon_dat, "phone": "12", "address": "Ấp Mới", "do": "go-contests"}
    assert post(client, f"{form}/family", bad).location == f"{form}/contests"
    page = words(client.get(f"{form}/review"))
    assert "Còn chỗ đang gõ dở" in page and "Thị Sà Rươne" in page.partition("Còn chỗ đang gõ dở")[2][:160]
    assert post(client, f"{form}/review", AGREED).location == f"{form}/review", (
        "what is half typed is not left out silently"
    )
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Family)) == 0
    for _time in range(2):  # coming back and a refresh
        assert 'value="31/2/1951"' in client.get(f"{form}/members").text
        assert ('value="12"' in client.get(f"{form}/family").text) is True
    assert post(client, f"{form}/members", {"do": "drop", "place": "3"}).status_code == 303
    assert 'value="31/2/1951"' not in client.get(f"{form}/members").text
    assert post(client, f"{form}/family", {"do": "drop"}).status_code == 303
    assert 'value="0912345678"' in client.get(f"{form}/family").text
    # the ticks of the review were kept all the while
    assert client.get(f"{form}/review").text.count(" checked") == 4
    assert post(client, f"{form}/review", AGREED).location == f"{form}/done"


def test_editing_from_the_review_returns_there_and_ticks_stay_with_their_people(
    world: World, client: FlaskClient
) -> None:
    form = filled(client, world)
    asked = post(client, f"{form}/review", AGREED | {"do": "go-members.1"})
    assert asked.location == f"{form}/members?back=review&member=1#member-form"
    page = client.get(asked.location)
    assert 'value="Danh Chung"' in page.text
    changed = {**PEOPLE[1], "name": "Danh Chương", "place": "1", "back": "review", "seen": seen(page)}
    assert post(client, f"{form}/members", changed).location == f"{form}/review"
    review = client.get(f"{form}/review").text
    assert [at for at in range(3) if re.search(rf'name="agree-{at}" value="y" id="agree-{at}" checked', review)] == [
        0,
        2,
    ]
    assert post(client, f"{form}/members", {"place": "1", "remove": "yes"}).location == f"{form}/members"
    review = client.get(f"{form}/review").text
    assert [at for at in range(2) if re.search(rf'name="agree-{at}" value="y" id="agree-{at}" checked', review)] == [
        0,
        1,
    ]
    assert 'name="guardian"' in review and 'value="Danh Thị Sa Rươl"' in review


def test_what_comes_late_of_a_person_saved_already_is_no_second_one(world: World, client: FlaskClient) -> None:
    form = filled(client, world)
    page = client.get(f"{form}/members")
    added = {**PEOPLE[1], "name": "Trần Thị Bé", "place": "3", "seen": seen(page)}
    assert post(client, f"{form}/members", added).status_code == 302
    assert post(client, f"{form}/members", added | {"do": "keep"}).status_code == 204
    assert 'value="Trần Thị Bé"' not in client.get(f"{form}/members").text
    # a valid first step is taken as it is typed, whatever page comes next
    kept = {"delegation": world.hon_dat, "phone": "0912 345 679", "address": "Ấp Mới", "do": "keep"}
    assert post(client, f"{form}/family", kept).status_code == 204
    assert "Ấp Mới" in words(client.get(f"{form}/review"))
