"""The three roads through the real pages, without script: what a family, an officer and the organiser can do and not do."""

from __future__ import annotations

import html
import re
import threading
from collections import Counter
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from config import Config
from festival.consent.models import Consent
from festival.consent.rules import Agreement
from festival.core.database import db
from festival.core.outbox import OutboxMail
from festival.core.transaction import reading
from festival.core.web.i18n import LANGUAGE_COOKIE
from festival.factory import create_app
from festival.passes import queries
from festival.roster import families, links, outcomes, views
from festival.roster.models import Family, FamilyState, Person
from tests.registration.conftest import World, household
from tests.registration.test_actions import approve, register
from tests.registration.test_workbook import HEADINGS, MOTHER, SON, excel, with_cell


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def post(client: FlaskClient, address: str, fields: dict[str, object], page: str | None = None) -> TestResponse:
    """Open the page, take its token, send the form."""
    opened = client.get(page or address)
    assert opened.status_code == 200, opened.text
    return client.post(address, data={"csrf_token": token_of(opened), **fields})


def words(page: TestResponse) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def start(client: FlaskClient, world: World) -> str:
    answer = post(client, "/register", {"festival": world.festival})
    assert answer.status_code == 302
    return answer.location.removesuffix("/family")


PEOPLE = [
    {"name": "Danh Thị Sa Rươl", "relation": "representative", "sex": "female", "birth": "3/2/1986"},
    {"name": "Danh Chung", "relation": "spouse", "sex": "male", "birth": "1950"},
    {"name": "Danh Minh Khôi", "relation": "child", "sex": "male", "birth": "1-9-2014", "needs": "ăn chay"},
]
AGREED = {
    "agree-0": "y", "agree-1": "y", "agree-2": "y", "guardian-2": "Danh Thị Sa Rươl", "guardian-as-2": "mother", "own-2": "y",
    "publish-0": "y",
}  # fmt: skip


def filled(client: FlaskClient, world: World) -> str:
    form = start(client, world)
    family = {
        "delegation": world.hon_dat,
        "phone": "+84 912 345 678",
        "address": "Ấp Hòn Me",
        "email": "nha@example.vn",
    }
    assert post(client, f"{form}/family", family).location == f"{form}/members"
    for person in PEOPLE:
        assert post(client, f"{form}/members", person).location == f"{form}/members"
    assert post(client, f"{form}/contests", {"contest-tai-nang": ["0", "2"]}).location == f"{form}/review"
    return form


def only_family(app: Flask) -> Family:
    with app.app_context(), reading():
        (family_id,) = db.session.scalars(select(Family.id))
        return families.family_by_id(family_id)


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
        assert purposes == {"taking_part": 3, "child_own": 1, "publish": 1}
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
    wrong = post(client, f"{form}/family", {"delegation": "", "phone": "12", "address": "Ấp Hòn Me", "email": "a@b"})
    assert wrong.status_code == 422
    for sentence in (
        "Hãy chọn đơn vị của gia đình.",
        "chưa đúng số điện thoại",
        "Địa chỉ thư điện tử chưa đúng",
        "Ấp Hòn Me",
    ):
        assert sentence in wrong.text
    wrong = post(client, f"{form}/members", {"name": "Danh 1", "relation": "", "sex": "", "birth": "31/2/2014"})
    assert wrong.status_code == 422
    for sentence in ("có số hoặc ký hiệu lạ", "Hãy chọn quan hệ.", "Hãy chọn nam hoặc nữ.", "Không có ngày 31/2/2014"):
        assert sentence in words(wrong)


def test_review_says_what_is_missing_and_asks_everybody(world: World, client: FlaskClient) -> None:
    form = start(client, world)
    empty = client.get(f"{form}/review")
    for sentence in ("Chưa chọn đơn vị", "Chưa có số điện thoại", "cần ít nhất 2 thành viên"):
        assert sentence in words(empty)
    form = filled(client, world)
    answer = post(
        client,
        f"{form}/review",
        {key: value for key, value in AGREED.items() if not key.startswith(("guardian-2", "own"))},
    )
    assert answer.status_code == 422
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


def seen(page: TestResponse) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page.text)
    assert found
    return found[1]


def test_two_tabs_lose_nobody_and_a_stale_button_hits_nobody(world: World, client: FlaskClient) -> None:
    form = filled(client, world)
    stale = seen(client.get(f"{form}/members"))
    people = client.get(f"{form}/members").text.count("member-card")
    added = {**PEOPLE[1], "name": "Trần Thị Bé", "place": str(people), "seen": stale}
    assert post(client, f"{form}/members", added).status_code == 302
    assert post(client, f"{form}/members", added).status_code == 302, "a second tap is the same person"
    other = post(client, f"{form}/members", {**added, "name": "Trần Thị Hai"})
    assert (other.status_code, "Trần Thị Hai" in other.text) == (409, True), "nothing typed is lost"
    assert "vừa được sửa ở một trang hoặc máy khác" in words(other)
    assert f'name="place" value="{people + 1}"' in other.text
    again = {**added, "name": "Trần Thị Hai", "place": str(people + 1), "seen": seen(other)}
    assert post(client, f"{form}/members", again).status_code == 302
    assert post(client, f"{form}/members", {"place": "1", "remove": "yes", "seen": stale}).status_code == 409
    page = client.get(f"{form}/members")
    assert page.text.count("member-card") == people + 2
    assert "Trần Thị Bé" in page.text and "Trần Thị Hai" in page.text


