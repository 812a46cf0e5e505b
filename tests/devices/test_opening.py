"""A browser that never answers when a page opens what it keeps: is it said in a sentence, or the other copy used?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.checkin.test_gate_app import HOA
from tests.devices.kit import Fair, enrolment, open_fair
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.either_database, pytest.mark.long]
SENTENCE = "Trình duyệt chưa mở được dữ liệu trên máy. Tải lại trang"
# The opening of this database is asked for and never answered.
NEVER = """(() => {
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (name, ...more) {
    if (name !== "%s") return open.call(this, name, ...more);
    window.asked = true;
    return {};
  };
})()"""
NO_BUCKET = "StorageBucketManager.prototype.open = () => { window.asked = true; return new Promise(() => {}); }"
# The second copy takes what is written from now on, and never ends it.
STUCK = """(() => {
  const { open } = IDBFactory.prototype, { transaction } = IDBDatabase.prototype, second = new WeakSet();
  IDBFactory.prototype.open = function (...given) {
    const asked = open.apply(this, given);
    if (this !== indexedDB) asked.addEventListener("success", () => second.add(asked.result));
    return asked;
  };
  IDBDatabase.prototype.transaction = function (...given) {
    return window.stuck && second.has(this) ? { objectStore: () => ({ get: () => ({}) }) } : transaction.apply(this, given);
  };
})()"""
# How many entries the second copy holds.
IN_SECOND = """async () => {
  const bucket = window.bucket = await navigator.storageBuckets.open("festival-twin", { durability: "strict" });
  const end = (asked) => new Promise((go, stop) => { asked.onsuccess = () => go(asked.result); asked.onerror = stop; });
  const tx = (await end(bucket.indexedDB.open("festival-device"))).transaction(["outbox", "archive"]);
  const held = await Promise.all(["outbox", "archive"].map((name) => end(tx.objectStore(name).count())));
  return held[0] + held[1];
}"""
# Longer than one opening may take (static/js/device/opening.js), and than a page waits for all (able.js).
ONE_MS, ALL_MS = 9_000, 31_000


@pytest.fixture
def phone(browser, live_server) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=live_server.url, locale="vi-VN", service_workers="block")
    yield made
    made.close()


def enrolled(phone: BrowserContext, app: Flask) -> Fair:
    fair, page = open_fair(app), phone.new_page()
    page.goto(f"/enrol#{enrolment(app, fair)}")
    page.get_by_role("button", name="Gắn máy").click()
    expect(page.locator("#enrolled")).to_contain_text("Cổng 1")
    page.get_by_role("link", name="Bắt đầu").click()
    expect(page.locator("#age")).to_contain_text("4 thẻ")
    page.close()
    return fair


def opened(phone: BrowserContext, address: str, script: str, wait_ms: int = ONE_MS) -> Page:
    """The page, and more time gone by than it waits.

    The clock jumps only when the page has asked: what it opened before must have had its time on a slow machine.
    """
    page = phone.new_page()
    page.add_init_script(script)
    page.clock.install()
    page.goto(address)
    wait_until(lambda: page.evaluate("window.asked"), "the page's asking")
    page.clock.fast_forward(wait_ms)
    return page


def test_a_page_whose_store_never_opens_says_so(phone: BrowserContext) -> None:
    for address in (
        "/enrol",
        "/gate",
        "/desk",
        "/shift",
        "/judge",
        "/ground",
        "/stage",
        "/activate",
        "/lost",
        "/missing",
    ):
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


def lets_in(page: Page, code: str) -> None:
    page.locator("#open-by-hand").click()
    page.locator("#by-hand-code").fill(code)
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.get_by_role("button", name="Ghi 2 người").click()


def test_a_gate_writes_on_after_the_browser_has_collected_what_nobody_holds(app: Flask, phone: BrowserContext) -> None:
    fair = enrolled(phone, app)
    page = phone.new_page()
    page.goto("/gate")
    expect(page.locator("#network")).to_have_text("Có mạng")
    memory = phone.new_cdp_session(page)
    for _time in range(3):
        memory.send("HeapProfiler.collectGarbage")
    lets_in(page, fair.codes[HOA])
    expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")
    assert page.evaluate(IN_SECOND) == 1


def test_a_gate_whose_second_copy_stops_answering_goes_on_with_the_first(app: Flask, phone: BrowserContext) -> None:
    fair = enrolled(phone, app)
    page = phone.new_page()
    page.add_init_script(STUCK)
    page.goto("/gate")
    expect(page.locator("#network")).to_have_text("Có mạng")
    page.evaluate("window.stuck = true")
    lets_in(page, fair.codes[HOA])
    expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")
