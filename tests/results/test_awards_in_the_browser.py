"""The proposal of prizes in a browser: one bound moved, a prize left empty by keyboard, read back, taken back."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.harness.looks import fits
from tests.harness.served import Served
from tests.results.test_amended_in_the_browser import seated
from tests.results.test_awards_decided import AWARDS, locked

pytestmark = pytest.mark.either_database


def test_a_prize_is_left_empty_and_given_again(app: Flask, live_server: Served, browser: Browser) -> None:
    with app.app_context():
        panel = locked()
    desk = seated(app, browser, live_server, panel.users["secretary"])
    desk.goto("/panel/tai-nang")
    desk.get_by_role("link", name="Đề nghị trao giải").click()
    what_if = desk.locator("#what-if")
    what_if.get_by_label("Giải", exact=True).select_option("Nhì")
    what_if.get_by_label("Số giải").select_option("-1")
    what_if.get_by_role("button", name="Xem thử").click()
    expect(what_if).to_contain_text("Nhì → Ba")
    fits(desk, "awards")
    empty = desk.locator("#empty")
    empty.get_by_label("Giải để trống").select_option("Nhất")
    empty.get_by_label("Những hạng của giải ấy").select_option("next")
    empty.get_by_label("Lý do").fill("chưa tiết mục nào xứng")
    empty.get_by_label("Những người quyết định").fill("Nguyễn Thị Chủ")
    empty.get_by_role("button", name="Đọc lại").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Nhì: 3 giải, thể lệ ghi 2")).to_be_visible()
    fits(desk, "awards-read-back")
    desk.get_by_role("button", name="Đúng, ghi quyết định").click()
    expect(desk.get_by_text("Để trống theo quyết định")).to_be_visible()
    back = desk.locator("#back")
    back.get_by_text("Rút lại quyết định này").click()
    back.get_by_label("Lý do").fill("xem lại bảng điểm")
    back.get_by_label("Những người quyết định").fill("Nguyễn Thị Chủ")
    fits(desk, "awards-empty")
    back.get_by_role("button", name="Đọc lại").click()
    desk.get_by_role("button", name="Đúng, ghi quyết định").click()
    expect(desk.get_by_text("Hạng 1, trong 1 giải Nhất.")).to_be_visible()
    assert AWARDS in desk.url
