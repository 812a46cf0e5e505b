"""Does a tab that has written something believe it is stored when another tab has already delivered and filed it?"""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import BrowserContext

from tests.devices.kit import enrolment, open_fair

FILED_AT_ONCE = """async () => {
  const base = document.querySelector('script[src*="gate/app.js"]').src;
  const { open, append, entries } = await import(base.replace("gate/app.js", "device/outbox.js"));
  const { file } = await import(base.replace("gate/app.js", "device/archive.js"));
  await open();
  let filed = null;
  // writes take turns: the one that is on its way goes on when the other tab's has ended
  const request = navigator.locks.request.bind(navigator.locks);
  navigator.locks.request = async (...given) => {
    const before = !filed, value = await request(...given);
    if (before && given[0] === "festival-store") await filed;
    return value;
  };
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (entry) {
    IDBObjectStore.prototype.add = add;
    const asked = add.call(this, entry);
    // as the other tab does it: its transaction comes before the one that reads back
    filed = file([[entry, { mid: entry.mid, verdict: "applied", detail: {}, ledger: null }]], []);
    return asked;
  };
  const written = await append({ kind: "scan", subject: "s", body: { pass: "ab".repeat(16), decision: "turned_away" } });
  return [written.seq, (await entries()).map((entry) => [entry.seq, entry.level])];
}"""


def test_what_is_filed_before_it_is_read_back_is_stored(app: Flask, context: BrowserContext) -> None:
    fair = open_fair(app)
    page = context.new_page()
    page.goto(f"/enrol#{enrolment(app, fair)}")
    page.get_by_role("button", name="Gắn máy").click()
    page.get_by_role("link", name="Bắt đầu").click()
    page.wait_for_url("**/gate")
    assert page.evaluate(FILED_AT_ONCE) == [1, [[1, "received"]]]
