"""In a real browser: the organiser opens a line and offers by keyboard; a family at 360 px, without script, accepts its place."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.core.transaction import transaction
from tests.harness.looks import fits
from tests.harness.served import Served
from tests.registration.conftest import World, household
from tests.registration.line_kit import families_sent, places
from tests.registration.registered import register

PHONE = {"width": 360, "height": 740}


def test_a_line_from_opening_to_accepting(world: World, browser: Browser, live_server: Served) -> None:
    made = [register(world, household(number)) for number in (1, 2)]
    families_sent(world, 10, first=3)
    with world.app.app_context(), transaction():
        token = open_sign_in(world.organiser, 8).token
    with browser.new_context(viewport=PHONE, base_url=live_server.url) as office:
        office.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
        page = office.new_page()
        page.goto(f"/office/waiting-list/{world.hon_dat}")
        page.get_by_label("Mở danh sách chờ").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type("24")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Có chỗ trống thì mời theo thứ tự.").first).to_be_visible()
        fits(page, "line-waiting")
        page.get_by_role("button", name="Mời ngay theo thứ tự").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Đã mời 4 gia đình")).to_be_visible()
        fits(page, "line-offered")
        page.get_by_role("link", name="Gia đình bà Thạch Thị Sa Rươl", exact=True).click()
        expect(page.get_by_role("heading", name="Thu lại lời mời")).to_be_visible()
        fits(page, "line-family")
        page.goto("/office/waiting-list")
        fits(page, "lines")
        page.goto("/office/figures")
        expect(page.get_by_role("img", name="Số gia đình theo đơn vị")).to_be_visible()
        fits(page, "figures")
    with browser.new_context(viewport=PHONE, base_url=live_server.url, java_script_enabled=False) as at_home:
        page = at_home.new_page()
        page.goto(f"/g/{made[0].link}")
        page.get_by_role("link", name="Nhận chỗ hoặc nhường chỗ").click()
        expect(page.get_by_role("heading", name="Đã có chỗ cho gia đình")).to_be_visible()
        page.locator("#tail-family_line_accept").fill("0001")
        page.get_by_role("button", name="Nhận chỗ").click()
        expect(page.get_by_text("Gia đình đã nhận chỗ và được duyệt.")).to_be_visible()
    assert places(world) == (1, 3)