def test_agreement_is_only_for_the_people_on_the_page(world: World, client: FlaskClient) -> None:
    form = filled(client, world)
    stale = seen(client.get(f"{form}/review"))
    post(client, f"{form}/members", {**PEOPLE[1], "name": "Danh Chương", "place": "1"})
    answer = post(client, f"{form}/review", {**AGREED, "seen": stale})
    assert (answer.status_code, " checked" in answer.text) == (409, False)
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Family)) == 0
    contests = post(client, f"{form}/contests", {"contest-tai-nang": "0", "seen": stale})
    assert contests.status_code == 409
    assert post(client, f"{form}/review", {**AGREED, "seen": seen(answer)}).status_code == 302


def test_same_household_again_is_told_without_its_link(world: World, client: FlaskClient) -> None:
    head = replace(household().members[0], name="Danh Thị Sa Rươl")
    register(world, household(0, phone="0912345678", members=(head,)), submit=False)
    form = filled(client, world)
    answer = post(client, f"{form}/review", AGREED)
    assert answer.status_code == 409
    assert "Gia đình này đã đăng ký rồi" in words(answer)
    assert "/g/" not in answer.text


def test_unknown_form_is_not_found(world: World, client: FlaskClient) -> None:
    assert client.get("/register/abc/family").status_code == 404


# ---------------------------------------------------------------- the family's link


def with_link(world: World, link: str) -> FlaskClient:
    client = world.app.test_client()
    assert client.get(f"/g/{link}").status_code == 302
    return client


def test_family_confirms_what_the_officer_entered(world: World) -> None:
    home = household(1)
    silent = replace(home, members=tuple(replace(m, agreement=Agreement(), own_agreement=False) for m in home.members))
    made = register(world, silent, submit=False)
    client = with_link(world, made.link)
    page = client.get("/family/registration")
    codes = re.findall(r'name="agree-(\w+)"', page.text)
    assert len(codes) == 3
    fields = {f"agree-{code}": "y" for code in codes} | {
        f"guardian-{codes[2]}": "Danh Chung",
        f"guardian-as-{codes[2]}": "father",
        f"own-{codes[2]}": "y",
    }
    wrong = post(client, "/family/consent", {**fields, "tail": "9999"}, page="/family/registration")
    assert (wrong.status_code, "4 số cuối chưa đúng" in wrong.text) == (422, True)
    assert post(client, "/family/consent", {**fields, "tail": "0001"}, page="/family/registration").status_code == 302
    with world.app.app_context(), reading():
        view = views.view(families.family_by_id(made.family_id), world.rules())
        assert view.lacks == ()
        given = db.session.execute(
            select(Consent.given_by, Consent.given_as, Consent.method).order_by(Consent.id)
        ).all()
        assert ("Danh Chung", "father", "link") in [tuple(row) for row in given]


def test_change_and_withdraw_ask_for_the_phone(world: World) -> None:
    made = register(world, household(1))
    client = with_link(world, made.link)
    family = only_family(world.app)
    change = {
        "phone": "0900000001",
        "address": "Ấp Mới",
        "version": "1",
        f"name-{family.members[1].code}": "Danh Chương",
    }
    assert post(client, "/family/change", {**change, "tail": ""}, page="/family/registration").status_code == 422
    assert post(client, "/family/change", {**change, "tail": "0001"}, page="/family/registration").status_code == 302
    changed = only_family(world.app)
    assert (changed.address, changed.members[1].name, changed.version) == ("Ấp Mới", "Danh Chương", 2)
    # a page opened before the change is told, nothing is overwritten
    post(client, "/family/change", {**change, "address": "Ấp Cũ", "tail": "0001"}, page="/family/registration")
    assert only_family(world.app).address == "Ấp Mới"
    assert post(client, "/family/withdraw", {"tail": "0002"}, page="/family/registration").status_code == 422
    assert only_family(world.app).state is FamilyState.SUBMITTED
    post(client, "/family/withdraw", {"tail": "0001"}, page="/family/registration")
    assert only_family(world.app).state is FamilyState.WITHDRAWN


