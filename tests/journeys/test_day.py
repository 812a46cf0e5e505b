"""The pass a family holds is what the gate's camera reads; the public pages need no script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from festival.checkin.models import Admission
from festival.core.database import db
from festival.devices.handlers import DeviceRole
from festival.roster.links.of_families import link_code
from festival.roster.models import Family
from tests.checkin.camera import passes_held_up
from tests.harness.served import Served
from tests.journeys import scene as scenes
from tests.journeys.conftest import SCREENS, Visit
from tests.journeys.scene import HOUSEHOLDS, Scene

CHUNG = "Gia đình ông Danh Chung"


def test_the_pass_of_a_family_page_is_read_by_the_camera_of_two_gates(
    app: Flask, fair: Scene, live_server: Served, camera_browser, tmp_path: Path
) -> None:
    video = passes_held_up(tmp_path / "camera.mjpeg", [fair.passes["Danh Chung"]], blank_s=6)
    running: Browser = camera_browser(video)
    width, height = SCREENS["phone"]
    for station, word in (("Cổng 1", "Mời vào"), ("Cổng 2", "Đã điểm danh rồi")):
        phone = running.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, locale="vi-VN"
        )
        page = phone.new_page()
        with app.app_context():
            code = scenes.enrolment(fair, DeviceRole.GATE, station)
        page.goto(f"/enrol#{code}")
        page.get_by_role("button", name="Gắn máy").click()
        expect(page.locator("#enrolled")).to_contain_text(station)
        page.get_by_role("link", name="Bắt đầu").click()
        expect(page.locator("#network")).to_have_text("Có mạng")
        page.get_by_role("button", name="Bắt đầu quét").click()
        expect(page.locator("#verdict-word")).to_have_text(word)
        expect(page.locator("#verdict-name")).to_have_text(CHUNG)
        if station == "Cổng 1":
            expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")
        else:
            expect(page.locator("#verdict-text")).to_have_text(re.compile(r"^Lần đầu lúc \d+:\d\d, Cổng 1\.$"))
        phone.close()
    with app.app_context():
        assert len(db.session.scalars(select(Admission.person_id)).all()) == 3


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_the_public_pages_of_a_published_programme(fair: Scene, visit: Visit, javascript: bool) -> None:
    family = visit("phone", "cong-chung", java_script_enabled=javascript)
    family.go("/").hold("trang-dau", dark=javascript)
    family.go("/programme").hold("chuong-trinh")
    for name in HOUSEHOLDS:
        expect(family.page.locator("main")).to_contain_text(name)
    family.go("/results").hold("ket-qua")


def test_a_pass_said_to_be_kept_opens_without_network(app: Flask, fair: Scene, visit: Visit) -> None:
    with app.app_context():
        family = db.session.scalars(select(Family).where(Family.name == CHUNG)).one()
        code = link_code(family)
    phone = visit("phone", "mat-mang")
    phone.page.goto(f"/g/{code}")
    # No pause in between: the sentence must not be there before it is true.
    phone.page.locator("[data-kept]:not([hidden])").wait_for()
    with phone.expecting("ERR_INTERNET_DISCONNECTED", "Failed to load resource"):
        phone.page.context.set_offline(True)
        phone.page.goto("/family")
        expect(phone.page.locator(".pass-name")).to_have_text(CHUNG)
        phone.page.goto("/family/registration")
        expect(phone.page.locator("main")).to_contain_text("không có mạng")
