"""The delegation's page: the same by link and by account, light, with the same few statements at any size, and it tells no secret."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.checkin.actions import apply_scans
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.enrolment import Enrolled, enrol, make_enrolment_code
from festival.devices.handlers import DeviceRole, Incoming
from festival.logistics.models import DelegationStay, LodgingBed, LodgingRoom, Meal, MealKind, MealPortions, Vehicle
from festival.passes.issue import issue_pass
from festival.programme.queries import festival_day
from festival.roster.links.of_delegations import delegation_link, first_link, replace_delegation_link
from festival.roster.models import Delegation, DelegationOfficer, Departure, Entry, Family, FamilyState, Person
from tests.house.test_statements import statements
from tests.programme.scene import Scene, make_festival
from tests.registration.pages_kit import words

pytestmark = pytest.mark.either_database

MORNING = datetime(2024, 6, 14, 0, 0, tzinfo=UTC)


@dataclass
class Head:
    """A phone that holds the link of the first delegation, and an officer of it."""

    scene: Scene
    phone: FlaskClient
    officer: FlaskClient
    code: str


def come(app: Flask, families: int, contests: int = 2) -> Head:
    with app.app_context(), transaction():
        scene = make_festival(families=families, contests=contests, first_day=festival_day(now()))
        delegation = db.session.get_one(Delegation, scene.delegations[0])
        for family in db.session.scalars(select(Family)):
            family.delegation_id = delegation.id
            family.phone = f"0912{family.id:06d}"
        for entry in db.session.scalars(select(Entry)):
            entry.delegation_id = delegation.id
        for person in db.session.scalars(select(Person)):
            person.delegation_id, person.needs, person.birth_year, person.phone = (
                delegation.id,
                "xe lăn",
                1987,
                "0999888777",
            )
        first_link(delegation)
        _stay(scene, delegation)
        user = create_user("canbo", "Cán bộ", "", [Role.OFFICER])
        db.session.flush()
        db.session.add(DelegationOfficer(delegation_id=delegation.id, user_id=user.id))
        token, link, code = open_sign_in(user.id, 8).token, delegation_link(delegation), delegation.code
    phone, officer = app.test_client(), app.test_client()
    officer.set_cookie(SESSION_COOKIE, token)
    answer = phone.get(f"/d/{link.lower()}")
    assert (answer.status_code, answer.location) == (302, "/head")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    return Head(scene, phone, officer, code)


def _stay(scene: Scene, delegation: Delegation) -> None:
    """How they come, eat and sleep."""
    db.session.add(
        DelegationStay(
            delegation_id=delegation.id, arrives_at=now(), place="Cổng chính", vehicle=Vehicle.COACH, plate="68B-123.45",
            driver_phone="0901112223", nights_from=None, nights_until=None, bring="Áo dài, nón lá", bus_home="Xe về lúc 15 giờ",
        )
    )  # fmt: skip
    meal = Meal(festival_id=scene.festival_id, day=today(), kind=MealKind.LUNCH, closes_at=now(), removed_at=None)
    room = LodgingRoom(festival_id=scene.festival_id, house="Nhà khách A", name="101")
    db.session.add_all([meal, room])
    db.session.flush()
    db.session.add(MealPortions(meal_id=meal.id, delegation_id=delegation.id, portions=9, vegetarian=2, no_pork=0))
    guest = db.session.scalars(select(Person.id).where(Person.family_id == scene.families[0])).first()
    db.session.add(LodgingBed(room_id=room.id, number=1, person_id=guest))


def let_in(scene: Scene, family: int, people: int) -> None:
    """So many of a family come through the gate today."""
    enrolled = enrol(make_enrolment_code(scene.festival_id, DeviceRole.GATE, None, "Cổng 1").code, "Máy", None)
    assert isinstance(enrolled, Enrolled)
    list_id = issue_pass("family", scene.families[family], scene.festival_id).list_id
    came = select(Person.code).where(Person.family_id == scene.families[family]).order_by(Person.position).limit(people)
    scan = Incoming(
        mid=str(uuid.uuid4()), device_id=enrolled.device.id, device_role=DeviceRole.GATE.value, user_id=None, seq=1,
        kind="scan", subject=list_id, base_version=None, at=now(), received_at=now(), festival_id=scene.festival_id,
        body={"pass": list_id, "persons": list(db.session.scalars(came)), "purpose": "entry", "how": "camera"},
        device_number=enrolled.device.number, station="Cổng 1",
    )  # fmt: skip
    apply_scans([scan])


def test_the_head_reads_who_is_missing_and_whom_to_call(app: Flask) -> None:
    with time_machine.travel(MORNING):
        head = come(app, 4)
        with app.app_context(), transaction():
            waiting = db.session.get_one(Family, head.scene.families[3])
            waiting.state, waiting.return_reason = FamilyState.RETURNED, "Thiếu năm sinh của con."
        before = words(head.phone.get("/head"))
        for said in (
            "Hồ sơ chưa xong (1 gia đình)",
            "7 giờ 30",
            "Gia đình tài năng",
            "Thông tin lúc 7 giờ",
        ):
            assert said in before, said
        # whom nobody agreed for is seen by the officer alone
        assert "Một gia đình chờ đồng ý" in before and "Thiếu năm sinh" not in before
        assert "Trả lại để sửa: Thiếu năm sinh" in words(head.officer.get(f"/delegation/{head.code}/day"))
        for said in (
            "Bữa trưa: 9 suất , 2 chay",
            "Áo dài, nón lá",
            "Xe về lúc 15 giờ",
            "Nhà khách A 101",
            "Xe khách 68B-123.45",
        ):
            assert said in before, said
        mark = (head.phone.get("/api/v1/head/mark").json or {})["mark"]
        assert f'data-mark="{mark}"' in head.phone.get("/head").text
        with app.app_context(), transaction():
            let_in(head.scene, 0, 2)
            let_in(head.scene, 1, 1)
            gone = db.session.scalars(
                select(Person).where(Person.family_id == head.scene.families[2], ~Person.representative)
            ).one()
            db.session.add(Departure(person_id=gone.id, entries=[], left_at=now()))
        page = head.phone.get("/head")
        text = words(page)
        missing = text.partition("Chưa vào (2 gia đình)")[2].partition("Lượt thi")[0]
        assert ("Trần Bí Mật Con" in missing, "Lâm Thị Sô Phia" in missing, "Danh Chung" in missing) == (
            True,
            True,
            False,
        )
        assert f'href="tel:0912{head.scene.families[1]:06d}"' in page.text
        assert "Lâm Bí Mật Con thôi tham gia" in text
        assert (head.phone.get("/api/v1/head/mark").json or {})["mark"] != mark
        # nothing of a person but the name; the same page for the officer, with the same values
        for secret in ("xe lăn", "1987", "0999888777"):
            assert secret not in page.text
        own = words(head.officer.get(f"/delegation/{head.code}/day"))
        assert missing in own


@pytest.mark.parametrize(("families", "contests"), [(3, 2), (60, 2)])
def test_the_page_is_light_and_asks_little(app: Flask, families: int, contests: int) -> None:
    with time_machine.travel(MORNING):
        head = come(app, families, contests)
        with app.app_context(), transaction():
            let_in(head.scene, 0, 1)
        head.phone.get("/head")
        with statements(app) as seen:
            page = head.phone.get("/head")
        assert len(page.data) <= 60_000, len(page.data)
        assert len(seen) <= 18, "\n\n".join(seen)
        assert len(re.findall(r'class="call"', page.text)) == 2 * families + 1  # and the driver
        COUNTED.setdefault(app.config["FESTIVAL"].is_sqlite, set()).add(len(seen))
        assert len(COUNTED[app.config["FESTIVAL"].is_sqlite]) == 1


COUNTED: dict[bool, set[int]] = {}


def test_a_replaced_link_shows_nothing_and_the_phone_is_told(app: Flask, client: FlaskClient) -> None:
    with time_machine.travel(MORNING):
        head = come(app, 2)
        assert client.get("/head").status_code == 403
        with app.app_context(), transaction():
            delegation = db.session.get_one(Delegation, head.scene.delegations[0])
            old = delegation_link(delegation)
            new = replace_delegation_link(delegation.festival, delegation, None)
        for address in ("/api/v1/head/mark", "/api/v1/head/news"):
            answer = head.phone.get(address)
            assert (answer.status_code, (answer.json or {})["error"]) == (403, "link_replaced")
        told = head.phone.get("/head")
        assert ("Liên kết này đã được thay" in words(told), "Danh Chung" in told.text) == (True, False)
        assert 'data-forget-link="head"' in told.text and head.phone.get_cookie("head") is None
        assert client.get(f"/d/{old}").status_code == 404
        assert client.get(f"/d/{new}").status_code == 302
        assert "Danh Chung" in client.get("/head").text
        # the link of a family opens no delegation, and the other way round
        assert client.get(f"/g/{new}").status_code == 404
