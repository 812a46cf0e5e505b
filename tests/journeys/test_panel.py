"""From two tablets into the ledger, and not a byte further; what comes then is told by tests/ceremony/test_whole_evening.py."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.harness.served import Served
from tests.judging.panel_cast import cast, marks, send
from tests.judging.test_judge_app import enrolled, give, sheets


def send_sheet(tablet: Page, content: tuple[str, str], style: tuple[str, str], words: str) -> None:
    """One sheet by taps; the tablet reads the total back and waits for the server's ledger."""
    tablet.locator(".judge-row", has_text="Danh Chung 0").click()
    give(tablet, "Nội dung", *content)
    give(tablet, "Diễn xuất", *style)
    tablet.get_by_role("button", name="Gửi phiếu").click()
    expect(tablet.get_by_text(words)).to_be_visible()
    expect(tablet.get_by_text("✓ đã vào sổ")).to_be_visible(timeout=20_000)


def public_bytes(app: Flask) -> bytes:
    """What anybody can read of results, without the page's own token."""
    text = app.test_client().get("/results").get_data(as_text=True)
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text).encode()


def test_two_judges_mark_and_the_public_reads_nothing(app: Flask, live_server: Served, browser: Browser) -> None:
    with app.app_context():
        panel = cast(entries=1)
        send(panel.message("chair", 0, marks(44_000, 44_250)))
    before = public_bytes(app)
    lan = enrolled(app, panel, browser, live_server.url, "lan")
    send_sheet(lan, ("44", "44,25"), ("45", "45"), "tám mươi chín phẩy hai mươi lăm điểm")
    hung = enrolled(app, panel, browser, live_server.url, "hung")
    send_sheet(hung, ("44", "44,5"), ("44", "44,75"), "tám mươi chín phẩy hai mươi lăm điểm")
    assert sheets(app) == [(1, 88_250, False), (1, 89_250, False), (1, 89_250, False)]
    assert public_bytes(app) == before, "nothing of a sealed contest is public before its publication"
