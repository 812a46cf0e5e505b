"""In a real browser of 360 px: a grandmother registers, the father agrees by his own link, the child says no to pictures."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.harness.looks import fits, fits_here
from tests.harness.served import Served
from tests.house import reach
from tests.registration.conftest import World
from tests.registration.pages_kit import only_family, standing

PHONE = {"width": 360, "height": 740}
GRANDMOTHER = {"name": "Danh Thị Sa Rươl", "birth": "3/2/1956", "relation": "representative", "sex": "female"}
CHILD = {"name": "Danh Minh Khôi", "birth": "1/9/2014", "relation": "grandchild", "sex": "male"}


def test_grandmother_father_and_child(world: World, browser: Browser, live_server: Served) -> None:
    with browser.new_context(viewport=PHONE, base_url=live_server.url, java_script_enabled=False) as at_home:
        page = at_home.new_page()
        page.goto("/register")
        page.get_by_role("main").get_by_role("button").first.click()
        page.locator("#delegation").select_option(world.hon_dat)
        page.fill("#phone", "0912345678")
        page.get_by_role("main").get_by_role("button").last.click()
        for person in (GRANDMOTHER, CHILD):
            page.fill("#name", person["name"])
            page.fill("#birth", person["birth"])
            page.locator("#relation").select_option(person["relation"])
            page.locator(f"input[name=sex][value={person['sex']}]").check()
            reach.follow(page.locator("#member-form button:not([aria-hidden])").first)
        page.goto(re.sub("/members.*", "/contests", page.url))
        page.locator("input[name=contest-tai-nang]").first.check()
        page.get_by_role("main").get_by_role("button").last.click()
        page.locator("#agree-0").check()
        page.get_by_text("Cha, mẹ ở xa: gửi liên kết riêng").click()
        page.fill("#away", "Danh Văn Ba")
        page.fill("#away-phone", "0987654321")
        page.locator("input[name=away-1]").check()
        fits_here(page, "review")
        page.get_by_role("button", name="Gửi đăng ký").click()
        expect(page.get_by_text("còn chờ đồng ý")).to_be_visible()
        fits_here(page, "done")
        found = re.search(r"/parent/[0-9A-Z]{26}", page.content())
        assert found
    assert only_family(world.app).state == "draft"
    with browser.new_context(viewport=PHONE, base_url=live_server.url) as elsewhere:
        page = elsewhere.new_page()
        page.goto(found[0])
        expect(page.get_by_role("heading", name="Tôi, Danh Văn Ba, là cha của:")).to_be_visible()
        page.get_by_label("Đồng ý cho cháu tham gia").check()
        page.get_by_label("Đồng ý công bố họ tên, hình ảnh của cháu").check()
        page.get_by_label("4 số cuối điện thoại của ông/bà").fill("4321")
        fits_here(page, "parent")
        page.get_by_role("button", name="Xác nhận đồng ý").click()
        expect(page.get_by_text("Đã ghi nhận sự đồng ý cho Danh Minh Khôi")).to_be_visible()
        page.get_by_role("link", name="Đưa máy cho bạn Danh Minh Khôi").click()
        expect(page.get_by_role("heading", name="Chào bạn Khôi!")).to_be_visible()
        first, second = page.get_by_role("group").all()
        first.get_by_label("Có, mình muốn").check()
        second.get_by_label("Không, mình không muốn").check()
        page.locator("#tail").fill("4321")
        fits_here(page, "child")
        page.get_by_role("button", name="Xong").click()
        expect(page.get_by_text("Cảm ơn bạn Danh Minh Khôi đã trả lời")).to_be_visible()
        expect(page.get_by_text("Không công bố tên, hình.")).to_be_visible()
        fits(page, "answered")
    assert only_family(world.app).state == "submitted"
    assert [row[1] for row in standing(world) if row[0] == "Danh Minh Khôi"] == ["child_own", "publish", "taking_part"]
