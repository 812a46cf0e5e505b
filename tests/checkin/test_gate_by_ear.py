"""Is the gate heard and reached with the keyboard: the verdict, the hits of a search, and no countdown under the hand?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from festival.core.clock import now
from tests.checkin import test_gate_app
from tests.checkin.test_gate_app import CHUNG, enrol, held_up, stored, type_code
from tests.house.reach import everything, held

# What is heard and held does not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
fair, quiet = test_gate_app.fair, test_gate_app.quiet
HAND = "(() => { const at = document.activeElement; return at.id || at.textContent || at.value; })()"


def hand(page: Page) -> str:
    """Where the focus is: the id of the element, or its words."""
    return str(page.evaluate(HAND)).strip()


def stand_still(page: Page) -> None:
    """From here on the page's clock goes only when it is told to."""
    page.clock.pause_at(datetime.fromtimestamp(page.evaluate("Date.now()") / 1000, UTC) + timedelta(seconds=1))


def test_the_verdict_is_heard_and_its_countdown_waits_for_the_hand(app, fair, quiet):
    page = quiet.new_page()
    page.clock.install(time=now())
    enrol(page, app, fair)
    held(page.locator("body"), "gate-start")
    assert everything(page) == []
    stand_still(page)
    heard = page.locator("#said")
    held_up(page, fair.codes[CHUNG])
    expect(heard).to_have_text(
        f"Mời vào. {CHUNG}. Đoàn huyện Hòn Đất. Không đăng hình ảnh. 4 trên 4 người. Tự ghi sau 4 giây. Chạm tên ai chưa đến"
    )
    assert hand(page) == "verdict", "not on a button: there the countdown would not run"
    page.clock.run_for(2_000)
    expect(page.locator("#verdict-time")).to_contain_text("Tự ghi sau 2 giây")
    # a Tab reaches the first person: whatever is held of the verdict, nothing is written down
    page.keyboard.press("Tab")
    expect(heard).to_have_text("Chạm “Ghi” khi đã đúng.")
    page.clock.run_for(60_000)
    assert stored(app) == (0, 0, 0)
    expect(page.locator("#verdict-level")).to_be_empty()
    write = page.get_by_role("button", name=f"Ghi 4 người, {CHUNG}", exact=True)
    expect(page.get_by_role("button", name=f"Bỏ qua, {CHUNG}", exact=True)).to_be_visible()
    write.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#verdict-level")).to_have_text("Đã lưu trên máy")
    assert hand(page) == "Xong", "the button is another one, the place is the same"
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_hidden()
    assert hand(page) == "open-by-hand"
    # without a hand on it the countdown of a pass that was read ends by itself
    held_up(page, "2" + "0" * 42)
    expect(page.locator("#verdict-name")).to_have_text("Gia đình mẫu")
    page.clock.run_for(6_000)
    expect(page.locator("#verdict-level")).to_have_text("Tập thử: không ghi vào đâu")


def test_a_button_that_is_focused_stops_the_countdown_too(app, fair, quiet):
    page = quiet.new_page()
    page.clock.install(time=now())
    enrol(page, app, fair)
    stand_still(page)
    held_up(page, fair.codes[CHUNG])
    page.get_by_role("button", name="Bỏ qua").focus()
    page.clock.run_for(60_000)
    assert stored(app) == (0, 0, 0)
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_hidden()
    # a search tells how many it found, inside the window where the hand is
    type_code(page, "danh chung")
    expect(page.locator("#by-hand-said")).to_have_text("Tìm thấy 1 thẻ. Chọn một.")
    held(page.locator("#by-hand"), "gate-search")
    page.locator("#by-hand-text").fill("khong co ai")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.locator("#by-hand-error")).to_contain_text("Không tìm thấy")
    expect(page.locator("#by-hand-said")).to_be_empty()
    page.locator("#by-hand-text").fill("danh chung")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile(CHUNG)).press("Enter")
    expect(page.locator("#verdict")).to_be_focused()
    expect(page.locator("#verdict-count")).to_have_text("4 trên 4 người")
    page.keyboard.press("Tab")
    held(page.locator("#verdict"), "gate-verdict")
    page.clock.resume()
    assert everything(page) == []