def test_the_link_does_not_show_the_digits_it_asks_for(world: World) -> None:
    made = register(world, household(7, phone="0912345678", email="nha@example.vn"))
    client = with_link(world, made.link)
    for page in ("/family", "/family/registration"):
        text = client.get(page).text
        assert (page, "5678" in text, "345678" in text.replace(" ", "")) == (page, False, False)
    assert "0912 ••• •••" in client.get("/family/registration").text
    # a change that leaves the number empty keeps it
    change = {"address": "Ấp Mới", "version": "1", "tail": "5678"}
    assert post(client, "/family/change", change, page="/family/registration").status_code == 302
    assert (only_family(world.app).phone, only_family(world.app).address) == ("0912345678", "Ấp Mới")


def test_what_a_family_typed_stays_when_it_is_refused(world: World) -> None:
    home = household(1)
    silent = replace(home, members=tuple(replace(m, agreement=Agreement(), own_agreement=False) for m in home.members))
    made = register(world, silent, submit=False)
    client = with_link(world, made.link)
    codes = [person.code for person in only_family(world.app).members]
    fields = {f"agree-{codes[0]}": "y", f"agree-{codes[2]}": "y", f"guardian-{codes[2]}": "Danh Chung", "tail": "9999"}
    wrong = post(client, "/family/consent", fields, page="/family/registration")
    assert (wrong.status_code, wrong.text.count(" checked"), wrong.text.count('value="Danh Chung"')) == (422, 2, 2)
    # a tick for a child without the name of who agrees is asked for, and nothing is written halfway
    nameless = {**fields, f"guardian-{codes[2]}": "", "tail": "0001"}
    wrong = post(client, "/family/consent", nameless, page="/family/registration")
    assert (wrong.status_code, "Hãy ghi họ và tên cha, mẹ hoặc người giám hộ" in words(wrong)) == (422, True)
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Consent)) == 0
    change = {"version": "1", "tail": "0001", f"name-{codes[1]}": "Danh 2", f"birth-{codes[2]}": "31/2/2014"}
    wrong = post(client, "/family/change", change, page="/family/registration")
    assert (wrong.status_code, 'value="Danh 2"' in wrong.text, 'value="31/2/2014"' in wrong.text) == (422, True, True)
    assert [person.name for person in only_family(world.app).members][1] == "Danh Chung"


def test_a_returned_family_mends_it_and_sends_it_again_itself(world: World) -> None:
    made = register(world, household(1))
    one = f"/office/registrations/{made.code}"
    reason = {"version": "1", "reason": "Xin ghi lại ngày sinh của cháu"}
    post(world.as_user(world.organiser), f"{one}/return", reason, page=one)
    client = with_link(world, made.link)
    son = only_family(world.app).members[2].code
    change = {"version": "2", "tail": "0001", "send": "yes", f"birth-{son}": "2/9/2014"}
    assert post(client, "/family/change", change, page="/family/registration").status_code == 302
    family = only_family(world.app)
    assert (family.state, str(family.members[2].born_on), family.return_reason) == ("submitted", "2014-09-02", "")
    assert "Đã gửi lại hồ sơ" in words(client.get("/family/registration"))


def test_an_officers_family_is_sent_again_by_the_officer(world: World) -> None:
    officer = world.as_user(world.officer)
    home = f"/delegation/{world.hon_dat}"
    post(officer, f"{home}/families/new", typed_family())
    post(officer, f"{home}/submit", {}, page=home)
    family = only_family(world.app)
    one = f"/office/registrations/{family.code}"
    post(world.as_user(world.organiser), f"{one}/return", {"version": "2", "reason": "Xin xem lại"}, page=one)
    with world.app.app_context(), reading():
        client = with_link(world, links.link_code(families.family_by_id(family.id)))
    change = {"version": "3", "tail": "5678", "send": "yes", "address": "Ấp Mới"}
    post(client, "/family/change", change, page="/family/registration")
    assert (only_family(world.app).state, only_family(world.app).address) == (FamilyState.RETURNED, "Ấp Mới")


def test_nobody_agrees_to_a_registration_that_is_over(world: World) -> None:
    home = household(1)
    silent = replace(home, members=tuple(replace(m, agreement=Agreement()) for m in home.members))
    made = register(world, silent, submit=False)
    client = with_link(world, made.link)
    stale = token_of(client.get("/family/registration"))
    code = only_family(world.app).members[0].code
    post(client, "/family/withdraw", {"tail": "0001"}, page="/family/registration")
    fields = {"csrf_token": stale, f"agree-{code}": "y", "tail": "0001"}
    assert client.post("/family/consent", data=fields).status_code == 409


