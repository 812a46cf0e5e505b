"""In a real browser: an organiser writes a wish and locks an act, starts the solver, watches, stops, sees the difference, takes it, undoes it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.core.transaction import transaction
from festival.schedule.filling.working import look
from tests.harness.served import Served
from tests.harness.waiting import wait_until
from tests.house import reach
from tests.schedule.test_draft_steps import act_of, stands
from tests.schedule.test_filling import against_each_other, newest, placed_all
from tests.schedule.test_programme import Ids, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned, times
from tests.schedule.test_wish_browser import sound

__all__ = ["ids", "inside", "planned", "sessions"]  # fixtures

pytestmark = pytest.mark.either_database


def seen(page: Page, words: str) -> None:
    """The worker's turns, until the page says so by itself."""

    def reached() -> bool:
        look()
        return page.get_by_text(words).first.is_visible()

    wait_until(reached, words)


def test_an_organiser_lets_the_solver_fill_the_draft(
    planned: Ids, context: BrowserContext, page: Page, live_server: Served
) -> None:
    against_each_other(planned)
    with transaction():
        act_of("bao-bo-1").locked = True
        organiser = create_user("btc", "Ban Tổ chức", "", [Role.ORGANISER]).id
        token = open_sign_in(organiser, 3).token
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/office/schedule/wishes")
    page.locator("summary", has_text="Không trước, xong trước một giờ").press("Enter")
    page.locator("#window-act").fill("tai-nang-2")
    page.locator("#window-from").fill("8:00")
    page.get_by_role("button", name="Ghi giờ đã hẹn").press("Enter")
    expect(page.get_by_text("Lịch đang xếp chưa đổi: xếp lại").first).to_be_visible()
    stood, kept = stands(planned), times(planned.relay)["bao-bo-1"]
    page.goto("/office/schedule")
    reach.follow(page.get_by_role("link", name="Xếp lịch bằng máy"))
    sound(page, "fill-start")
    page.get_by_label("Số phút nghỉ tối thiểu").fill("hai mươi")
    page.get_by_role("button", name="Bắt đầu xếp").press("Enter")
    expect(page.get_by_text("Số phút nghỉ là số từ 0 đến 240.").first).to_be_visible()
    expect(page.get_by_label("Số phút nghỉ tối thiểu")).to_have_value("hai mươi")
    page.get_by_label("Số phút nghỉ tối thiểu").fill("20")
    page.get_by_label("180 giây").check()
    page.get_by_role("button", name="Bắt đầu xếp").press("Enter")
    expect(page.get_by_role("heading", name="Đang chờ máy nhận việc")).to_be_visible()
    seen(page, "Máy đang xếp")
    placed_all()
    assert stands(planned) == stood
    # A quick machine may have proved its plan before anybody looks: then there is nothing left to stop.
    stop = page.get_by_role("button", name="Dừng và lấy kết quả này")
    expect(stop.or_(page.get_by_role("button", name="Xem thay đổi và lấy lịch này")).first).to_be_visible()
    with suppress(PlaywrightTimeout):
        stop.press("Enter", timeout=5_000)
    seen(page, "Đã có lịch, chưa lấy")
    sound(page, "fill-found")
    page.get_by_role("button", name="Xem thay đổi và lấy lịch này").press("Enter")
    expect(page.get_by_role("heading", name="Lấy lịch máy tìm được?")).to_be_visible()
    expect(page.get_by_text("thay đổi giờ hoặc sân khấu trong lịch đang xếp").first).to_be_visible()
    sound(page, "fill-difference")
    assert stands(planned) == stood
    page.get_by_role("button", name="Lấy lịch này").press("Enter")
    expect(page.get_by_text("Hoàn tác được bằng một lần bấm dưới đây.").first).to_be_visible()
    assert newest().found["unplaced"] == [] and stands(planned) != stood
    assert times(planned.relay)["bao-bo-1"] == kept and times(planned.talent)["tai-nang-2"] >= "08:00"
    page.get_by_role("button", name="Hoàn tác: lấy lịch máy tìm được").press("Enter")
    expect(page.get_by_text("Đã hoàn tác: lấy lịch máy tìm được.").first).to_be_visible()
    assert stands(planned) == stood
