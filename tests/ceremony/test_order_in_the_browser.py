"""Does an organiser write the order, name who gives, print a sheet and take a step back, by keyboard and on a phone?"""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.ceremony.order_cast import award_code, with_guests
from tests.ceremony.reveal_cast import evening_cast
from tests.harness.looks import folder, shots
from tests.harness.served import Served
from tests.results.test_amended_in_the_browser import seated

pytestmark = pytest.mark.either_database


def pictures(page: Page, *paths: str) -> None:
    for path in paths if folder() else ():
        page.goto(path)
        shots(page, path.strip("/").replace("/", "-"))


def test_the_order_is_written_and_taken_back_by_keyboard_on_a_phone(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    with app.app_context():
        panel = evening_cast()
        with_guests(panel)
    page = seated(app, browser, live_server, panel.users["organiser"], width=360)
    page.goto("/office/ceremony")
    page.get_by_role("button", name="Lấy các mục thường có, Lễ bế mạc, trao giải").press("Enter")
    expect(page.get_by_text("8 mục, tất cả 124 phút.")).to_be_visible()
    closing = page.locator("#closing .control-order > li")
    closing.nth(1).get_by_role("button", name="Bỏ, Văn nghệ chào mừng").press("Enter")
    expect(page.get_by_text("7 mục, tất cả 109 phút.")).to_be_visible()
    page.get_by_text("Các lần ghi trước, lấy lại được").press("Enter")
    page.get_by_role("button", name="Lấy lại bản này, Lễ bế mạc, trao giải 1").press("Enter")
    expect(page.get_by_text("8 mục, tất cả 124 phút.")).to_be_visible()
    page.goto(f"/office/ceremony/awards/{award_code(app, 'tai-nang/prize/Nhất')}")
    page.get_by_label("Khách mời", exact=False).first.select_option(label="bà Lâm Thị Bình, Giám đốc Sở Văn hóa")
    page.get_by_role("button", name="Thêm người trao").press("Enter")
    expect(page.locator("main section li").first).to_contain_text("bà Lâm Thị Bình")
    page.goto("/mc/guests")
    page.get_by_role("button", name="Vắng, Lâm Thị Bình").press("Enter")
    expect(page.get_by_role("button", name="Có mặt, Lâm Thị Bình")).to_be_visible()
    page.goto(f"/office/ceremony/awards/{award_code(app, 'tai-nang/prize/Nhất')}")
    expect(page.get_by_text("vắng, cần người khác")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    pictures(
        page, "/office/ceremony", "/office/ceremony/items/closing/6", "/office/ceremony/keepsakes", "/office/ceremony/awards",
        f"/office/ceremony/awards/{award_code(app, 'tai-nang/prize/Nhất')}", "/mc/guests", "/mc?step=2",
    )  # fmt: skip