def test_publishing_is_agreed_to_later_by_the_one_who_agreed(world: World) -> None:
    made = register(world, household(1))
    client = with_link(world, made.link)
    son = only_family(world.app).members[2].code
    fields = {f"publish-{son}": "y", "tail": "9999"}
    assert post(client, "/family/consent", fields, page="/family/registration").status_code == 422
    for _twice in range(2):
        post(client, "/family/consent", {**fields, "tail": "0001"}, page="/family/registration")
    published = [row for row in standing(world) if row[1] == "publish"]
    assert published == [("Danh Minh Khôi", "publish", "Thạch Thị Sa Rươl", "mother")]
    withdrawn = {"person": son, "purpose": "publish", "tail": "0001"}
    post(client, "/family/consent/withdraw", withdrawn, page="/family/registration")
    assert [row for row in standing(world) if row[1] == "publish"] == []


def test_consent_is_withdrawn_by_the_link(world: World) -> None:
    made = register(world, household(1))
    client = with_link(world, made.link)
    code = only_family(world.app).members[2].code
    fields = {"person": code, "purpose": "taking_part", "tail": "0001"}
    assert post(client, "/family/consent/withdraw", fields, page="/family/registration").status_code == 302
    assert "cần cha, mẹ hoặc người giám hộ đồng ý" in words(client.get("/family/registration"))
    other = register(world, household(2))
    theirs = post(
        with_link(world, other.link),
        "/family/consent/withdraw",
        {**fields, "tail": "0002"},
        page="/family/registration",
    )
    assert theirs.status_code == 404


def test_without_the_link_the_page_stays_closed(world: World, client: FlaskClient) -> None:
    register(world, household(1))
    assert client.get("/family/registration").status_code == 403
    client.set_cookie("family", "0" * 26)
    assert client.get("/family/registration").status_code == 403


def test_replaced_link_leads_nowhere(world: World) -> None:
    made = register(world, household(1))
    client = with_link(world, made.link)
    organiser = world.as_user(world.organiser)
    post(organiser, f"/office/registrations/{made.code}/link", {}, page=f"/office/registrations/{made.code}")
    assert client.get("/family/registration").status_code == 403
    assert client.get(f"/g/{made.link}").status_code == 404


# ---------------------------------------------------------------- the officer


def test_officer_sees_only_the_own_delegation(world: World) -> None:
    made = register(world, household(1))
    mine, theirs = world.as_user(world.officer), world.as_user(world.other_officer)
    assert mine.get("/delegation").location == f"/delegation/{world.hon_dat}"
    assert "Danh Thị Sa Rươl" not in theirs.get(f"/delegation/{world.kien_luong}").text
    for path in (
        "",
        "/families/new",
        f"/families/{made.code}",
        "/template.xlsx",
        "/families.xlsx",
        "/import",
        "/print",
        "/links",
    ):
        assert (path, mine.get(f"/delegation/{world.hon_dat}{path}").status_code) == (path, 200)
        assert (path, theirs.get(f"/delegation/{world.hon_dat}{path}").status_code) == (path, 404)
        assert (path, world.as_user(world.organiser).get(f"/delegation/{world.hon_dat}{path}").status_code) == (
            path,
            403,
        )
    # a family of one delegation is not found through the address of another
    assert theirs.get(f"/delegation/{world.kien_luong}/families/{made.code}").status_code == 404


def typed_family(**changes: str) -> dict[str, str]:
    fields = {"phone": "0912 345 678", "address": "Ấp Hòn Me", "form_key": "k1"}
    for row, person in enumerate(PEOPLE):
        fields |= {f"members-{row}-{key}": value for key, value in person.items()}
        fields |= {f"members-{row}-signed": "y", f"members-{row}-contests": "tai-nang"}
    return fields | {"members-2-guardian": "Danh Thị Sa Rươl", "members-2-own": "y", "members-3-name": ""} | changes


def test_officer_types_a_family_and_sends_it(world: World) -> None:
    officer = world.as_user(world.officer)
    home = f"/delegation/{world.hon_dat}"
    for _twice in range(2):
        assert post(officer, f"{home}/families/new", typed_family()).location == home
    family = only_family(world.app)
    assert (family.state, family.origin, len(family.members)) == (FamilyState.DRAFT, "officer", 3)
    page = officer.get(home)
    assert "Đủ hồ sơ: 1 trên 1 gia đình" in words(page)
    post(officer, f"{home}/submit", {}, page=home)
    assert only_family(world.app).state is FamilyState.SUBMITTED


def test_officer_corrects_and_is_told_of_a_newer_version(world: World) -> None:
    officer = world.as_user(world.officer)
    home = f"/delegation/{world.hon_dat}"
    post(officer, f"{home}/families/new", typed_family())
    family = only_family(world.app)
    codes = {f"members-{row}-code": person.code for row, person in enumerate(family.members)}
    edit = f"{home}/families/{family.code}"
    assert 'value="Danh Minh Khôi"' in officer.get(edit).text
    changed = {**typed_family(**{"members-2-name": "Danh Minh Khang"}), **codes, "version": "1"}
    assert post(officer, edit, changed).location == home
    assert [person.name for person in only_family(world.app).members][2] == "Danh Minh Khang"
    late = post(officer, edit, {**changed, "members-2-name": "Danh Khác"})
    assert (late.status_code, "vừa được thay đổi" in late.text) == (409, True)
    assert [person.name for person in only_family(world.app).members][2] == "Danh Minh Khang"
    # what was typed is still there, and saving once more is a decision
    assert ('value="Danh Khác"' in late.text, 'name="version" value="2"' in late.text) == (True, True)
    assert post(officer, edit, {**changed, "members-2-name": "Danh Khác", "version": "2"}).location == home
    assert [person.name for person in only_family(world.app).members][2] == "Danh Khác"


