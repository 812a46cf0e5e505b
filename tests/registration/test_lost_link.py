"""A lost link: found by the phone alone, the old one dies on every device that hears of it, and nothing else gives the new one away."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.security_log import SecurityNote
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.passes.models import Pass
from festival.registration import registering
from festival.registration.lost_link.asked import AskedPhone, asked_phone, reads_back
from festival.registration.outcomes import AlreadyRegistered
from festival.roster import families
from festival.roster.links import of_delegations, of_families
from festival.roster.models import Delegation, Family, Origin
from tests.registration.conftest import World, household
from tests.registration.pages_kit import post, token_of, with_link, words
from tests.registration.registered import approve, count, kinds, race, register

pytestmark = pytest.mark.either_database


@pytest.mark.parametrize(
    ("typed", "name", "meant"),
    [
        ("+84 900.000.001", "", AskedPhone("0900000001", True)),
        ("0001", "Sa Rươl", AskedPhone("0001", False, ("sa", "ruol"))),
        ("0001", "", "name_asked"),
        ("0001", "S", "name_asked"),
        ("001", "Sa Rươl", "phone_asked"),
        ("", "Danh Thị Sa Rươl", "phone_asked"),
        ("Sa Rươl", "", "phone_only"),
    ],
)
def test_a_name_alone_finds_nobody(typed: str, name: str, meant: AskedPhone | str) -> None:
    found = asked_phone(typed, name)
    assert (found.code if isinstance(found, Sentence) else found) == meant


def test_four_digits_are_read_back() -> None:
    assert [reads_back("0900000001", typed) for typed in ("0001", " 00 01", "0002", "001", "00001", "")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    assert not reads_back("0001", "0001")


def search(client: FlaskClient, place: str, phone: str, name: str = "") -> TestResponse:
    sent = post(client, place, {"phone": phone, "name": name})
    assert (sent.status_code, bool(phone) and phone in sent.location) == (303, False)
    return client.get(sent.location)


def give(client: FlaskClient, page: TestResponse, tail: str, **more: str) -> TestResponse:
    """Press the first "Cấp liên kết mới" of the page."""
    action = re.search(r'action="(/[^"]+/lost-link/(?:families|delegations)/[^"]+)"', page.text)
    issue = re.search(r'name="issue" value="(\d+)"', page.text)
    assert action and issue, page.text
    fields = {"csrf_token": token_of(page), "issue": issue[1], "tail": tail, **more}
    return client.post(action[1].replace("&amp;", "&"), data=fields)


def link_on(page: TestResponse) -> str:
    found = re.search(r"/([gd])/([0-9A-Z]{26})", page.text)
    assert found, page.text
    return found[2]


def test_the_officer_gives_a_new_link_and_the_old_phone_is_told(world: World) -> None:
    made = register(world, household(1, email="nha@example.vn"), key="k")
    register(world, household(2))
    old_phone, officer = with_link(world, made.link), world.as_user(world.officer)
    place = f"/delegation/{world.hon_dat}/lost-link"
    assert "Không tìm chỉ bằng tên" in words(search(officer, place, "", "Thạch Thị Sa Rươl"))
    assert "Không có ai với số này" in words(search(officer, place, "0001", "Danh Phước"))
    page = search(officer, place, "0001", "sa ruol")
    assert ("0900 ••• •••" in words(page), "0900000001" in page.text) == (True, False)
    wrong = give(officer, page, "0002")
    assert (wrong.status_code, "không phải bốn số cuối" in words(wrong)) == (422, True)
    assert old_phone.get("/family").status_code == 200
    given = give(officer, wrong, "0001")
    assert given.status_code == 303
    shown = officer.get(given.location)
    link = link_on(shown)
    assert link != made.link and link not in given.location
    # a second press of the same page makes no third link; nobody else opens what is on the officer's screen
    assert give(officer, page, "0001").status_code == 409
    assert world.as_user(world.other_officer).get(given.location).status_code == 404
    desk = world.as_user(world.organiser)
    assert link not in desk.get(given.location.replace(place, "/office/lost-link"), follow_redirects=True).text

    # a background question leaves the cookie, so that the page that is opened next says why, and forgets
    asked = old_phone.get("/api/v1/family/turns")
    assert (asked.status_code, (asked.json or {})["error"]) == (403, "link_replaced")
    told = old_phone.get("/family")
    assert (told.status_code, "Liên kết này đã được thay" in words(told)) == (403, True)
    assert 'data-forget-link="family"' in told.text and "js/forget.js" in told.text
    assert old_phone.get_cookie("family") is None
    assert "Xin mở lại liên kết" in words(old_phone.get("/family"))
    # the old message: dead on every phone; on one that holds the new link it takes nothing away
    assert 'data-forget-link="family"' in old_phone.get(f"/g/{made.link}").text
    new_phone = with_link(world, link)
    again = new_phone.get(f"/g/{made.link}")
    assert (again.status_code, "data-forget-link" in again.text) == (404, False)
    assert new_phone.get("/family").status_code == 200
    cut = new_phone.get(f"/g/{link[:20]}")
    assert (cut.status_code, "chép chưa đủ" in words(cut)) == (404, True)

    mailed = officer.post(
        place + "/given", data={"csrf_token": token_of(shown), "given": given.location.partition("given=")[2]}
    )
    assert mailed.status_code == 303
    with world.app.app_context(), reading():
        letters = list(db.session.scalars(select(OutboxMail.body).order_by(OutboxMail.id)))
        log = [(note.kind, note.subject) for note in db.session.scalars(select(SecurityNote).order_by(SecurityNote.id))]
    assert link in letters[-1]
    about = {"family": made.code}
    assert [each for each in log if each[0] == "link_replaced"] == [("link_replaced", about)]
    assert ("looked_up", {"by": "phone", **about}) in log and ("looked_up", {"by": "digits", **about}) in log
    assert kinds(world).count("link.replaced") == 1


def test_the_desk_finds_all_and_nobody_of_another_delegation_is_given(world: World) -> None:
    made = register(world, household(1))
    approve(world, made.family_id)
    with world.app.app_context(), transaction():
        delegation = db.session.scalars(select(Delegation).where(Delegation.code == world.hon_dat)).one()
        delegation.head_name, delegation.head_phone = "Lâm Văn Út", "0918 222 333"
        of_delegations.first_link(delegation)
        old = of_delegations.delegation_link(delegation)
    other = world.as_user(world.other_officer)
    assert "Không có ai" in words(search(other, f"/delegation/{world.kien_luong}/lost-link", "0900000001"))
    token = token_of(other.get(f"/delegation/{world.kien_luong}/lost-link"))
    address = f"/delegation/{world.kien_luong}/lost-link/families/{made.code}"
    refused = other.post(address, data={"csrf_token": token, "issue": "1", "tail": "0001"})
    assert refused.status_code in (403, 404)

    desk = world.as_user(world.organiser)
    given = give(desk, search(desk, "/office/lost-link", "0900 000 001"), "0001", **{"pass": "yes"})
    assert link_on(desk.get(given.location)) != made.link
    assert (
        count(world, select(Pass.id).where(Pass.family_id == made.family_id, Pass.replaced_at.is_(None)).subquery())
        == 1
    )
    assert count(world, select(Pass.id).where(Pass.family_id == made.family_id).subquery()) == 2
    head = give(desk, search(desk, "/office/lost-link", "2333", "Lâm Út"), "2333")
    new = link_on(desk.get(head.location))
    with world.app.app_context(), reading():
        assert of_delegations.delegation_of_link(old) is None
        found = of_delegations.delegation_of_link(new)
        assert found is not None and found.code == world.hon_dat


def test_an_old_receipt_does_not_give_the_new_link(world: World) -> None:
    """Who has the phone has the address of the form, and the key it was sent with."""
    made = register(world, household(1), key="api:held")
    with world.app.app_context(), transaction():
        family = families.family_by_id(made.family_id)
        of_families.replace_link(world.rules(), family, world.organiser)
    with world.app.app_context(), transaction():
        again = registering.register_family(
            world.rules(), world.delegation(), household(1), Origin.FAMILY, submission_key="api:held", submit=True
        )
    assert isinstance(again, AlreadyRegistered) and again.link == ""


@pytest.mark.both_databases
def test_of_two_at_once_one_gives_the_link(world: World) -> None:
    made = register(world, household(1))

    def act() -> object:
        family = families.family_by_id(made.family_id)
        try:
            return of_families.replace_link(world.rules(), family, world.organiser, seen=1)
        except Overtaken:
            return None

    outcomes = race(world.app, 6, act)
    assert outcomes.count(None) == 5
    with world.app.app_context(), reading():
        assert db.session.scalars(select(Family.link_issue).where(Family.id == made.family_id)).one() == 2
