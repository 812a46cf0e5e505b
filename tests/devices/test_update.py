"""Does a phone change releases whole and at a quiet moment, and does its shell speak the language that was chosen?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from config import ROOT
from tests.devices.kit import enrolment, open_fair
from tests.harness.served import free_port, serve

PHONE = {"width": 360, "height": 740}
PARTS = ("app.py", "config.py", "deploy", "festival", "migrations", "pyproject.toml", "static", "templates")

WORKER = "navigator.serviceWorker.getRegistration('/')"
CACHES = "caches.keys().then((keys) => keys.filter((key) => key.startsWith('festival-release-')))"
UNSENT = """async (waiting) => {
  const { transact } = await import(document.querySelector('script[src*="gate/app.js"]').src.replace("gate/app.js", "device/store.js"));
  await transact(["outbox"], "readwrite", async (tx) => {
    const store = tx.objectStore("outbox");
    if (waiting) store.put({ device: "another", seq: 1, body: {} }); else store.delete(["another", 1]);
  });
}"""


@pytest.fixture
def fair(app):
    return open_fair(app)


@pytest.fixture
def next_release(tmp_path) -> Path:
    """The same program with one script changed."""
    made = tmp_path / "next"
    made.mkdir()
    for name in PARTS:
        whole = ROOT / name
        (shutil.copytree if whole.is_dir() else shutil.copyfile)(whole, made / name)
    with (made / "static" / "js" / "gate" / "app.js").open("a", encoding="utf-8") as script:
        script.write("// the next release\n")
    return made


def gate(page: Page, app, fair) -> None:
    """Enrolled, the shell kept, the page under its worker."""
    page.goto(f"/enrol#{enrolment(app, fair)}")
    page.get_by_role("button", name="Gắn máy").click()
    page.get_by_role("link", name="Bắt đầu").click()
    expect(page.locator("#age")).to_contain_text("4 thẻ")
    assert page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    assert page.evaluate("Boolean(navigator.serviceWorker.controller)")


def release_of(page: Page) -> str:
    """Of which release the page's script is."""
    return page.locator('script[src*="gate/app.js"]').get_attribute("src").split("/")[2]


def look_for_update(page: Page) -> str:
    """Ask for the worker anew; "failed", or "waiting" when a whole new release is installed."""
    return page.evaluate(
        f"""async () => {{
          const held = await {WORKER};
          try {{ await held.update(); }} catch {{ return "failed"; }}
          const next = held.installing ?? held.waiting;
          if (!next) return "none";
          await new Promise((done) => {{
            const look = () => ["installed", "redundant", "activated"].includes(next.state) && done();
            next.addEventListener("statechange", look);
            look();
          }});
          return next.state === "redundant" ? "failed" : "waiting";
        }}"""
    )


@pytest.mark.long
def test_a_release_is_installed_whole_or_not_at_all_and_serves_only_with_an_empty_outbox(
    app, config, fair, browser, next_release, quick_flask
):
    port = free_port()
    phone = browser.new_context(base_url=f"http://127.0.0.1:{port}", viewport=PHONE, locale="vi-VN")
    page = phone.new_page()
    with serve(config, port=port, ready=quick_flask):
        gate(page, app, fair)
        first = release_of(page)
        kept = page.evaluate(CACHES)
        assert len(kept) == 1
    offline = next_release / "templates" / "errors" / "offline.html"
    with serve(config, port=port, root=next_release):
        words = offline.read_text(encoding="utf-8")
        offline.unlink()  # a page that cannot be fetched
        assert look_for_update(page) == "failed"
        assert page.evaluate(CACHES) == kept
        page.reload()
        assert release_of(page) == first
        offline.write_text(words, encoding="utf-8")
        page.evaluate(UNSENT, True)
        assert look_for_update(page) == "waiting"
        assert len(page.evaluate(CACHES)) == 2
        page.evaluate(f"{WORKER}.then((held) => held.waiting.postMessage('take over'))")
        page.wait_for_timeout(7_000)  # the page itself asks every five seconds
        page.reload()
        assert release_of(page) == first
        assert page.evaluate(f"{WORKER}.then((held) => held.waiting !== null)")
        page.get_by_role("button", name="Nhập mã, tìm tên").click()
        page.evaluate(UNSENT, False)
        page.wait_for_timeout(7_000)
        assert release_of(page) == first, "not while somebody is in the middle of something"
        page.get_by_role("button", name="Đóng").click()
        expect(page.locator(f'script[src*="{first}"]')).to_have_count(0)
        expect(page.locator("#age")).to_contain_text("4 thẻ")
        second = release_of(page)
        assert second != first
    page.reload()  # no server at all
    assert release_of(page) == second
    expect(page.locator("#age")).to_contain_text("4 thẻ")
    phone.close()


def test_the_shells_speak_the_chosen_language_without_a_network(app, fair, context, live_server):
    page = context.new_page()
    gate(page, app, fair)
    context.set_offline(True)
    # The shell itself, not what its scripts make of it: this phone is no tablet, and the judge's page sends it away at once.
    context.new_cdp_session(page).send("Emulation.setScriptExecutionDisabled", {"value": True})
    for language, titles in (
        ("vi", ["Cổng điểm danh", "Chấm điểm", "Gắn máy", "Không có mạng"]),
        ("en", ["Check-in gate", "Marking", "Enrol", "No network"]),
    ):
        context.add_cookies([{"name": "lang", "value": language, "url": live_server.url}])
        told = []
        for address in ("/gate", "/judge", "/enrol", "/no-such-page"):
            page.goto(address)
            assert page.locator("html").get_attribute("lang") == language
            told.append(page.title())
        assert told == titles
