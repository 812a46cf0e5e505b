"""In a real browser, 360 px wide: an officer prints the list, sends the signed page; the organiser sees it and approves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Unit, UnitLevel
from festival.registration import changing
from festival.registration.signing import communes, lists
from festival.roster import families, views
from tests.harness.looks import shot
from tests.harness.served import Served
from tests.house import reach
from tests.house.filling_signing import picture, printed, signed
from tests.registration.conftest import World, household
from tests.registration.registered import register
from tests.registration.signing_kit import day, delegation_id, office

pytestmark = pytest.mark.either_database


def test_officer_prints_and_sends_the_signed_page_and_the_organiser_approves(
    world: World, context: BrowserContext, page: Page, live_server: Served, tmp_path: Path
) -> None:
    made = register(world, household(1))
    with world.app.app_context(), transaction():
        tokens = {user: open_sign_in(user, 3).token for user in (world.officer, world.organiser)}
        communes.ask_for_signing(world.delegation().festival, True, 0, None)

    def come_as(user: int) -> None:
        context.add_cookies([{"name": SESSION_COOKIE, "value": tokens[user], "url": live_server.url}])

    come_as(world.organiser)
    page.set_viewport_size({"width": 360, "height": 740})
    one = f"/office/registrations/{made.code}"
    page.goto(one)
    expect(page.get_by_text("gia đình chưa có trong danh sách đã ký, hoặc đã đổi từ khi ký")).to_be_visible()
    expect(page.get_by_role("button", name="Duyệt", exact=True)).to_have_count(0)
    come_as(world.officer)
    page.goto(f"/delegation/{world.hon_dat}")
    page.get_by_role("link", name="Danh sách ký").click()
    page.get_by_role("button", name="In danh sách để ký").click()
    expect(page.get_by_role("link", name="Mở tờ PDF để in")).to_be_visible()
    shot(page, "signing-printed-360")
    scan = tmp_path / "trang-1.jpg"
    scan.write_bytes(picture())
    page.set_input_files("#pages", scan)
    page.fill("#number", "12/DS-UBND")
    page.fill("#day", "1/1/2999")
    page.fill("#signer", "Nguyễn Văn Chủ")
    page.get_by_role("button", name="Gửi bản đã ký").click()
    # nothing typed is gone; the file has to be chosen again
    expect(page.locator("#refused")).to_contain_text("chưa đến")
    expect(page.locator("#number")).to_have_value("12/DS-UBND")
    page.set_input_files("#pages", scan)
    page.fill("#day", day())
    page.locator("#day").press("Enter")
    expect(page.get_by_text("Đã nhận danh sách đã ký.")).to_be_visible()
    shot(page, "signing-signed-360")
    assert reach.everything(page) == []
    come_as(world.organiser)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/office/signing")
    expect(page.get_by_text("Văn bản số 12/DS-UBND")).to_be_visible()
    shot(page, "signing-office-1440")
    page.goto(office(world))
    sent = page.get_by_role("img", name="Trang 1 của danh sách đã ký")
    expect(sent).to_be_visible()
    assert sent.evaluate("each => each.decode().then(() => each.naturalWidth)") == 40
    shot(page, "signing-unit-1440")
    page.goto(one)
    page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(page.get_by_text("Đã duyệt Gia đình bà")).to_be_visible()


def test_pages_of_a_long_history_are_read_on_any_screen(
    world: World, context: BrowserContext, page: Page, live_server: Served
) -> None:
    """Two communes, a sheet that was replaced, one that was taken back, one that waits, a family that changed since."""
    codes = [register(world, household(each, address="xã Bình Sơn")).code for each in (1, 2)]
    mine = delegation_id(world)
    with world.app.app_context():
        with transaction():
            unit = Unit(
                key="x-1",
                level=UnitLevel.COMMUNE,
                kind="Xã",
                name="Bình Sơn",
                folded="binh son",
                parent_id=world.delegation().unit_id,
            )
            other = Unit(
                key="x-2",
                level=UnitLevel.COMMUNE,
                kind="Xã",
                name="Thổ Sơn",
                folded="tho son",
                parent_id=world.delegation().unit_id,
            )
            db.session.add_all([unit, other])
            db.session.flush()
            communes.name_communes(world.delegation(), [unit, other], "", None)
            communes.place_families(world.delegation(), {codes[0]: "x-1"}, {}, None)
            token = open_sign_in(world.organiser, 3).token
        signed(mine, world.officer, key="x-1")
        with transaction():
            communes.place_families(world.delegation(), {codes[1]: "x-1"}, {}, None)
        again = signed(mine, world.officer, "red", "13/DS", "x-1")
        with transaction():
            lists.take_back_list(mine, again, 1, "thiếu dấu", world.officer)
        printed(mine, world.officer, "x-1")
        with transaction():
            family = families.family_in(world.delegation(), codes[0])
            now = views.view(family, world.rules()).household
            members = (*now.members[:2], replace(now.members[2], name="Danh Minh Khang"))
            changing.change_family(world.rules(), family, replace(now, members=members), family.version)
            communes.place_families(world.delegation(), {codes[1]: ""}, {codes[1]: "x-1"}, None)
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    for name, address in (("history", f"/{world.hon_dat}/x-1"), ("communes", f"/{world.hon_dat}"), ("all", "")):
        page.goto(f"/office/signing{address}")
        page.set_viewport_size({"width": 360, "height": 740})
        shot(page, f"signing-{name}-360")
        page.set_viewport_size({"width": 1440, "height": 900})
        shot(page, f"signing-{name}-1440")
        assert (name, reach.everything(page)) == (name, [])
