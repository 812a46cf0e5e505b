"""Is it known who holds a device, on the device and in the office, and can what was written by mistake be taken back?"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import select, update

from festival.accounts.roles import Role
from festival.core.clock import now
from festival.core.database import db
from festival.core.security_log import SecurityKind, SecurityNote
from festival.core.transaction import reading, transaction
from festival.devices.condition.forgetting import forgets_at
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device, DeviceShift
from festival.devices.shifts import holding
from festival.editions.models import Festival
from tests.devices.kit import Phone, enrolment, open_fair, verdicts
from tests.devices.test_office import post, signed_in, text_of

PAGE = "/office/devices/shifts"
HOUR_MS = 3_600_000


def hand(phone, name, ago_h=0):
    """The message of a device that goes to somebody else."""
    return phone.write(
        "shift", phone.device["code"], {"holder": name}, wall_ms=int(time.time() * 1000) - ago_h * HOUR_MS
    )


def holder(app, fair):
    """Who holds device 1 now."""
    with app.app_context(), reading():
        device = db.session.scalar(select(Device.id).where(Device.number == 1))
        return holding.holders(fair.festival_id).get(device, (None, None))[0]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_last_hand_by_the_hour_counts_in_every_order_and_repetition(app, order):
    fair = open_fair(app)
    phone = Phone(app.test_client(), enrolment(app, fair))
    said = [hand(phone, "Bà Năm", 5), hand(phone, "", 3), hand(phone, "Anh Tư", 1)]
    for n in order:
        assert verdicts(phone.send(said[n])) == ["applied"]
        phone.send(said[n])
    assert holder(app, fair) == "Anh Tư"
    with app.app_context(), reading():
        assert len(db.session.scalars(select(DeviceShift)).all()) == 3


def test_what_is_no_name_is_refused_and_a_judge_hands_nothing_on(app):
    fair = open_fair(app)
    phone = Phone(app.test_client(), enrolment(app, fair))
    for wrong in ({}, {"holder": None}, {"holder": "x" * 81}, {"holder": "An", "phone": "0912"}):
        answer = phone.send(phone.write("shift", "", wrong))
        assert [(each["verdict"], each["reason"]) for each in answer["verdicts"]] == [("rejected", "malformed")]
    assert holder(app, fair) is None


@pytest.mark.either_database
def test_the_office_says_it_takes_it_back_and_says_it_again(app):
    fair = open_fair(app)
    phone = Phone(app.test_client(), enrolment(app, fair))
    phone.send(hand(phone, "Bà Năm", 1))
    lead = signed_in(app, "truong-cong", Role.GATE_LEAD)
    with app.app_context(), reading():
        device = db.session.scalar(select(Device.id))
    assert post(lead, PAGE, {"device": str(device), "holder": " Chị Sáu "}, page=PAGE).status_code == 303
    assert holder(app, fair) == "Chị Sáu"
    words = text_of(lead.get(PAGE))
    assert "Bà Năm" in words and "trên máy" in words and "Bà truong-cong" in words
    assert "Chị Sáu giữ từ" in text_of(lead.get("/office/devices"))
    with app.app_context(), reading():
        shift = db.session.scalar(select(DeviceShift.id).where(DeviceShift.holder == "Chị Sáu"))
    for _ in range(2):
        post(lead, f"{PAGE}/{shift}/back", {}, page=PAGE)
        assert holder(app, fair) == "Bà Năm", "whoever held it before does so still"
    for _ in range(2):
        post(lead, f"{PAGE}/{shift}/again", {}, page=PAGE)
        assert holder(app, fair) == "Chị Sáu"
    post(lead, PAGE, {"device": str(device), "holder": ""}, page=PAGE)
    assert holder(app, fair) == "" and "cất từ" in text_of(lead.get("/office/devices"))
    assert post(lead, PAGE, {"device": str(device), "holder": "x" * 81}, page=PAGE).status_code == 400
    assert post(lead, PAGE, {"device": "77", "holder": "Ai"}, page=PAGE).status_code == 400
    assert post(lead, f"{PAGE}/999/back", {}, page=PAGE).status_code == 404
    with app.app_context(), reading():
        noted = db.session.scalars(
            select(SecurityNote.subject).where(SecurityNote.kind == SecurityKind.HANDED_OVER).order_by(SecurityNote.id)
        ).all()
    assert noted[:3] == [{"device": 1, "shift": shift}] * 3 and len(noted) == 4


@pytest.mark.either_database
def test_who_looks_after_other_devices_hands_none_of_these_on(app):
    fair = open_fair(app)
    phone = Phone(app.test_client(), enrolment(app, fair))
    phone.send(hand(phone, "Bà Năm", 1))
    secretary = signed_in(app, "thu-ky", Role.SECRETARY)
    with app.app_context(), reading():
        device, shift = db.session.scalar(select(Device.id)), db.session.scalar(select(DeviceShift.id))
    assert "Bà Năm" not in text_of(secretary.get(PAGE))
    assert post(secretary, PAGE, {"device": str(device), "holder": "Ai đó"}, page="/office/devices").status_code == 403
    assert post(secretary, f"{PAGE}/{shift}/back", {}, page="/office/devices").status_code == 403
    assert holder(app, fair) == "Bà Năm"


def test_when_a_device_forgets():
    last = date(2024, 6, 16)
    early, late = datetime(2024, 6, 1, tzinfo=UTC), datetime(2024, 6, 18, 9, tzinfo=UTC)
    assert forgets_at(last, early) == int(datetime(2024, 6, 17, 20, tzinfo=UTC).timestamp() * 1000)
    assert forgets_at(last, late) == int((late + timedelta(days=3)).timestamp() * 1000)


@pytest.mark.either_database
def test_after_the_festival_a_phone_gets_no_list_until_its_last_day_is_moved(app):
    fair = open_fair(app)
    phone = Phone(app.test_client(), enrolment(app, fair))
    told = phone.state()
    assert told["state"]["passes"] and told["forget_ms"] > time.time() * 1000
    with app.app_context(), transaction():
        db.session.execute(update(Device).values(enrolled_at=now() - timedelta(days=3, minutes=1)))
    told = phone.state()
    assert told["state"] is None and told["forget_ms"] < time.time() * 1000
    assert verdicts(phone.send(phone.scan(fair.lists["Gia đình ông Danh Chung"]))) == ["applied"], "what it said counts"
    judge = Phone(app.test_client(), enrolment(app, fair, DeviceRole.JUDGE), with_key=True)
    assert judge.state()["forget_ms"] is None
    with app.app_context(), transaction():
        db.session.execute(update(Festival).values(ends_on=now().date()))
    assert phone.state()["state"]["passes"]