def standing(world: World) -> list[tuple[str, str, str, str]]:
    """Agreements that stand: for whom, to what, by whom, as what."""
    with world.app.app_context(), reading():
        query = (
            select(Person.name, Consent.purpose, Consent.given_by, Consent.given_as)
            .join(Consent, Consent.person_id == Person.id)
            .where(Consent.withdrawn_at.is_(None))
            .order_by(Person.position, Consent.purpose)
        )
        return [tuple(row) for row in db.session.execute(query)]


def edited(world: World, officer: FlaskClient, **changes: str) -> TestResponse:
    """The officer's form of the one family sent again with changes; a change to "" is a box without its tick."""
    family = only_family(world.app)
    codes = {f"members-{row}-code": person.code for row, person in enumerate(family.members)}
    fields = {**typed_family(), **codes, "version": str(family.version), **changes}
    kept = {key: value for key, value in fields.items() if value or not key.endswith(("signed", "own", "contests"))}
    return post(officer, f"/delegation/{world.hon_dat}/families/{family.code}", kept)


def test_an_agreement_is_only_for_the_one_it_was_given_for(world: World) -> None:
    officer = world.as_user(world.officer)
    post(officer, f"/delegation/{world.hon_dat}/families/new", typed_family())
    mother, father = ("Danh Thị Sa Rươl", "taking_part", "Danh Thị Sa Rươl", "self"), "Danh Chung"
    son = [
        ("Danh Minh Khôi", "child_own", "Danh Minh Khôi", "self"),
        ("Danh Minh Khôi", "taking_part", "Danh Thị Sa Rươl", "guardian"),
    ]
    assert standing(world) == [mother, (father, "taking_part", father, "self"), *son]
    # a corrected spelling keeps it
    edited(world, officer, **{"members-1-name": "DANH CHÙNG"})
    assert standing(world)[1] == ("DANH CHÙNG", "taking_part", father, "self")
    # another person typed over the row has not agreed to anything
    edited(world, officer, **{"members-1-name": "Lâm Văn Tư", "members-1-birth": "1/1/1991"})
    assert standing(world) == [mother, *son]
    # somebody who turns out to be a child cannot have agreed alone
    edited(world, officer, **{"members-1-name": "Lâm Văn Tư", "members-1-birth": "1/1/1991"})
    assert ("Lâm Văn Tư", "taking_part", "Lâm Văn Tư", "self") in standing(world)
    child = {"members-1-name": "Lâm Văn Tư", "members-1-birth": "1/1/2012", "members-1-relation": "child"}
    edited(world, officer, **child)
    assert standing(world) == [mother, *son]
    edited(world, officer, **child, **{"members-1-guardian": "Lâm Văn Ba", "members-1-own": "y"})
    assert ("Lâm Văn Tư", "taking_part", "Lâm Văn Ba", "guardian") in standing(world)
    # a tick made by mistake is taken back by taking it away
    edited(world, officer, **child, **{"members-1-signed": "", "members-2-signed": "", "members-2-own": ""})
    assert standing(world) == [mother]


def test_a_row_that_was_begun_is_not_dropped_in_silence(world: World) -> None:
    officer = world.as_user(world.officer)
    address = f"/delegation/{world.hon_dat}/families/new"
    for begun in ({"relation": "child"}, {"sex": "male"}, {"needs": "xe lăn"}, {"contests": "tai-nang"}):
        fields = {f"members-3-{key}": value for key, value in begun.items()}
        answer = post(officer, address, typed_family(**fields))
        assert (begun, answer.status_code) == (begun, 422)
        assert "Người thứ 4, họ và tên" in words(answer)


def test_two_representatives_are_told_beside_the_second(world: World) -> None:
    officer = world.as_user(world.officer)
    address = f"/delegation/{world.hon_dat}/families/new"
    both = {"members-1-relation": "representative"}
    answer = post(officer, address, typed_family(**both))
    assert (answer.status_code, "Người thứ 2, quan hệ" in words(answer)) == (422, True)
    assert "Hãy chỉ giữ một người" in words(answer)
    # the same when a family is corrected; who is taken off the list counts no more
    assert post(officer, address, typed_family()).status_code == 302
    assert edited(world, officer, **both).status_code == 422
    assert edited(world, officer, **both, **{"members-0-drop": "y"}).status_code == 302
    assert [(p.name, p.representative) for p in only_family(world.app).members] == [
        ("Danh Chung", True),
        ("Danh Minh Khôi", False),
    ]


