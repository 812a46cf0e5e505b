"""On a real phone: is it handed on by name, does it forget when put away and when the festival is over, does a full one lose nothing?"""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import reading
from festival.devices.models import Device, DeviceShift, Mutation
from tests.devices.kit import enrolment, open_fair
from tests.harness.waiting import wait_until

BASE = """document.querySelector('script[src*="gate/app.js"]').src"""
HELD = f"""async () => (await import({BASE}.replace("app.js", "list-store.js"))).passCount()"""
OVER = f"""async (ago) => {{
  const {{ writeMeta }} = await import({BASE}.replace("gate/app.js", "device/store.js"));
  await writeMeta("forgetAt", Date.now() - ago);
}}"""
# A browser that has no room for another entry until its reserve is deleted.
FULL = """() => {
  const { add, clear } = IDBObjectStore.prototype;
  let full = true;
  IDBObjectStore.prototype.add = function (entry) {
    if (full) throw new DOMException("full", "QuotaExceededError");
    return add.call(this, entry);
  };
  IDBObjectStore.prototype.clear = function () {
    if (this.name === "reserve") full = false;
    return clear.call(this);
  };
  window.fullAgain = () => { full = true; };
}"""
FILL = f"""async (many) => {{
  const {{ append, counts }} = await import({BASE}.replace("gate/app.js", "device/outbox.js"));
  let written = 0;
  for (; written < many; written++) {{
    try {{ await append({{ kind: "scan", subject: "s", body: {{ pass: "ab".repeat(16), decision: "turned_away" }} }}); }} catch (wrong) {{ break; }}
  }}
  return [written, (await counts()).saved];
}}"""


def begin(page: Page, app: Flask) -> None:
    page.goto(f"/enrol#{enrolment(app, open_fair(app))}")
    page.get_by_role("button", name="Gắn máy").click()
    expect(page.locator("#enrolled p").first).to_contain_text("giữ dữ liệu")
    page.get_by_role("link", name="Bắt đầu").click()
    expect(page.locator("#age")).to_contain_text("4 thẻ")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


# What a phone does; what the server makes of it is in test_shifts.py on both databases.
pytestmark = [pytest.mark.either_database, pytest.mark.long]


def test_a_phone_goes_from_hand_to_hand_and_forgets(app: Flask, context: BrowserContext) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    begin(page, app)
    page.reload()
    context.set_offline(True)
    page.get_by_role("link", name="Giao máy").click()
    page.get_by_role("button", name="Nhận máy").click()
    expect(page.locator("#holder-error")).to_have_text("Ghi họ tên người nhận máy.")
    for name in ("Bà Năm", "Anh Tư"):
        page.get_by_label("Người nhận máy").fill(name)
        page.get_by_role("button", name="Nhận máy").click()
        expect(page.locator("#held")).to_contain_text(f"{name} giữ máy")
    page.get_by_role("button", name="Ghi nhầm, trả lại cho Bà Năm").click()
    expect(page.locator("#held")).to_contain_text("Bà Năm giữ máy")
    page.get_by_text("Hết ca, cất máy").click()
    page.get_by_role("button", name="Cất máy", exact=True).click()
    expect(page.locator("#device-notice")).to_contain_text("Máy đang cất")
    assert page.evaluate(HELD) == 0
    context.set_offline(False)

    def said() -> list[str]:
        with app.app_context(), reading():
            return list(db.session.scalars(select(DeviceShift.holder).order_by(DeviceShift.began_at, DeviceShift.id)))

    wait_until(lambda: said() == ["Bà Năm", "Anh Tư", "Bà Năm", ""])
    assert page.evaluate(HELD) == 0, "a phone that lies in a drawer asks for no list"
    page.get_by_role("link", name="Giao máy").click()
    page.get_by_label("Người nhận máy").fill("Chị Sáu")
    page.get_by_role("button", name="Nhận máy").click()
    page.get_by_role("link", name="Về trang làm việc").click()
    expect(page.locator("#age")).to_contain_text("4 thẻ")
    expect(page.locator("#device-notice")).to_be_hidden()

    context.set_offline(True)
    page.evaluate(OVER, 1000)
    page.reload()
    expect(page.locator("#device-notice")).to_contain_text("Ngày hội đã qua")
    assert page.evaluate(HELD) == 0
    context.set_offline(False)
    page.reload()  # the server says that it is not over
    expect(page.locator("#age")).to_contain_text("4 thẻ")

    with app.app_context(), reading():
        kept = db.session.scalar(select(Device.persisted))
    assert kept in (True, False), "the browser's answer has reached the office"


def test_a_full_phone_says_so_and_keeps_what_is_written_then(app: Flask, context: BrowserContext) -> None:
    page = context.new_page()
    begin(page, app)
    expect(page.locator("#device-notice")).to_be_hidden()
    context.set_offline(True)
    page.evaluate(FULL)
    assert page.evaluate(FILL, 10) == [10, 10]
    expect(page.locator("#device-notice")).to_contain_text("Bộ nhớ máy đã đầy")
    page.evaluate("fullAgain()")
    assert page.evaluate(FILL, 10) == [0, 10], "without a reserve the same phone loses what is decided"
    context.set_offline(False)

    def received() -> int:
        with app.app_context(), reading():
            return len(db.session.scalars(select(Mutation.mid)).all())

    wait_until(lambda: received() == 10)
