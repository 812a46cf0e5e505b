"""In a real browser, on a phone and by keyboard: an officer makes a team, is refused, gives a reason, dissolves it and makes it again."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.core.transaction import transaction
from tests.harness.looks import sound
from tests.harness.served import Served
from tests.registration.conftest import World
from tests.registration.team_kit import ruled, sealed, stands, two

pytestmark = pytest.mark.either_database


def test_an_officer_makes_a_team_by_keyboard(
    world: World, context: BrowserContext, page: Page, live_server: Served
) -> None:
    ruled(world, {"what": "families", "least": 2}, {"what": "women", "least": 2, "otherwise": "warn"})
    two(world)
    with world.app.app_context(), transaction():
        token = open_sign_in(world.officer, 3).token
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page.goto(f"/delegation/{world.hon_dat}/teams")
    sound(page, "teams-empty")
    page.get_by_role("link", name="Lập đội").press("Enter")
    # both fathers, whom their families gave, are ticked already; one is taken out
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    sound(page, "team-new")
    page.get_by_role("checkbox", name="Danh Chung").first.press("Space")
    page.get_by_role("button", name="Lưu đội").press("Enter")
    expect(page.get_by_text("Đội cần ít nhất 2 gia đình, đang có 1.")).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    page.get_by_role("checkbox", name="Danh Chung").first.press("Space")
    page.get_by_role("button", name="Lưu đội").press("Enter")
    expect(page.get_by_text("Muốn giữ đội như vậy thì ghi lý do")).to_be_visible()
    page.get_by_label("Lý do giữ đội khác thể lệ").fill("chỉ hai ông rảnh")
    page.get_by_role("button", name="Lưu đội").press("Enter")
    expect(page.get_by_text("Đã lập đội của Gia đình thể thao.")).to_be_visible()
    sound(page, "team-made")
    page.get_by_text("Giải thể đội").first.press("Enter")
    page.get_by_label("Vì sao giải thể").fill("trùng giờ")
    page.get_by_role("button", name="Giải thể đội").press("Enter")
    expect(page.get_by_text("Đã giải thể đội")).to_be_visible()
    sound(page, "teams-dissolved")
    page.get_by_role("link", name="Lập lại").press("Enter")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    page.get_by_label("Lý do giữ đội khác thể lệ").fill("hết trùng")
    page.get_by_role("button", name="Lập lại đội này").press("Enter")
    expect(page.get_by_text("Đã lưu đội của Gia đình thể thao.")).to_be_visible()
    page.goto(f"/delegation/{world.hon_dat}/teams")
    sound(page, "teams-listed")
    page.goto(f"/delegation/{world.hon_dat}")
    sound(page, "desk")
    assert stands(world)[0][1] == "proposed" and sealed(world)
