"""In a real browser, on a phone and by keyboard: an organiser writes down what the timetable has to keep, errs, plans, takes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.core.transaction import transaction
from tests.harness.looks import sound
from tests.harness.served import Served
from tests.house import reach
from tests.schedule.test_programme import Ids, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned

__all__ = ["ids", "inside", "planned", "sessions"]  # fixtures

pytestmark = pytest.mark.either_database


def test_an_organiser_writes_down_what_is_to_be_kept_by_keyboard(
    planned: Ids, context: BrowserContext, page: Page, live_server: Served
) -> None:
    with transaction():
        organiser = create_user("btc", "Ban Tổ chức", "", [Role.ORGANISER]).id
        token = open_sign_in(organiser, 3).token
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page.goto("/office/schedule")
    reach.follow(page.get_by_role("link", name="Điều cần giữ khi xếp lịch"))
    sound(page, "wishes-empty")
    page.locator("summary", has_text="Ai vắng mặt").press("Enter")
    page.get_by_label("Ai vắng mặt").fill("Bà Tư")
    page.get_by_label("Từ giờ").first.fill("7:30")
    page.get_by_label("Đến giờ").first.fill("8 giờ 30")
    page.get_by_role("button", name="Ghi vắng mặt").press("Enter")
    expect(page.get_by_text("Không thấy ai khớp «Bà Tư»")).to_be_visible()
    expect(page.get_by_label("Đến giờ").first).to_have_value("8 giờ 30")
    page.get_by_label("Ai vắng mặt").fill("Gia đình 1")
    page.get_by_role("button", name="Ghi vắng mặt").press("Enter")
    row = page.get_by_role("row", name="«Gia đình 1» vắng mặt từ 7 giờ 30 đến 8 giờ 30 ngày 28/6")
    expect(row).to_be_visible()
    page.locator("summary", has_text="Giờ nghỉ").press("Enter")
    page.get_by_label("Tên giờ nghỉ").fill("Nghỉ giữa buổi")
    page.locator("#pause-from").fill("8:30")
    page.locator("#pause-until").fill("8:45")
    reach.follow(page.get_by_role("button", name="Ghi giờ nghỉ"))
    sound(page, "wishes-broken")
    reach.follow(row.get_by_role("link"))
    sound(page, "wish-one")
    page.get_by_label("Đến giờ").fill("8:00")
    reach.follow(page.get_by_role("button", name="Ghi lại"))
    page.goto("/office/schedule")
    page.get_by_text("Xếp lịch tự động").first.press("Enter")
    page.get_by_role("button", name="Xếp lịch", exact=True).press("Enter")
    expect(page.get_by_text("không ai phải ở hai nơi cùng lúc").first).to_be_visible()
    page.goto("/office/schedule/wishes")
    expect(page.get_by_text("Lịch đang xếp theo đúng mọi điều đã ghi.")).to_be_visible()
    page.get_by_role("button", name="Rút lại, «Nghỉ giữa buổi»").press("Enter")
    expect(page.get_by_text("Đã rút (1)")).to_be_visible()
    sound(page, "wishes-back")
    page.get_by_role("button", name="Lấy lại, «Nghỉ giữa buổi»").press("Enter")
    expect(page.get_by_text("Đang giữ (2)")).to_be_visible()
    reach.follow(page.locator("#stages").get_by_role("link", name="Sân vận động"))
    sound(page, "takes")
