"""From two tablets to the public page: marks, the lock of two people, minutes, decision, the MC, publication."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.harness.scanned import photo
from tests.harness.served import Served
from tests.harness.waiting import wait_until
from tests.judging.panel_cast import PASSWORD, cast, marks, send
from tests.judging.test_judge_app import enrolled, give, sheets

CONTEST = "/panel/tai-nang"


def desk(browser: Browser, url: str, login: str) -> Page:
    """Somebody at a computer, signed in through the page."""
    page = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900}, locale="vi-VN").new_page()
    page.goto("/sign-in")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
    return page


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


def send_signed_papers(organiser: Page) -> None:
    """By the phone's camera, from the link on the panel page and back."""
    organiser.get_by_role("link", name="Gửi ảnh hoặc bản quét").click()
    for at, kind in enumerate(("minutes", "decision"), start=1):
        sheet = organiser.locator(f"#{kind}")
        sheet.locator("input[type=file]").set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(at * 90)}
        )
        sheet.get_by_role("button", name="Gửi bản đã ký").click()
        expect(organiser.locator(f"#{kind} .sent-page")).to_be_visible()
    organiser.goto(CONTEST)


def test_two_judges_mark_and_the_public_reads_the_prize(app: Flask, live_server: Served, browser: Browser) -> None:
    with app.app_context():
        panel = cast(entries=1)
        send(panel.message("chair", 0, marks(44_000, 44_250)))
    before = public_bytes(app)
    lan = enrolled(app, panel, browser, live_server.url, "lan")
    send_sheet(lan, ("44", "44,25"), ("45", "45"), "tám mươi chín phẩy hai mươi lăm điểm")
    hung = enrolled(app, panel, browser, live_server.url, "hung")
    send_sheet(hung, ("44", "44,5"), ("44", "44,75"), "tám mươi chín phẩy hai mươi lăm điểm")
    assert sheets(app) == [(1, 88_250, False), (1, 89_250, False), (1, 89_250, False)]

    secretary = desk(browser, live_server.url, "thuky")
    secretary.goto(CONTEST)
    secretary.locator("#lock-chair").fill("chair")
    secretary.locator("#lock-chair-password").fill(PASSWORD)
    secretary.locator("#lock-secretary").fill("thuky")
    secretary.locator("#lock-secretary-password").fill(PASSWORD)
    secretary.locator("form[action$='/lock'] button[type=submit]").click()
    expect(secretary.get_by_text("đã khóa điểm").first).to_be_visible()

    chair = desk(browser, live_server.url, "chair")
    chair.goto(CONTEST)
    chair.get_by_role("link", name="Xem và in để ký").click()
    chair.get_by_role("button", name="In để ký").click()
    expect(chair.get_by_role("link", name="Mở tờ đã in (PDF)")).to_be_visible()
    chair.goto(CONTEST)
    chair.locator("form[action$='/sign'] [name=number]").fill("07/BB-BGK")
    chair.locator("form[action$='/sign'] button[type=submit]").click()
    assert public_bytes(app) == before, "nothing of a sealed contest is public before its publication"

    organiser = desk(browser, live_server.url, "btc")
    organiser.goto(CONTEST)
    organiser.locator("form[action$='/decide'] [name=number]").fill("105/QĐ-BTC")
    organiser.locator("form[action$='/decide'] button[type=submit]").click()
    send_signed_papers(organiser)
    expect(organiser.locator("form[action$='/release'] [name=papers_reason]")).to_have_count(0)
    organiser.locator("#release-password").fill(PASSWORD)
    organiser.locator("[name=second]").fill("phobtc")
    organiser.locator("[name=second_password]").fill(PASSWORD)
    organiser.locator("form[action$='/release'] [name=names_reason]").fill("Đối chiếu với căn cước tại bàn tiếp đón")
    organiser.locator("form[action$='/release'] button[type=submit]").click()
    expect(organiser.locator("#publish")).to_be_visible()
    assert public_bytes(app) == before
    organiser.locator("#publish-password").fill(PASSWORD)
    organiser.locator("form[action$='/publish'] button[type=submit]").click()
    expect(organiser.get_by_text("Kết quả đã công bố.")).to_be_visible()

    family = browser.new_context(base_url=live_server.url, viewport={"width": 360, "height": 740}).new_page()
    shown = family.locator("main")

    def published() -> bool:
        family.goto("/results")
        return "Gia đình ông Danh Chung 0" in shown.inner_text()

    wait_until(published, "the page drawn anew: it is from a snapshot of some seconds")
    expect(shown).to_contain_text("Nhất")
    expect(shown).not_to_contain_text("88,917")
    expect(shown).not_to_contain_text("Danh Thị Lan")
