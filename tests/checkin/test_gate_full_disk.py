"""The disk of the phone is really full (Chromium refuses the write itself): is every reading called stored kept, and the other said?

The quota of one origin is narrowed from outside, as a full disk narrows it; a profile on the disk, for what lies in memory
has no such bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect
from sqlalchemy import func, select

from festival.core.database import db
from festival.core.transaction import reading
from festival.devices.models import Mutation
from tests.checkin import test_gate_worst_hour
from tests.checkin.test_gate_app import CHUNG, PHONE, enrol, held_up
from tests.devices.test_shift_app import BASE
from tests.harness.browser import PATIENCE_MS, SWITCHES, find_chromium
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.either_database, pytest.mark.long]

fair = test_gate_worst_hour.fair
TRIED = 400  # readings of a large bus: more than the reserve and any slack of the browser hold
FILL = f"""async (many) => {{
  const {{ append, counts }} = await import({BASE}.replace("gate/app.js", "device/outbox.js"));
  const persons = () => Array.from({{ length: 1500 }}, () => crypto.randomUUID());
  let written = 0;
  for (; written < many; written++) {{
    const body = {{ pass: "ab".repeat(16), persons: persons(), purpose: "entry", how: "decided", decision: "turned_away" }};
    try {{ await append({{ kind: "scan", subject: body.pass, body }}); }} catch (wrong) {{ if (wrong.name !== "QuotaExceededError") throw wrong; break; }}
  }}
  return [written, (await counts()).saved];
}}"""


@pytest.fixture
def switched_on(playwright_driver: Any, live_server: Any, tmp_path: Any) -> Iterator[Callable[[], BrowserContext]]:
    """A phone that keeps what it stores in a folder; called again it is switched off and on."""
    running: list[BrowserContext] = []

    def start() -> BrowserContext:
        for made in running:
            made.close()
        phone = playwright_driver.chromium.launch_persistent_context(
            tmp_path / "phone", executable_path=find_chromium(), headless=True, args=list(SWITCHES), timeout=PATIENCE_MS,
            base_url=live_server.url, viewport=PHONE, locale="vi-VN",
        )  # fmt: skip
        phone.set_default_timeout(PATIENCE_MS)
        running[:] = [phone]
        return phone

    yield start
    for made in running:
        made.close()


def used(phone: BrowserContext, url: str) -> int:
    """How many bytes the browser counts as stored, the reserve among them."""
    tools = phone.new_cdp_session(phone.new_page())
    return int(tools.send("Storage.getUsageAndQuota", {"origin": url})["usage"])


def narrow(phone: BrowserContext, url: str, bound: int) -> CDPSession:
    """No more than so many bytes may be stored, as long as this is held."""
    tools = phone.new_cdp_session(phone.new_page())
    tools.send("Storage.overrideQuotaForOrigin", {"origin": url, "quotaSize": bound})
    return tools


def written(page: Page) -> tuple[int, int]:
    """How many readings were called stored until one could not be, and how many the phone says lie on it."""
    stored, said = page.evaluate(FILL, TRIED)
    return int(stored), int(said)


def test_a_full_disk_loses_nothing_that_was_called_stored(app, fair, live_server, switched_on):
    phone = switched_on()
    first = phone.new_page()
    enrol(first, app, fair)
    first.evaluate("navigator.serviceWorker.ready.then(() => true)")
    first.reload()  # the shell is kept
    expect(first.locator("#age")).to_contain_text("4 thẻ")
    held = used(phone, live_server.url)
    phone = switched_on()  # a running browser remembers for a while how much room there was
    phone.set_offline(True)
    tools = narrow(phone, live_server.url, held)
    page = phone.new_page()
    page.goto("/gate")
    expect(page.locator("#age")).to_contain_text("4 thẻ")
    stored, said = written(page)
    assert 0 < stored < TRIED and said == stored, "with the reserve, and then no more"
    expect(page.locator("#device-notice")).to_contain_text("Bộ nhớ máy đã đầy")
    held_up(page, fair.codes[CHUNG])
    page.get_by_role("button", name="Ghi 4 người").click()
    expect(page.locator("#verdict-word")).to_have_text("Chưa lưu được trên máy")
    expect(page.locator("#verdict-text")).to_contain_text("Ghi ra giấy và báo trưởng cổng")
    tools.send("Storage.overrideQuotaForOrigin", {"origin": live_server.url})  # somebody has deleted photos
    page.reload()
    expect(page.locator("#age")).to_contain_text("4 thẻ")
    held_up(page, fair.codes[CHUNG])
    page.get_by_role("button", name="Ghi 4 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã lưu trên máy")
    phone.set_offline(False)

    def received() -> int:
        with app.app_context(), reading():
            return db.session.scalar(select(func.count()).select_from(Mutation)) or 0

    wait_until(lambda: received() == stored + 1)
    expect(page.locator("#device-notice")).to_be_hidden()
