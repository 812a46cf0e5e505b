"""In a real browser: a family asks by its link, the organiser reads what would go and grants it, and the name is gone."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.roster.models import Person
from tests.harness.served import Served
from tests.registration.conftest import World, household, make_world, world
from tests.registration.registered import approve, register

__all__ = ["make_world", "world"]


def test_a_request_is_asked_granted_and_the_data_gone(
    world: World, context: BrowserContext, page: Page, live_server: Served
) -> None:
    made = register(world, household(1))
    approve(world, made.family_id)
    page.goto(f"/g/{made.link}")
    page.get_by_role("link", name="Dữ liệu của gia đình").click()
    page.get_by_label("Xóa dữ liệu").check()
    page.get_by_label("Về ai").select_option(label="Danh Chung")
    page.get_by_role("button", name="Gửi yêu cầu").click()
    expect(page.get_by_text("Hãy nhập đúng 4 chữ số cuối.").first).to_be_visible()
    # what was chosen is still there
    expect(page.get_by_label("Xóa dữ liệu")).to_be_checked()
    page.get_by_label("4 số cuối của số điện thoại gia đình").first.fill("0001")
    page.get_by_role("button", name="Gửi yêu cầu").click()
    expect(page.get_by_role("heading", name="Biên nhận YC1")).to_be_visible()
    receipt = page.url
    with world.app.app_context(), transaction():
        token = open_sign_in(world.organiser, 3).token
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page.goto("/office/privacy/requests")
    page.get_by_role("link", name="YC1").click()
    expect(page.get_by_role("heading", name="Nếu xóa thì")).to_be_visible()
    page.locator("summary").filter(has_text="Đồng ý xóa").click()
    page.get_by_role("button", name="Xóa", exact=True).click()
    expect(page.get_by_text("đã làm xong").first).to_be_visible()
    page.goto(receipt)
    expect(page.get_by_text("Thành viên số 2")).to_be_visible()
    expect(page.get_by_text("Danh Chung")).to_have_count(0)
    with world.app.app_context(), reading():
        assert "Danh Chung" not in set(db.session.scalars(select(Person.name)))