def test_a_person_is_taken_off_by_a_tick_and_never_by_an_empty_name(world: World) -> None:
    officer = world.as_user(world.officer)
    post(officer, f"/delegation/{world.hon_dat}/families/new", typed_family())
    assert edited(world, officer, **{"members-1-name": "", "members-1-birth": ""}).status_code == 422
    assert edited(world, officer, **{"members-1-drop": "y"}).status_code == 302
    assert [person.name for person in only_family(world.app).members] == ["Danh Thị Sa Rươl", "Danh Minh Khôi"]


def test_officer_mistakes_are_named_by_person(world: World) -> None:
    officer = world.as_user(world.officer)
    answer = post(
        officer,
        f"/delegation/{world.hon_dat}/families/new",
        typed_family(**{"members-1-birth": "1/1/50", "phone": "1"}),
    )
    assert answer.status_code == 422
    assert "Người thứ 2, ngày sinh" in words(answer)
    assert "cần đủ bốn chữ số" in words(answer)
    more = post(officer, f"/delegation/{world.hon_dat}/families/new", typed_family(more="yes"))
    assert 'name="members-5-name"' in more.text


def upload(client: FlaskClient, world: World, content: bytes, name: str = "danh-sach.xlsx") -> TestResponse:
    address = f"/delegation/{world.hon_dat}/import"
    token = token_of(client.get(address))
    return client.post(
        address, data={"csrf_token": token, "file": (BytesIO(content), name)}, content_type="multipart/form-data"
    )


def test_excel_is_previewed_then_written_once(world: World) -> None:
    officer = world.as_user(world.officer)
    second = [
        with_cell(with_cell(MOTHER, "Gia đình số", "2"), "Số điện thoại", "12"),
        with_cell(SON, "Gia đình số", "2"),
    ]
    shown = upload(officer, world, excel([MOTHER, SON, *second]))
    assert shown.status_code == 200
    assert "Ô F4 (Số điện thoại)" in words(shown)
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Family)) == 0
    confirm = re.search(rf"/delegation/{world.hon_dat}/import/[\w-]+", shown.text)
    assert confirm
    for _twice in range(2):
        answer = officer.post(confirm[0], data={"csrf_token": token_of(shown)})
        assert answer.location == f"/delegation/{world.hon_dat}"
    family = only_family(world.app)
    assert (family.origin, family.phone, [p.name for p in family.members]) == (
        "excel", "0912345678", ["Danh Thị Sa Rươl", "Danh Minh Khôi"],
    )  # fmt: skip
    again = upload(officer, world, excel([MOTHER, SON]))
    assert "Đã có, giữ nguyên" in words(again) and "Không có gia đình mới" in words(again)
    theirs = world.as_user(world.other_officer)
    token = token_of(theirs.get(f"/delegation/{world.kien_luong}/import"))
    stolen = confirm[0].replace(world.hon_dat, world.kien_luong)
    assert theirs.post(stolen, data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Tệp trống"),
        (b"ho ten;nam sinh", "không phải tệp Excel"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Excel kiểu cũ (.xls)"),
        (excel([MOTHER[:4] + MOTHER[5:]], HEADINGS[:4] + HEADINGS[5:]), "Thiếu cột “Ngày sinh”"),
    ],
)
def test_bad_file_gets_a_clear_answer(world: World, content: bytes, sentence: str) -> None:
    answer = upload(world.as_user(world.officer), world, content)
    assert (answer.status_code, sentence in html.unescape(answer.text)) == (422, True)


def test_export_comes_back_as_the_same_families(world: World) -> None:
    register(world, household(1))
    officer = world.as_user(world.officer)
    content = officer.get(f"/delegation/{world.hon_dat}/families.xlsx").data
    sheet = load_workbook(BytesIO(content))["Danh sách"]
    assert [sheet.cell(5, place).value for place in (2, 4, 6, 16)] == [
        "Thạch Thị Sa Rươl",
        "Nữ",
        "0900000001",
        "Chờ duyệt",
    ]
    assert "Đã có, giữ nguyên" in words(upload(officer, world, content))


def test_printed_list_has_the_state_form(world: World) -> None:
    register(world, household(1))
    page = words(world.as_user(world.officer).get(f"/delegation/{world.hon_dat}/print"))
    for text in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Tổng số: 1 gia đình, 3 người; nữ 1 người; trẻ em dưới 16 tuổi 1 người; từ 60 tuổi trở lên 1 người.",
        "Trưởng đoàn",
    ):
        assert text in page


