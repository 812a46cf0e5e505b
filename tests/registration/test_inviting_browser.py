"""In a real browser: an organiser gives a delegation places, a day and a link; an officer on a phone without script gets in by it."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Browser, expect
from sqlalchemy import update

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Phase
from tests.harness.looks import fits
from tests.harness.served import Served
from tests.registration.conftest import World

DESK, PHONE, SMALLEST = ({"width": width, "height": 800} for width in (1440, 360, 320))


def test_places_a_day_and_an_invitation(world: World, browser: Browser, live_server: Served) -> None:
    with world.app.app_context(), transaction():
        token = open_sign_in(world.organiser, 3).token
        db.session.execute(update(Phase).values(closes_at=now() - timedelta(minutes=5)))
    office = browser.new_context(viewport=DESK, base_url=live_server.url)
    office.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page = office.new_page()
    page.goto("/office/places")
    fits(page, "places")
    page.get_by_role("link", name="Đoàn huyện Hòn Đất", exact=True).click()
    page.get_by_role("group", name="Gia đình", exact=True).get_by_label("Nhiều nhất").fill("2")
    page.get_by_label("Lý do", exact=False).first.fill("công văn số 12")
    page.keyboard.press("Enter")
    expect(page.locator("#families_min-error")).to_be_visible()
    expect(page.get_by_label("Lý do", exact=False).first).to_have_value("công văn số 12")
    fits(page, "places-refused")
    page.get_by_role("group", name="Gia đình", exact=True).get_by_label("Ít nhất").fill("1")
    page.get_by_role("button", name="Lưu chỉ tiêu").click()
    expect(page.get_by_text("Đã lưu chỉ tiêu của Đoàn huyện Hòn Đất.")).to_be_visible()
    late = now() + timedelta(days=3)
    page.get_by_label("Gia hạn đến").fill(f"{late.day}/{late.month}/{late.year} 17:00")
    page.get_by_label("Lý do gia hạn").fill("mưa lũ")
    page.get_by_role("button", name="Gia hạn", exact=True).click()
    expect(page.get_by_text("Đoàn này được gửi đến 17 giờ")).to_be_visible()
    fits(page, "places-of-one")

    page.goto(f"/office/delegations/{world.hon_dat}/invitation")
    page.get_by_role("button", name="Tạo liên kết").click()
    address = page.locator(".link-row").inner_text()
    fits(page, "invitation")

    with browser.new_context(viewport=PHONE, base_url=live_server.url, java_script_enabled=False) as phone:
        mine = phone.new_page()
        mine.goto("/join/" + address.rpartition("/")[2])
        for label, typed in (("Họ và tên", "Lâm Thị Mai"), ("Số điện thoại", "0912 345 678")):
            mine.get_by_label(label).fill(typed)
        for label in ("Mật khẩu", "Nhập lại mật khẩu"):
            mine.get_by_label(label, exact=True).fill("mùa lúa chín vàng")
        fits(mine, "join")
        mine.get_by_role("button", name="Gửi yêu cầu").click()
        number = mine.locator(".code").inner_text()
        fits(mine, "join-waiting")
        page.goto("/office/joining")
        expect(page.get_by_role("row", name="Lâm Thị Mai")).to_contain_text(number)
        fits(page, "joining")
        page.get_by_role("button", name="Xác nhận, Lâm Thị Mai").click()
        expect(page.get_by_text("tài khoản đăng nhập được và phụ trách Đoàn huyện Hòn Đất")).to_be_visible()
        mine.reload()
        mine.get_by_role("link", name="Đăng nhập").last.click()
        mine.get_by_label("Tên đăng nhập").fill("0912345678")
        mine.get_by_label("Mật khẩu", exact=True).fill("mùa lúa chín vàng")
        mine.get_by_role("button", name="Đăng nhập").click()
        expect(mine.get_by_role("heading", name="Đoàn huyện Hòn Đất")).to_be_visible()
        expect(mine.get_by_text("Hạn gửi: 17 giờ")).to_be_visible()
        fits(mine, "officer-let-in")
        mine.goto("/join/0000")
        fits(mine, "join-over")
    office.close()
