"""Does the lead's own phone say who has not come, also without a network?"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from festival.devices.handlers import DeviceRole
from tests.devices.kit import Phone, enrolment, open_fair
from tests.harness.node import run_node_tests
from tests.harness.served import Served

CHUNG, HOA = "Gia đình ông Danh Chung", "Gia đình bà Trương Mỹ Hoa"


def test_who_is_missing_follows_from_the_list() -> None:
    run_node_tests(Path(__file__).with_name("missing.test.mjs"))


@pytest.mark.either_database
def test_the_leads_phone_says_who_is_missing_without_a_network(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    fair = open_fair(app)
    gate = Phone(app.test_client(), enrolment(app, fair))
    gate.send(gate.scan(fair.lists[CHUNG], fair.persons[CHUNG][:3]), gate.scan(fair.lists[HOA]))
    context = browser.new_context(base_url=live_server.url, locale="vi-VN", viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"/enrol#{enrolment(app, fair, DeviceRole.LEAD, 'Trưởng cổng')}")
    page.get_by_role("button", name="Gắn máy").click()
    page.get_by_role("link", name="Bắt đầu").click()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.locator("#open-missing").click()
    expect(page.locator("#missing-said")).to_have_text("5 người chưa đến")
    context.set_offline(True)
    page.reload()
    expect(page.locator("#missing-said")).to_have_text("5 người chưa đến")
    page.locator("#missing-list summary").click()
    expect(page.locator("#missing-list li")).to_have_text(
        [f"{CHUNG}: 1/4 người", "Gia đình ông Nguyễn Hoàng Anh Đức: 3/3 người", "Người đi cùng đoàn: 1/1 người"]
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    context.set_offline(False)
    gate.send(gate.scan(fair.lists[CHUNG], fair.persons[CHUNG][3:]))
    expect(page.locator("#missing-said")).to_have_text("4 người chưa đến")
    context.close()
