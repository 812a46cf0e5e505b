"""A browser that never answers when a page opens what it keeps: is it said in a sentence, or the other copy used?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.devices.kit import enrolment, open_fair

pytestmark = [pytest.mark.either_database, pytest.mark.long]
SENTENCE = "Trình duyệt chưa mở được dữ liệu trên máy. Tải lại trang"
# The opening of this database is asked for and never answered.
NEVER = """(() => {
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (name, ...more) { return name === "%s" ? {} : open.call(this, name, ...more); };
})()"""
NO_BUCKET = "StorageBucketManager.prototype.open = () => new Promise(() => {})"
# Longer than one opening may take (static/js/device/opening.js), and than a page waits for all (able.js).
ONE_MS, ALL_MS = 9_000, 31_000


@pytest.fixture
def phone(browser, live_server) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=live_server.url, locale="vi-VN", service_workers="block")
    yield made
    made.close()


def enrolled(phone: BrowserContext, app: Flask) -> None:
    page = phone.new_page()
    page.goto(f"/enrol#{enrolment(app, open_fair(app))}")
    page.get_by_role("button", name="Gắn máy").click()
    expect(page.locator("#enrolled")).to_contain_text("Cổng 1")
    page.get_by_role("link", name="Bắt đầu").click()
    expect(page.locator("#age")).to_contain_text("4 thẻ")
    page.close()


def opened(phone: BrowserContext, address: str, script: str, wait_ms: int = ONE_MS) -> Page:
    """The page, and more time gone by than it waits."""
    page = phone.new_page()
    page.add_init_script(script)
    page.clock.install()
    page.goto(address)
    page.clock.fast_forward(wait_ms)
    return page


def test_a_page_whose_store_never_opens_says_so(phone: BrowserContext) -> None:
    for address in ("/enrol", "/gate", "/desk", "/shift", "/judge", "/ground", "/activate", "/lost", "/missing"):
        page = opened(phone, address, NEVER % "festival-device", ALL_MS)
        expect(page.locator("#main")).to_contain_text(SENTENCE)
        page.close()


def test_a_gate_whose_list_never_opens_says_so(app: Flask, phone: BrowserContext) -> None:
    enrolled(phone, app)
    page = opened(phone, "/gate", NEVER % "festival-gate")
    expect(page.locator("#device-notice")).to_contain_text(SENTENCE)
    expect(page.locator("#device-notice")).to_have_attribute("data-tone", "bad")


def test_a_gate_whose_second_copy_never_opens_goes_on_with_the_first(app: Flask, phone: BrowserContext) -> None:
    enrolled(phone, app)
    page = opened(phone, "/gate", NO_BUCKET)
    expect(page.locator("#age")).to_contain_text("4 thẻ")
    expect(page.get_by_role("button", name="Bắt đầu quét")).to_be_enabled()


def test_a_gate_without_a_reserve_still_sends(app: Flask, phone: BrowserContext) -> None:
    enrolled(phone, app)
    page = opened(phone, "/gate", NEVER % "festival-reserve")
    expect(page.locator("#network")).to_have_text("Có mạng")
