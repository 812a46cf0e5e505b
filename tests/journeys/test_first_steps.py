"""From an empty database to the rules of a festival, in a real browser, by keyboard alone."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from festival.accounts.first_link import first_link
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading
from festival.editions.models import Festival
from festival.roster.models import Delegation
from tests.journeys.conftest import Visit

TEAMS = [f"Xã số {number}" for number in range(1, 7)]


def reach(page: Page, words: str) -> None:
    """Tab until the control with this name (or the beginning of it) has the focus."""
    for _ in range(90):
        page.keyboard.press("Tab")
        name = page.evaluate(
            """() => { const at = document.activeElement;
                return (at.getAttribute("aria-label") || at.labels?.[0]?.innerText || at.innerText || "").trim(); }"""
        )
        if name.startswith(words):
            return
    raise AssertionError(f"no Tab leads to «{words}»")


def fill(page: Page, words: str, typed: str) -> None:
    reach(page, words)
    page.keyboard.insert_text(typed)


def press(page: Page, words: str, leads_to: str) -> None:
    reach(page, words)
    page.keyboard.press("Enter")
    page.wait_for_url(leads_to)


def link_of(app: Flask) -> str:
    with app.app_context(), reading():
        link = first_link()
    assert link is not None
    return urlsplit(link).path


def test_an_organiser_sets_up_a_festival_by_keyboard_alone(app: Flask, visit: Visit) -> None:
    walker = visit("narrow", "to-chuc")
    page = walker.page
    walker.go("/").hold("trong")
    expect(page.get_by_text("mở liên kết hiện ra lúc khởi động")).to_be_visible()
    walker.go(link_of(app)).hold("lan-dau")
    page.reload()
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.insert_text("Nguyễn Thị Thu Hà")
    fill(page, "Tên đăng nhập", "bantochuc")
    fill(page, "Mật khẩu", "hoa sen đỏ nở")
    fill(page, "Nhập lại mật khẩu", "hoa sen đỏ nở")
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/setup/new")
    expect(page.get_by_text("Nên bật mã điện thoại cho tài khoản này")).to_be_visible()
    walker.hold("buoc-1")
    page.reload()  # the camera took the focus
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.insert_text("Hội thi Gia đình hạnh phúc xã Hòn Đất")
    fill(page, "Ngày khai mạc", "28/6/2026")
    fill(page, "Ngày bế mạc", "27/6/2026")
    fill(page, "Cơ quan tổ chức", "Ủy ban nhân dân xã Hòn Đất")
    with walker.expecting("422"):
        page.keyboard.press("Enter")
        expect(page.locator("#error-summary")).to_be_focused()
        walker.hold("sai-ngay")
        page.reload()
        expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#ends_on-error")).to_contain_text("Ngày bế mạc 27/6/2026 trước ngày khai mạc 28/6/2026")
    reach(page, "Ngày bế mạc")  # its first Tab is the link of the summary
    page.keyboard.press("Enter")
    expect(page.locator("#ends_on")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("28/6/2026")
    # what was typed and not sent outlives a refresh
    with walker.expecting("422"):
        page.reload()
        expect(page.locator("#error-summary")).to_be_focused()
        expect(page.locator("#ends_on")).to_have_value("28/6/2026")
    press(page, "Lưu và sang bước 2", "**/who*")
    fill(page, "Dán danh sách", "\n\n".join([*TEAMS, TEAMS[0]]))
    reach(page, "Xem trước")
    page.keyboard.press("Enter")
    expect(page.locator("#look")).to_be_focused()
    expect(page.locator("#look-head")).to_have_text("Xem trước: thêm 6 đoàn")
    walker.hold("xem-truoc")
    press(page, "Lưu và sang bước 3", "**/contests*")
    press(page, "Dùng bộ này", "**/contests*")
    expect(page.get_by_role("heading", name="phần thi đã chọn")).to_be_visible()
    walker.hold("buoc-3", dark=True)
    page.goto(page.url)
    press(page, "Xong, xem tổng hợp", "**/office/setup/hon-dat-2026*")
    expect(page.get_by_text("Ngày hội hiện hành")).to_be_visible()
    walker.hold("tong-hop")
    for end in ("/what", "/who"):
        walker.go(f"/office/setup/hon-dat-2026{end}").hold(end[1:], dark=True)
    with app.app_context(), reading():
        assert db.session.scalars(select(Festival.organiser)).one() == "Ủy ban nhân dân xã Hòn Đất"
        assert list(db.session.scalars(select(Delegation.name).order_by(Delegation.position))) == TEAMS
        assert len(db.session.scalars(select(Contest.id)).all()) >= 3