def test_papers_are_vietnamese_whoever_prints_them(world: World) -> None:
    register(world, household(1), submit=False)
    officer = world.as_user(world.officer)
    officer.set_cookie(LANGUAGE_COOKIE, "en")
    home = f"/delegation/{world.hon_dat}"
    assert "Add a family" in officer.get(home).text
    page = officer.get(f"{home}/print").text
    assert ("Danh sách gia đình dự thi" in page, "Người đại diện" in page, "Representative" in page) == (
        True,
        True,
        False,
    )
    sheet = load_workbook(BytesIO(officer.get(f"{home}/families.xlsx").data))["Danh sách"]
    states = [cell.value for column in sheet.iter_cols() for cell in column if column[3].value == "Trạng thái"]
    assert states[4] == "Đang soạn"


# ---------------------------------------------------------------- review


def test_organiser_finds_approves_and_prints(world: World) -> None:
    made = register(world, household(1, email="nha@example.vn"))
    organiser = world.as_user(world.organiser)
    assert "Thạch Thị Sa Rươl" in organiser.get("/office/registrations").text
    for query, there in (
        ("q=thach+thi+sa+ruol", True),
        ("q=KHOI", True),
        ("q=0000001", True),
        ("q=nguyen", False),
        ("state=approved", False),
        (f"delegation={world.kien_luong}", False),
    ):
        assert (query, "Thạch Thị Sa Rươl" in organiser.get(f"/office/registrations?{query}").text) == (query, there)
    one = f"/office/registrations/{made.code}"
    assert post(organiser, f"{one}/approve", {"version": "1"}, page=one).status_code == 302
    page = organiser.get(one)
    assert "Đã duyệt" in page.text and "<svg" in page.text
    with world.app.app_context(), reading():
        letter = db.session.scalars(select(OutboxMail)).one()
        assert [item["mime"] for item in letter.attachments] == ["image/png"]
    cards = organiser.get(f"/office/passes?delegation={world.hon_dat}")
    assert cards.text.count('class="card-a6"') == 2
    assert organiser.get("/office/passes").status_code == 200
    assert organiser.get(f"/office/passes?family={made.code}").text.count('class="card-a6"') == 1


def test_a_reviewer_goes_on_to_the_one_who_waits_longest(world: World) -> None:
    first, second, third = (register(world, household(number)) for number in (1, 2, 3))
    organiser = world.as_user(world.organiser)

    def following(code: str) -> list[str]:
        page = organiser.get(f"/office/registrations/{code}").text
        return re.findall(r'href="/office/registrations/(\w+)"[^>]*>(?:<svg.*?</svg>)?Hồ sơ chờ tiếp theo', page)

    assert [following(made.code) for made in (first, second, third)] == [[second.code], [first.code], [first.code]]
    for made in (second, third):
        post(organiser, f"/office/registrations/{made.code}/approve", {"version": "1"}, page="/office/registrations")
    assert [following(made.code) for made in (first, second)] == [[], [first.code]]


def test_second_reviewer_gets_a_conflict_page(world: World) -> None:
    made = register(world, household(1))
    one = f"/office/registrations/{made.code}"
    first, second = world.as_user(world.organiser), world.as_user(world.organiser)
    seen = token_of(second.get(one))
    post(first, f"{one}/approve", {"version": "1"}, page=one)
    late = second.post(f"{one}/return", data={"csrf_token": seen, "version": "1", "reason": "Xin bổ sung địa chỉ"})
    assert late.status_code == 409
    assert "Người khác vừa xử lý hồ sơ này, hiện là “Đã duyệt”" in html.unescape(late.text)
    assert "Lý do vừa gõ: Xin bổ sung địa chỉ" in words(late)
    assert only_family(world.app).state is FamilyState.APPROVED


def test_a_refusal_by_mistake_is_taken_back(world: World) -> None:
    made = register(world, household(1))
    one = f"/office/registrations/{made.code}"
    organiser = world.as_user(world.organiser)
    post(organiser, f"{one}/reject", {"version": "1", "reason": "Trùng"}, page=one)
    assert only_family(world.app).state is FamilyState.REJECTED
    assert post(organiser, f"{one}/undo", {"version": "1", "reason": "Từ chối nhầm"}, page=one).status_code == 409
    post(organiser, f"{one}/undo", {"version": "2", "reason": "Từ chối nhầm, xin lỗi gia đình"}, page=one)
    assert only_family(world.app).state is FamilyState.SUBMITTED
    for page in ("/family", "/family/registration"):
        assert "Từ chối nhầm, xin lỗi gia đình" in with_link(world, made.link).get(page).text
    assert "Từ chối nhầm" in world.as_user(world.officer).get(f"/delegation/{world.hon_dat}").text
    post(organiser, f"{one}/approve", {"version": "3"}, page=one)
    assert only_family(world.app).state is FamilyState.APPROVED


