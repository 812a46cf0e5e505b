"""Does the office hear how a device is, and is a phone that cannot be trusted with data seen before it fails?"""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select

from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices import enrolment as devices_enrolment
from festival.devices.condition.signs import Condition, signs
from festival.devices.models import Device
from tests.devices.kit import Phone, enrolment, open_fair
from tests.devices.test_office import signed_in, text_of

HOUR_MS = 3_600_000


def say(phone, **changes):
    """The answer to a report."""
    body = {"wall_ms": int(time.time() * 1000), "unsent": 0, "battery": 80, "storage_used": 3, "persisted": True}
    headers = {"Authorization": f"Bearer {phone.token}"}
    return phone.client.post("/api/v1/sync/condition", json={**body, **changes}, headers=headers)


def kept(app, phone):
    """What its row says now."""
    row = select(
        Device.battery, Device.unsent, Device.storage_used, Device.persisted, Device.clock_ms, Device.app
    ).where(Device.code == phone.device["code"])
    with app.app_context(), reading():
        return db.session.execute(row).one()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Condition(), []),
        (Condition(80, 0, 3, True, 1_000), [("pin 80 %", False), ("đã hứa giữ dữ liệu", False)]),
        (Condition(19, None, None, False), [("pin còn 19 %", True), ("chưa hứa giữ dữ liệu", False)]),
        (Condition(unsent=7, storage_used=90), [("7 lượt chưa gửi", True), ("bộ nhớ đã dùng 90 %", True)]),
        (Condition(clock_ms=3 * HOUR_MS), [("đồng hồ nhanh 3 giờ 0 phút", True)]),
        (Condition(clock_ms=-5 * 60_000 - 1), [("đồng hồ chậm 0 giờ 5 phút", True)]),
        (Condition(clock_ms=5 * 60_000), []),
    ],
)
def test_what_a_report_asks_of_a_person(told, words):
    assert [(str(sign.words), sign.urgent) for sign in signs(told)] == words


def test_the_last_report_stands_beside_the_device_and_a_strange_one_changes_nothing(app):
    fair = open_fair(app)
    phone = Phone(app.test_client(), enrolment(app, fair))
    assert tuple(kept(app, phone))[:5] == (None,) * 5
    answer = say(phone, unsent=4, battery=12, wall_ms=int(time.time() * 1000) + 3 * HOUR_MS)
    assert answer.status_code == 200 and list(answer.get_json()) == ["server_ms"]
    held = kept(app, phone)
    assert tuple(held)[:4] == (12, 4, 3, True) and abs(held.clock_ms - 3 * HOUR_MS) < 60_000
    for wrong in ({"battery": 101}, {"unsent": -1}, {"persisted": "yes"}, {"name": "ai"}, {"wall_ms": 2**60}):
        assert say(phone, **wrong).status_code == 400
    assert kept(app, phone) == held
    office = signed_in(app, "to-chuc", Role.ORGANISER)
    words = text_of(office.get("/office/devices?show=look"))
    for expected in ("pin còn 12 %", "4 lượt chưa gửi", "đồng hồ nhanh 3 giờ 0 phút", "đã hứa giữ dữ liệu"):
        assert expected in words
    assert say(phone, battery=None, persisted=None).status_code == 200
    assert tuple(kept(app, phone))[:4] == (None, 0, 3, None)
    assert "Máy 1" not in text_of(office.get("/office/devices?show=look"))


def test_a_revoked_phone_still_tells_what_lies_on_it_and_a_stranger_nothing(app):
    fair = open_fair(app)
    phone = Phone(app.test_client(), enrolment(app, fair))
    with app.app_context(), transaction():
        device_id = db.session.scalar(select(Device.id))
        assert devices_enrolment.revoke(fair.festival_id, device_id)
    assert say(phone, unsent=31).status_code == 200
    assert kept(app, phone).unsent == 31
    phone.token = "nobody's"
    assert say(phone, unsent=5).status_code == 401


def test_the_release_of_every_kind_of_page_is_kept(app):
    phone = Phone(app.test_client(), enrolment(app, open_fair(app)))
    phone.state(app="0.8.0+3f2a9c1b")
    assert kept(app, phone).app == "0.8.0+3f2a9c1b"
