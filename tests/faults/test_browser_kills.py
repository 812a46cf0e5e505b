"""Is what the phone called "đã lưu trên máy" still on it after its browser was killed with -9?

A gate page of the real program writes scan after scan and names each one the moment `append` says it is stored; the
browser dies at a random moment, is started again on the same folder, and the outbox is read. Long form: `make faults`
(BROWSER_KILLS=200 for the published figure). The negative control names a scan before `append` has finished: the same
harness must catch it.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Error, Page, Playwright, expect

from tests.devices.kit import enrolment, open_fair
from tests.harness.browser import SWITCHES, find_chromium
from tests.harness.served import Served

BROWSER_KILLS = int(os.environ.get("BROWSER_KILLS", "200"))
SEED = 20240614
PATIENCE_S = 60

# `hasty` names the scan when it is begun, the real one when it is stored.
WRITE = """async (hasty) => {
  const base = document.querySelector('script[src$="/gate/app.js"]').src;
  const { append } = await import(new URL("../device/outbox.js", base));
  const body = { pass: "ab".repeat(16), persons: null, purpose: "entry", how: "camera" };
  const say = (seq) => console.log(`stored ${seq}`);
  const { seq: first } = await append({ kind: "scan", subject: "x", body });
  say(first);
  for (let next = first + 1; ; next++) {
    if (hasty) { for (let n = 0; n < 20; n++) { say(next + n); append({ kind: "scan", subject: "x", body }); } next += 19; }
    else say((await append({ kind: "scan", subject: "x", body })).seq);
    await new Promise((go) => setTimeout(go, hasty ? 20 : 0));
  }
}"""
# So many and no more.
WRITE_SOME = """async (many) => {
  const base = document.querySelector('script[src$="/gate/app.js"]').src;
  const { append } = await import(new URL("../device/outbox.js", base));
  const body = { pass: "ab".repeat(16), persons: null, purpose: "entry", how: "camera" };
  for (let n = 0; n < many; n++) await append({ kind: "scan", subject: "x", body });
}"""
READ = """async () => {
  const base = document.querySelector('script[src$="/gate/app.js"]').src;
  const { entries } = await import(new URL("../device/outbox.js", base));
  return (await entries()).map((entry) => entry.seq).sort((a, b) => a - b);
}"""


@dataclass
class Phone:
    """A browser on one folder that is started and killed again and again."""

    folder: Path
    driver: Playwright
    named: set[int] = field(default_factory=set)

    @contextmanager
    def on(self) -> Iterator[tuple[Page, subprocess.Popen[bytes]]]:
        """A tab of the freshly started browser, and its process; it does not survive the block."""
        port_file = self.folder / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        command = [find_chromium(), "--headless", *SWITCHES, "--remote-debugging-port=0"]
        process = subprocess.Popen(
            [*command, f"--user-data-dir={self.folder}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            deadline = time.monotonic() + PATIENCE_S
            while not port_file.is_file() or not (said := port_file.read_text().split()):
                assert time.monotonic() < deadline and process.poll() is None, "the browser did not start"
                time.sleep(0.02)
            running = self.driver.chromium.connect_over_cdp(f"http://127.0.0.1:{said[0]}")
            yield running.contexts[0].new_page(), process
        finally:
            # Its own session: nothing but this browser and what it started.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def hear(self, page: Page) -> None:
        """Note what the page calls stored."""
        page.on("console", lambda line: self._note(line.text))

    def _note(self, text: str) -> None:
        word, _, number = text.partition(" ")
        if word == "stored":
            self.named.add(int(number))


def lost_after_kills(
    app: Flask, server: Served, driver: Playwright, folder: Path, kills: int, *, hasty: bool
) -> tuple[int, int]:
    """(scans named as stored, those of them that are not there)."""
    luck = random.Random(SEED)
    phone = Phone(folder, driver)
    with phone.on() as (page, _):
        enrol(page, app, server)
    gone: set[int] = set()
    for kill in range(kills + 1):
        with phone.on() as (page, process):
            gate(page, server)
            gone |= phone.named - set(page.evaluate(READ))
            if kill == kills:
                break
            phone.hear(page)
            before = len(phone.named)
            page.evaluate(f"({WRITE})({'true' if hasty else 'false'}).catch(() => {{}}); 0")
            deadline = time.monotonic() + PATIENCE_S
            while len(phone.named) == before:
                assert time.monotonic() < deadline, "the page never stored anything"
                page.wait_for_timeout(5)
            page.wait_for_timeout(luck.uniform(0, 400))
            os.killpg(process.pid, signal.SIGKILL)
            drain(page)
    return len(phone.named), len(gone)


def enrol(page: Page, app: Flask, server: Served) -> None:
    page.goto(f"{server.url}/enrol#{enrolment(app, open_fair(app))}")
    page.get_by_role("button", name="Gắn máy").click()
    expect(page.locator("#enrolled")).to_contain_text("Cổng 1", timeout=PATIENCE_S * 1000)


def gate(page: Page, server: Served) -> None:
    """The gate page; what it writes stays on the phone, so that all of it is read back from there."""
    page.route("**/api/v1/sync", lambda route: route.fulfill(status=503, json={}))
    page.goto(f"{server.url}/gate")
    expect(page.locator("#age")).to_contain_text("4 thẻ", timeout=PATIENCE_S * 1000)


def drain(page: Page) -> None:
    """Hear what was said before the end."""
    try:
        page.wait_for_timeout(200)
    except Error:
        return


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The phone's disk."""
    yield tmp_path / "phone"
    shutil.rmtree(tmp_path / "phone", ignore_errors=True)


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The phone's promise does not depend on the server's database: once is enough."""
    shutil.copyfile(sqlite_template, tmp_path / "festival.sqlite3")
    return f"sqlite:///{tmp_path / 'festival.sqlite3'}"


def test_what_is_called_stored_survives_the_browser(app, live_server, playwright_driver, folder):
    named, gone = lost_after_kills(app, live_server, playwright_driver, folder, 2, hasty=False)
    assert gone == 0 and named >= 2


def test_a_page_that_speaks_too_early_is_caught(app, live_server, playwright_driver, folder):
    _named, gone = lost_after_kills(app, live_server, playwright_driver, folder, 2, hasty=True)
    assert gone > 0


# Where the browser keeps the phone's first copy, and the second (static/js/device/twin.js).
FIRST, SECOND = "Default/IndexedDB/*/*.log", "Default/WebStorage/*/IndexedDB/*/*.log"


def tear(folder: Path, *copies: str) -> None:
    """As a kill in the middle of a write leaves a log: the head of a record of 288 bytes that never came.

    The browser goes on writing behind it, and throws the whole copy away when it reads that log again.
    """
    for copy in copies:
        [log] = folder.glob(copy)
        with log.open("ab") as end:
            end.write(bytes.fromhex("01020304200101"))


def test_a_copy_the_browser_throws_away_is_made_good_from_the_other(app, live_server, playwright_driver, folder):
    phone = Phone(folder, playwright_driver)
    with phone.on() as (page, _):
        enrol(page, app, live_server)
        gate(page, live_server)
        page.evaluate(WRITE_SOME, 2)
    tear(folder, FIRST)
    with phone.on() as (page, _):
        gate(page, live_server)
        page.evaluate(WRITE_SOME, 2)
    with phone.on() as (page, _):
        gate(page, live_server)
        assert page.evaluate(READ) == [1, 2, 3, 4]
        expect(page.locator("#device-notice")).to_contain_text("lấy lại từ bản lưu thứ hai")
        page.evaluate(WRITE_SOME, 1)
    # what no kill does: then it is said, and the phone is not told that it never was one
    tear(folder, FIRST, SECOND)
    with phone.on() as (page, _):
        gate(page, live_server)
        assert page.evaluate(READ) == [1, 2, 3, 4, 5]
        page.evaluate(WRITE_SOME, 1)
    with phone.on() as (page, _):
        page.goto(f"{live_server.url}/gate")
        expect(page.locator("#turned-away")).to_contain_text("Máy này trước là máy 1", timeout=PATIENCE_S * 1000)


@pytest.mark.faults
def test_what_is_called_stored_survives_many_kills(app, live_server, playwright_driver, folder):
    named, gone = lost_after_kills(app, live_server, playwright_driver, folder, BROWSER_KILLS, hasty=False)
    print(f"\nbrowser: {BROWSER_KILLS} kills, {named} called stored, {gone} lost")
    assert gone == 0