def test_return_needs_a_reason_and_the_family_reads_it(world: World) -> None:
    made = register(world, household(1))
    one = f"/office/registrations/{made.code}"
    organiser = world.as_user(world.organiser)
    assert post(organiser, f"{one}/return", {"version": "1", "reason": " "}, page=one).status_code == 422
    post(organiser, f"{one}/return", {"version": "1", "reason": "Xin ghi lại ngày sinh của cháu"}, page=one)
    assert "Xin ghi lại ngày sinh của cháu" in with_link(world, made.link).get("/family/registration").text
    assert "Xin ghi lại ngày sinh của cháu" in world.as_user(world.officer).get(f"/delegation/{world.hon_dat}").text


def test_bulk_approval_undo_and_reissue(world: World) -> None:
    first, second = register(world, household(1)), register(world, household(2))
    organiser = world.as_user(world.organiser)
    post(
        organiser,
        f"/office/registrations/delegations/{world.hon_dat}/approve",
        {},
        page=f"/office/registrations?delegation={world.hon_dat}",
    )
    with world.app.app_context(), reading():
        assert set(db.session.scalars(select(Family.state))) == {FamilyState.APPROVED}
        before = queries.family_pass(first.family_id)
    one = f"/office/registrations/{first.code}"
    post(organiser, f"{one}/pass", {}, page=one)
    with world.app.app_context(), reading():
        after = queries.family_pass(first.family_id)
        assert before and after and (before.issue, after.issue, before.list_id != after.list_id) == (1, 2, True)
    two = f"/office/registrations/{second.code}"
    post(organiser, f"{two}/undo", {"version": "2", "reason": "duyệt nhầm"}, page=two)
    assert "Chờ duyệt" in organiser.get(two).text


def test_officer_may_not_review(world: World) -> None:
    made = register(world, household(1))
    officer = world.as_user(world.officer)
    assert officer.get("/office/registrations").status_code == 403
    assert officer.get(f"/office/registrations/{made.code}").status_code == 403
    assert approve(world, made.family_id) == outcomes.Done(2)


def test_guessing_the_phone_is_stopped(config: Config, world: World) -> None:
    made = register(world, household(1))
    limited = create_app(replace(config, rate_limits=True)).test_client()
    assert limited.get(f"/g/{made.link}").status_code == 302
    token = token_of(limited.get("/family/registration"))
    answers = [
        limited.post("/family/withdraw", data={"csrf_token": token, "tail": f"99{guess:02d}"}).status_code
        for guess in range(12)
    ]
    assert answers == [422] * 10 + [429] * 2
    # the right digits come too late as well, on whichever of the actions
    assert limited.post("/family/consent", data={"csrf_token": token, "tail": "0001"}).status_code == 429
    assert only_family(world.app).state is FamilyState.SUBMITTED


def test_json_calls_are_counted_per_phone(config: Config, world: World) -> None:
    limited = create_app(replace(config, rate_limits=True)).test_client()
    sent = [limited.post("/api/v1/registrations", json={"phone": "0912345678"}).status_code for _ in range(31)]
    assert (Counter(sent), sent[-1]) == (Counter({400: 30, 429: 1}), 429)
    assert limited.post("/api/v1/registrations", json={"phone": "0912345679"}).status_code == 400


def test_owner_comes_before_the_file(world: World) -> None:
    theirs = world.as_user(world.other_officer)
    token = token_of(theirs.get(f"/delegation/{world.kien_luong}/import"))
    assert theirs.post(f"/delegation/{world.hon_dat}/import", data={"csrf_token": token}).status_code == 404
    assert theirs.post(f"/delegation/{world.kien_luong}/import", data={"csrf_token": token}).status_code == 400


def test_officers_are_given_and_taken_away_by_the_organiser(world: World) -> None:
    organiser = world.as_user(world.organiser)
    address = f"/office/delegations/{world.hon_dat}/officers"
    newcomer = world.as_user(world.other_officer)
    assert newcomer.get(f"/delegation/{world.hon_dat}").status_code == 404
    post(organiser, address, {"user": str(world.other_officer)}, page="/office/delegations")
    assert newcomer.get(f"/delegation/{world.hon_dat}").status_code == 200
    post(organiser, address, {"user": str(world.other_officer), "remove": "yes"}, page="/office/delegations")
    assert newcomer.get(f"/delegation/{world.hon_dat}").status_code == 404
    assert post(organiser, address, {"user": str(world.organiser)}, page="/office/delegations").status_code == 404


def test_pages_ask_as_many_questions_for_three_families_as_for_one(world: World) -> None:
    officer, organiser = world.as_user(world.officer), world.as_user(world.organiser)
    addresses = [(officer, f"/delegation/{world.hon_dat}"), (organiser, "/office/registrations?state=all")]
    register(world, household(1))
    one = [statements(world, client, address) for client, address in addresses]
    for number in (2, 3):
        register(world, household(number))
    assert [statements(world, client, address) for client, address in addresses] == one


def statements(world: World, client: FlaskClient, address: str) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
