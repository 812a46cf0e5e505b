"""Do the office's long lists show each line once over their pages, and do their filters mean what they say?"""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.accounts import routes as accounts
from festival.accounts.models import User, UserRole
from festival.accounts.roles import Role
from festival.checkin import routes as checkin
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices import routes as devices
from festival.devices.enrolment import make_enrolment_code, revoke
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device
from festival.editions.queries import the_festival
from festival.passes import routes as passes
from festival.roster.models import Delegation, Family, FamilyState
from tests.demo.test_demo import sign_in
from tests.devices.kit import Phone

BAD = ("abc", "-3", "0", "1.5", "9" * 40, "%00")
HEADS = re.compile(r'<th scope="row">(?:<a [^>]*>)?([^<]+)')


@pytest.fixture
def organiser(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(accounts, "PEOPLE_A_PAGE", 7)
    monkeypatch.setattr(devices, "DEVICES_A_PAGE", 2)
    monkeypatch.setattr(checkin, "LINES_A_PAGE", 4)
    monkeypatch.setattr(passes, "ROWS_A_PAGE", 3)
    client = demo_app.test_client()
    sign_in(client, "bantochuc")
    return client


def walked(client: FlaskClient, address: str, line: re.Pattern[str] = HEADS) -> list[str]:
    """The lines of all pages, by the links themselves."""
    found: list[str] = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        found += line.findall(answer.text)
        following = re.search(r'href="([^"]+)" rel="next"', answer.text)
        address = following[1].replace("&amp;", "&") if following else ""
    return found


def test_accounts(demo_app: Flask, organiser: FlaskClient) -> None:
    with demo_app.app_context(), reading():
        every = list(db.session.scalars(select(User.name).order_by(User.login)))
        judges = list(
            db.session.scalars(select(User.name).join(UserRole).where(UserRole.role == Role.JUDGE).order_by(User.login))
        )
    assert len(every) > 14
    assert walked(organiser, "/office/people") == every
    assert walked(organiser, "/office/people?role=judge") == judges
    assert f"Đang xem 1–7 trên {len(every)}." in organiser.get("/office/people").text
    for bad in BAD:
        assert HEADS.findall(organiser.get(f"/office/people?page={bad}&role={bad}").text) == every[:7]


def test_devices(demo_app: Flask, organiser: FlaskClient) -> None:
    with demo_app.app_context():
        with reading():
            festival_id = the_festival().id
        for number in range(1, 6):
            with transaction():
                code = make_enrolment_code(festival_id, DeviceRole.GATE, None, f"Cổng {number}").code
            Phone(demo_app.test_client(), code)
        with transaction():
            first = db.session.scalars(select(Device.id).order_by(Device.number)).first()
            assert first is not None and revoke(festival_id, first)
        with reading():
            every = [f"Máy {number}" for number in db.session.scalars(select(Device.number).order_by(Device.number))]
    lines = re.compile(r'<th scope="row">(Máy \d+)<br>')
    assert len(every) == 6  # the gate of the demo and five more
    assert walked(organiser, "/office/devices", lines) == every
    assert walked(organiser, "/office/devices?show=on", lines) == every[1:]
    assert walked(organiser, "/office/devices?show=revoked", lines) == every[:1]
    assert "Không có máy nào như vậy" in organiser.get("/office/devices?show=look").text
    for bad in BAD:
        assert lines.findall(organiser.get(f"/office/devices?page={bad}&show={bad}").text) == every[:2]


def test_arrivals(demo_app: Flask, organiser: FlaskClient) -> None:
    with demo_app.app_context(), reading():
        every = list(db.session.scalars(select(Delegation.name).order_by(Delegation.position, Delegation.name)))
    lines = re.compile(r'<th scope="row">(Đoàn [^<]+)</th>')
    address = "/office/checkin?day=2024-06-14"
    assert sorted(walked(organiser, address, lines)) == sorted(every)
    waiting = walked(organiser, address + "&due=1", lines)
    assert f"Chưa đủ người ({len(waiting)})" in organiser.get(address).text
    assert set(waiting) < set(every) or len(waiting) == len(every)
    for bad in BAD:
        assert len(lines.findall(organiser.get(f"{address}&page={bad}&due={bad}").text)) == 4


def test_cards_to_print(demo_app: Flask, organiser: FlaskClient) -> None:
    with demo_app.app_context(), reading():
        delegation = db.session.scalars(select(Delegation).order_by(Delegation.id)).first()
        assert delegation is not None
        families = db.session.scalars(
            select(Family.name).where(Family.delegation_id == delegation.id, Family.state == FamilyState.APPROVED)
        ).all()
        code, name = delegation.code, delegation.name
    address = f"/office/passes?delegation={code}"
    cards = [card.strip() for card in walked(organiser, address)]
    assert (cards[0], sorted(cards[1:])) == (name, sorted(families))
    for bad in BAD:
        assert [card.strip() for card in HEADS.findall(organiser.get(f"{address}&page={bad}").text)] == cards[:3]
