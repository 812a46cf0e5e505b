"""On a screen in the hall: what does not fit comes part after part, may be stopped, and new arrivals appear by themselves."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import update

from festival.core.clock import today
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival, Unit, UnitLevel
from festival.roster.models import BadgeClass, Delegation, Person
from tests.devices.kit import Phone, enrolment, open_fair

DELEGATIONS = 60


@pytest.mark.faults
def test_a_hall_screen_turns_its_parts_and_hears_of_arrivals(app: Flask, client: FlaskClient, page: Page) -> None:
    fair = open_fair(app)
    with app.app_context(), transaction():
        db.session.execute(update(Festival).values(starts_on=today() - timedelta(1), ends_on=today() + timedelta(1)))
        for number in range(DELEGATIONS - 1):
            name = f"xã Số {number}"
            unit = Unit(key=f"u{number}", level=UnitLevel.DISTRICT, kind="Xã", name=name, folded=f"xa so {number}")
            db.session.add(unit)
            db.session.flush()
            code = os.urandom(8).hex()
            delegation = Delegation(
                festival_id=fair.festival_id, unit_id=unit.id, code=code, name=f"Đoàn {name}",
                families_min=0, families_max=9, position=number + 1,
            )  # fmt: skip
            db.session.add(delegation)
            db.session.flush()
            who = {"festival_id": fair.festival_id, "delegation_id": delegation.id, "code": os.urandom(8).hex()}
            db.session.add(Person(**who, badge=BadgeClass.CREW, name="Châu Văn Tài", folded="chau van tai"))
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto("/hall")
    lines = page.locator("[data-lines] > li")
    expect(lines).to_have_count(DELEGATIONS)
    seen = page.locator("[data-lines] > li:visible")
    expect(page.locator("[data-turn]")).to_contain_text("Phần 1 trên")
    first = seen.count()
    assert 0 < first < DELEGATIONS
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight") is True
    expect(page.locator("[data-turn]")).to_contain_text("Phần 2 trên")  # by itself
    page.get_by_role("button", name="Dừng, xem tất cả").click()
    expect(seen).to_have_count(DELEGATIONS)
    page.get_by_role("button", name="Tự chuyển phần").click()
    assert 0 < seen.count() <= first
    gate = Phone(client, enrolment(app, fair, station="Cổng 1"))
    gate.send(gate.scan(fair.delegation_list))
    expect(page.locator("header [data-fill=here]")).to_have_text("10")
    expect(page.locator("header [data-fill=complete]")).to_have_text("1")
    # a phone shows them all, to be scrolled
    page.set_viewport_size({"width": 360, "height": 740})
    expect(seen).to_have_count(DELEGATIONS)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True
