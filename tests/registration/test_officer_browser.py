"""In a real browser: an officer types a child's agreement in the wrong order, and loses nothing."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.core.transaction import transaction
from tests.harness.served import Served
from tests.registration.conftest import World
from tests.registration.pages_kit import PEOPLE, standing


def test_guardian_and_tick_stay_whatever_is_typed_first(
    world: World, context: BrowserContext, page: Page, live_server: Served
) -> None:
    with world.app.app_context(), transaction():
        token = open_sign_in(world.officer, 3).token
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page.goto(f"/delegation/{world.hon_dat}/families/new")
    # the guardian first, then another row, then the tick, the child last of all
    page.locator("summary", has_text="Phiếu đồng ý").click()
    page.fill("#members-2-guardian", "Danh Thị Sa Rươl")
    page.fill("#members-3-needs", "xe lăn")
    expect(page.locator("#members-4-name")).to_be_visible()
    page.fill("#members-3-needs", "")
    expect(page.locator("#members-2-guardian")).to_have_value("Danh Thị Sa Rươl")
    page.fill("#phone", "0912345678")
    for row in (1, 0):
        for field, value in PEOPLE[row].items():
            control = page.locator(f"#members-{row}-{field}")
            control.select_option(value) if field == "sex" else control.fill(value)
        page.check(f"#members-{row}-signed")
    save = page.get_by_role("button", name="Lưu các gia đình")
    save.click()
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("link", name="Người thứ 3, họ và tên").click()
    expect(page.locator("#members-2-name")).to_be_in_viewport()
    for field, value in PEOPLE[2].items():
        control = page.locator(f"#members-2-{field}")
        control.select_option(value) if field == "sex" else control.fill(value)
    page.check("#members-2-own")
    save.click()
    # the tick is what is missing now: it is named, and nothing that was typed is gone
    page.get_by_role("link", name="Người thứ 3, đã ký phiếu đồng ý").click()
    expect(page.locator("#members-2-signed")).to_be_in_viewport()
    expect(page.locator("#members-2-guardian")).to_have_value("Danh Thị Sa Rươl")
    expect(page.locator("#members-2-own")).to_be_checked()
    page.check("#members-2-signed")
    save.click()
    expect(page.get_by_text("Đã lưu Gia đình bà Danh Thị Sa Rươl.")).to_be_visible()
    assert [each for each in standing(world) if each[0] == "Danh Minh Khôi"] == [
        ("Danh Minh Khôi", "child_own", "Danh Minh Khôi", "self"),
        ("Danh Minh Khôi", "taking_part", "Danh Thị Sa Rươl", "guardian"),
    ]
