"""In a real browser: on a phone and by keyboard an organiser types a line, makes the report, fetches it, takes it back and uses it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.ceremony.report import versions
from festival.core.transaction import transaction
from tests.accounts.kit import make_user
from tests.harness.looks import fits
from tests.harness.served import Served
from tests.house import reach


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


def shot(page: Page, name: str) -> None:
    """Nothing stands out at the side, at no width; nothing grave by ear."""
    fits(page, name)
    assert reach.names(page) + reach.axe(page) == [], name


def test_the_report_of_the_evening(app: Flask, browser: Browser, live_server: Served) -> None:
    user_id = make_user(app, "bc")
    with app.app_context(), transaction():
        token = open_sign_in(user_id, 8).token
    with browser.new_context(viewport={"width": 360, "height": 740}, base_url=live_server.url) as office:
        office.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
        page = office.new_page()
        page.goto("/office/report")
        expect(page.get_by_role("img", name="Lứa tuổi và giới")).to_be_visible()
        shot(page, "report")
        reach.follow(page.get_by_role("link", name="Danh sách sau từng số, Lứa tuổi theo đơn vị"))
        shot(page, "table")
        page.get_by_role("link", name="Cộng, 16–59 tuổi").click()
        expect(page.get_by_role("link", name="Trang sau")).to_be_visible()
        shot(page, "list")
        page.goto("/office/report/typed/money")
        page.get_by_label("Nội dung").fill("Thuê sân khấu, âm thanh, ánh sáng")
        page.reload()  # what was typed is still there
        expect(page.get_by_label("Nội dung")).to_have_value("Thuê sân khấu, âm thanh, ánh sáng")
        page.get_by_label("Số tiền").fill("nhiều")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Số tiền ghi bằng đồng, như 12.500.000.")).to_be_visible()
        page.get_by_label("Số tiền").fill("45.000.000")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Bốn mươi lăm triệu đồng")).to_be_visible()
        shot(page, "money")
        page.goto("/office/report")
        page.get_by_role("button", name="Lập bản báo cáo").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Đang làm tệp.")).to_be_visible()
        with app.app_context():
            versions.draw_waiting()
        expect(page.get_by_role("link", name="DOCX")).to_be_visible()
        shot(page, "version")
        with page.expect_download() as fetched:
            page.get_by_role("link", name="PDF").click()
        assert Path(fetched.value.path()).read_bytes().startswith(b"%PDF-")
        page.get_by_text("Thu hồi bản này").click()
        page.get_by_label("Lý do").fill("làm thử")
        page.get_by_role("button", name="Thu hồi", exact=True).click()
        expect(page.get_by_text("Bản này đã thu hồi")).to_be_visible()
        page.get_by_role("button", name="Dùng lại bản này").click()
        expect(page.get_by_text("Bản 1 dùng lại như trước.")).to_be_visible()
