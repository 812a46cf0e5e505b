"""What can a family do behind its link, and what not?"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from festival.consent.models import Consent
from festival.consent.rules import Agreement
from festival.core.database import db
from festival.core.transaction import reading
from festival.roster import families, views
from festival.roster.links import of_families
from festival.roster.models import FamilyState
from tests.registration.conftest import World, household
from tests.registration.pages_kit import only_family, post, standing, token_of, typed_family, with_link, words
from tests.registration.registered import register

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database


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
        f"{family.members[1].code}-name": "Danh Chương",
    }
    assert (
        post(client, "/family/change", {**change, "tail": ""}, page="/family/registration").location
        == "/family/change#tail"
    )
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
    assert (wrong.status_code, wrong.text.count(" checked"), wrong.text.count('value="Danh Chung"')) == (422, 2, 1)
    # a tick for a child without the name of who agrees is asked for, and nothing is written halfway
    nameless = {**fields, f"guardian-{codes[2]}": "", "tail": "0001"}
    wrong = post(client, "/family/consent", nameless, page="/family/registration")
    assert (wrong.status_code, "Hãy ghi họ và tên cha, mẹ hoặc người giám hộ" in words(wrong)) == (422, True)
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Consent)) == 0
    change = {"version": "1", "tail": "0001", f"{codes[1]}-name": "Danh 2", f"{codes[2]}-birth": "31/2/2014"}
    assert post(client, "/family/change", change, page="/family/registration").status_code == 303
    wrong = client.get("/family/change")
    assert ('value="Danh 2"' in wrong.text, 'value="31/2/2014"' in wrong.text) == (True, True)
    assert "Không có ngày 31/2/2014" in words(wrong)
    assert [person.name for person in only_family(world.app).members][1] == "Danh Chung"


def test_a_returned_family_mends_it_and_sends_it_again_itself(world: World) -> None:
    made = register(world, household(1))
    one = f"/office/registrations/{made.code}"
    reason = {"version": "1", "reason": "Xin ghi lại ngày sinh của cháu"}
    post(world.as_user(world.organiser), f"{one}/return", reason, page=one)
    client = with_link(world, made.link)
    son = only_family(world.app).members[2].code
    change = {"version": "2", "tail": "0001", "send": "yes", f"{son}-birth": "2/9/2014"}
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
        client = with_link(world, of_families.link_code(families.family_by_id(family.id)))
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
    fields = {"person": code, "purpose": "taking_part", "tail": "0001", "sure": "yes"}
    assert post(client, "/family/consent/withdraw", fields, page="/family/registration").status_code == 302
    page = words(client.get("/family/registration"))
    assert "Danh Minh Khôi thôi tham gia" in page and "cần cha, mẹ hoặc người giám hộ đồng ý" not in page
    other = register(world, household(2))
    theirs = post(
        with_link(world, other.link),
        "/family/consent/withdraw",
        {**fields, "tail": "0002"},
        page="/family/registration",
    )
    assert theirs.status_code == 400  # theirs is no choice here: nothing was written


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
