"""A list to sign in the browser: made, priced, one line corrected and brought back, printed, received, taken back."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.harness.looks import fits
from tests.harness.served import Served
from tests.judging.panel_cast import cast
from tests.results.test_amended_in_the_browser import seated
from tests.results.test_paying import sessions

pytestmark = pytest.mark.either_database


def test_a_panels_list_from_one_tap_to_the_receipt(app: Flask, live_server: Served, browser: Browser) -> None:
    with app.app_context():
        panel = cast()
        sessions(panel)
    desk = seated(app, browser, live_server, panel.users["organiser"])
    desk.goto("/office/lists")
    fits(desk, "lists-empty")
    desk.get_by_role("button", name="Bồi dưỡng giám khảo, thư ký").click()
    expect(desk.get_by_text("4 dòng chưa có mức chi")).to_be_visible()
    desk.get_by_text("Sửa phần chung: mức chi, thuế, người ký").click()
    for role, rate in (("Trưởng Ban giám khảo", "1.000.000"), ("Giám khảo", "bảy trăm"), ("Thư ký", "400.000")):
        desk.get_by_role("textbox", name=f"{role} (không bắt buộc)", exact=True).fill(rate)
    fits(desk, "lists-common")
    desk.get_by_role("button", name="Ghi phần chung").click()
    expect(desk.get_by_text("Mức chi là số đồng từ 0")).to_be_visible()
    wrong = desk.get_by_role("textbox", name="Giám khảo (không bắt buộc)", exact=True)
    expect(wrong).to_have_value("bảy trăm")
    wrong.fill("700.000")
    desk.get_by_role("button", name="Ghi phần chung").click()
    expect(desk.get_by_text("5.400.000 đồng", exact=True)).to_be_visible()
    desk.get_by_role("link", name="Danh Thị Lan").click()
    desk.get_by_label("Số buổi").fill("1,5")
    desk.get_by_role("button", name="Ghi dòng này").click()
    expect(desk.get_by_text("1.050.000 đồng").first).to_be_visible()
    desk.get_by_text("Trả lại như trước").click()
    desk.get_by_role("button", name="Trả lại", exact=True).click()
    expect(desk.get_by_text("1.400.000 đồng").first).to_be_visible()
    fits(desk, "lists-line")
    desk.get_by_role("link", name="Danh sách nhận tiền bồi dưỡng giám khảo, thư ký").click()
    desk.get_by_role("button", name="In danh sách").click()
    expect(desk.get_by_text("đang dùng")).to_be_visible()
    desk.get_by_text("Ghi đã nhận cho mọi người còn lại").click()
    desk.get_by_label("Người chi").fill("Trần Thị Bé")
    desk.get_by_role("button", name="Ghi 4 dòng đã nhận").click()
    expect(desk.get_by_text("4/4")).to_be_visible()
    fits(desk, "lists-received")
    desk.get_by_role("link", name="Danh Thị Lan").click()
    desk.get_by_text("Bỏ ghi nhận", exact=True).first.click()
    desk.get_by_label("Lý do").fill("chưa đến nhận")
    desk.get_by_role("button", name="Bỏ ghi nhận", exact=True).click()
    expect(desk.get_by_text("Đã bỏ ghi nhận.")).to_be_visible()
    fits(desk, "lists-taken-back")
    desk.goto("/office/lists")
    expect(desk.get_by_text("đã nhận 3/4")).to_be_visible()
    fits(desk, "lists-all")
