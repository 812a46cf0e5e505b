"""Points of a delegation in the browser: typed, read back with both orders, recorded, taken back with a reason."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.harness.looks import fits
from tests.harness.served import Served
from tests.results.test_amended_in_the_browser import seated
from tests.results.whole_cast import lock_all, whole_cast

pytestmark = pytest.mark.either_database


def test_points_are_given_by_a_document_and_taken_back(app: Flask, live_server: Served, browser: Browser) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
    desk = seated(app, browser, live_server, panel.users["organiser"])
    desk.goto("/whole-delegation")
    desk.get_by_role("link", name="Điểm cộng, trừ").click()
    expect(desk.get_by_text("Chưa cộng, trừ điểm đoàn nào")).to_be_visible()
    desk.get_by_label("Đoàn", exact=True).select_option("Đoàn huyện Số 2")
    desk.get_by_label("Cộng hay trừ").select_option("Cộng điểm")
    desk.get_by_label("Số điểm").fill("4")
    desk.get_by_label("Lý do").fill("đoàn đông nhất")
    desk.get_by_label("Số văn bản").fill("15/QĐ-BTC")
    desk.get_by_label("Ngày văn bản").fill("14/6/2024")
    fits(desk, "points-form")
    desk.get_by_role("button", name="Đọc lại").click()
    row = desk.get_by_role("row").filter(has_text="Đoàn huyện Số 2")
    expect(row).to_contain_text("đổi")
    expect(row.get_by_role("cell")).to_have_text(["3", "1", "26", "30", "Khuyến khích", "Nhất"])
    fits(desk, "points-read-back")
    desk.get_by_role("button", name="Quay lại sửa").click()
    expect(desk.get_by_label("Số văn bản")).to_have_value("15/QĐ-BTC")
    desk.get_by_role("button", name="Đọc lại").click()
    desk.get_by_role("button", name="Đúng, ghi điểm này").click()
    expect(desk.get_by_text("Đã ghi, bảng toàn đoàn đã tính lại.")).to_be_visible()
    desk.goto("/whole-delegation")
    expect(desk.get_by_role("row").filter(has_text="Đoàn huyện Số 2")).to_contain_text("Cộng 4 điểm: đoàn đông nhất")
    fits(desk, "points-whole")
    desk.goto("/whole-delegation/points")
    desk.get_by_label("Lý do bỏ").fill("ghi nhầm đoàn")
    desk.get_by_role("button", name="Bỏ điểm này").click()
    expect(desk.get_by_text("Đã bỏ, bảng toàn đoàn tính lại.")).to_be_visible()
    fits(desk, "points-taken-back")
