"""In a real browser: an organiser types a draw by keyboard, reads it back, two delegations swap, the meeting's minutes are printed."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.core.transaction import transaction
from festival.schedule.sessions import add_session
from tests.harness.looks import shots
from tests.harness.served import Served
from tests.house import reach
from tests.schedule.test_programme import Ids, at, ids, inside, sessions

pytestmark = pytest.mark.either_database

__all__ = ["ids", "inside", "sessions"]  # fixtures


def test_organiser_draws_by_keyboard_notes_a_swap_and_prints_the_minutes(
    app: Flask, sessions: Ids, context: BrowserContext, page: Page, live_server: Served
) -> None:
    with transaction():
        token = open_sign_in(create_user("btc", "Ban Tổ chức", "", [Role.ORGANISER]).id, 3).token
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/office/schedule/tai-nang/draw")
    page.locator(".draw-number").first.focus()
    for number in (3, 1, 2, 7, 6, 5, 4):
        page.keyboard.type(str(number))
        page.keyboard.press("Enter")
    expect(page.locator("[data-draw-board] li.drawn")).to_have_count(0)  # Enter in the last one has sent the form
    expect(page.get_by_text("Đọc lại cho các trưởng đoàn nghe")).to_be_visible()
    page.get_by_role("button", name="Xác nhận thứ tự này").click()
    expect(page.locator(".draw-board li").first).to_contain_text("Gia đình 2")
    page.get_by_text("Hai đoàn đổi số cho nhau").click()
    page.get_by_label("Tiết mục thứ nhất").select_option(label="1. Gia đình 2")
    page.get_by_label("Trưởng đoàn thứ nhất đồng ý").fill("Danh Văn Một")
    page.get_by_label("Tiết mục thứ hai").select_option(label="3. Gia đình 1")
    page.get_by_label("Trưởng đoàn thứ hai đồng ý").fill("Thị Hai")
    page.get_by_label("Lý do, ghi vào sổ").first.fill("đoàn đi xe khách đến muộn")
    page.get_by_role("button", name="Ghi hai đoàn đổi số").click()
    expect(
        page.get_by_text("«Gia đình 2» và «Gia đình 1» đổi số cho nhau; Danh Văn Một và Thị Hai đồng ý.")
    ).to_be_visible()
    page.get_by_text("Xếp giờ ráp sân khấu").click()
    page.get_by_label("Sân khấu").select_option("hoi-truong")
    page.get_by_label("Ngày", exact=True).fill("27/6/2024")
    page.get_by_label("Từ giờ").fill("8 giờ")
    page.get_by_label("Số phút mỗi đoàn").fill("10")
    page.get_by_label("Số phút mỗi đoàn").press("Enter")
    expect(page.get_by_text("Đã xếp giờ ráp sân khấu.")).to_be_visible()
    assert reach.everything(page) == []
    shots(page, "draw")
    reach.follow(page.get_by_role("link", name="Biên bản bốc thăm, in danh sách"))
    shots(page, "draws")
    page.get_by_role("link", name="Ghi cuộc họp bốc thăm").click()
    page.get_by_label("Người chủ trì").fill("Nguyễn Văn Chủ")
    page.get_by_label("Thư ký").fill("Trần Thị Thư")
    for number in range(1, 7):
        page.get_by_label(f"Có mặt, Đoàn {number}").check()
        page.get_by_label(f"Người dự thay mặt Đoàn {number}").fill(f"Danh Thị {'ABCDEF'[number - 1]}")
    page.get_by_role("button", name="Lưu cuộc họp").click()
    # a delegation is absent: nothing typed is gone
    expect(page.locator("#refused")).to_contain_text("hai người chứng kiến")
    page.get_by_label("Người chứng kiến thứ nhất").fill("Lê Văn Một")
    page.get_by_label("Người chứng kiến thứ hai").fill("Phạm Thị Hai")
    page.get_by_role("button", name="Lưu cuộc họp").click()
    page.get_by_role("button", name="In biên bản để ký").click()
    expect(page.get_by_role("link", name="Mở tờ PDF để in")).to_be_visible()
    assert reach.everything(page) == []
    shots(page, "meeting")


def test_the_wall_fills_session_by_session_while_it_is_typed(
    app: Flask, sessions: Ids, context: BrowserContext, page: Page, live_server: Served
) -> None:
    with transaction():
        token = open_sign_in(create_user("btc", "Ban Tổ chức", "", [Role.ORGANISER]).id, 3).token
        add_session(sessions.stages[0], sessions.talent, at(14), at(16), "buổi chiều")
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/office/schedule/tai-nang/draw?by=session")
    morning, evening = page.get_by_role("region", name="buổi sáng"), page.get_by_role("region", name="buổi chiều")
    for number in (1, 2, 3):
        page.get_by_label(f"Buổi của Gia đình {number}").select_option(label="buổi sáng (07:30, 28/6)")
    page.get_by_label("Buổi của Gia đình 4").select_option(label="buổi chiều (14:00, 28/6)")
    expect(morning.locator("li")).to_have_count(3)
    expect(morning.get_by_text("Chờ số: Gia đình 1, Gia đình 2, Gia đình 3")).to_be_visible()
    page.locator(".draw-number").first.fill("2")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Buổi của Gia đình 2")).to_be_focused()
    page.locator(".draw-number").nth(1).fill("1")
    page.locator(".draw-number").nth(3).fill("2")
    expect(morning.locator("li").first).to_contain_text("Gia đình 2")
    expect(morning.locator("li.drawn")).to_have_count(2)
    expect(evening.locator("li.drawn")).to_have_count(0)  # there is no number 2 where one has drawn the session
    expect(page.locator(".draw-number").nth(3)).to_have_attribute("aria-invalid", "true")
    assert reach.everything(page) == []
    shots(page, "draw-sessions")
