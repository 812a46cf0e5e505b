"""From the signature to the announcement in the browser: taken, announced, withdrawn with a reason; what the public page says."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.harness.looks import fits
from tests.harness.served import Served
from tests.results.cut_cast import rounds, signed
from tests.results.test_amended_in_the_browser import seated

pytestmark = pytest.mark.either_database


def test_who_goes_on_is_taken_and_announced(app: Flask, live_server: Served, browser: Browser) -> None:
    with app.app_context():
        panel = rounds(weight=30_000)
        signed(panel)
    desk = seated(app, browser, live_server, panel.users["organiser"])
    outside = seated(app, browser, live_server, None)
    desk.goto("/panel/tai-nang")
    desk.get_by_role("link", name="Vào vòng sau").click()
    expect(desk.get_by_role("button", name="Lấy vào vòng sau")).to_be_visible()
    fits(desk, "before")
    desk.get_by_role("button", name="Lấy vào vòng sau").click()
    expect(desk.get_by_text("Đã lấy vào vòng sau, chưa báo ai.")).to_be_visible()
    fits(desk, "taken")
    desk.get_by_text("Báo ai vào vòng sau", exact=True).click()
    desk.get_by_role("button", name="Báo", exact=True).click()
    expect(desk.get_by_text("Đã báo lúc")).to_be_visible()
    fits(desk, "announced")
    for code in ("tai-nang", "chung-ket"):
        outside.goto(f"/contests/{code}")
        expect(outside.get_by_role("heading", name="Vào «Chung kết tài năng»")).to_be_visible()
        expect(outside.locator("main")).to_contain_text("Danh Chung 1")
        expect(outside.locator("main")).not_to_contain_text("Danh Chung 2")
    fits(outside, "public")
    desk.get_by_text("Rút lời báo", exact=True).first.click()
    desk.get_by_label("Lý do").fill("chưa đến giờ")
    desk.get_by_role("button", name="Rút lời báo", exact=True).click()
    expect(desk.get_by_text("Đã lấy vào vòng sau, chưa báo ai.")).to_be_visible()
    fits(desk, "withdrawn")
