"""Does nothing vanish that a family types, by refresh, Back and the steps themselves; and does a returned family change its people?"""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import transaction
from festival.registration import decisions, registering
from festival.roster import delegations, families, rules
from festival.roster.links import of_families
from festival.roster.models import Family, FamilyState, Origin
from tests.house import reach
from tests.journeys.conftest import Visit
from tests.journeys.scene import Scene, household

KEPT = "Đã giữ những gì vừa gõ"


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_refresh_back_and_the_steps_lose_nothing(scene: Scene, visit: Visit, javascript: bool) -> None:
    family = visit("phone", f"go-do-{'js' if javascript else 'khong-js'}", java_script_enabled=javascript)
    page = family.page
    family.go("/register")
    reach.follow(
        page.get_by_role("button", name="Bắt đầu đăng ký").or_(page.get_by_role("link", name="Bắt đầu đăng ký")).first
    )
    address = page.url.rpartition("/")[0]
    family.fill("Số điện thoại của gia đình", "0912 34").fill("Địa chỉ", "ấp Đầu Doi")
    if javascript:  # as it is typed
        expect(page.locator("[data-kept]")).to_contain_text(KEPT)
        page.reload()
    else:  # by each button
        reach.follow(page.get_by_role("button", name="Lưu và tiếp tục").first)
        page.reload()
    expect(page.get_by_label("Số điện thoại của gia đình")).to_have_value("0912 34")
    family.press("Thành viên")
    family.fill("Họ và tên", "Thị Sà Rươne").fill("Ngày sinh hoặc năm sinh", "31/2/1951")
    family.press("Xem lại")
    expect(page.get_by_text("Còn chỗ đang gõ dở")).to_be_visible()
    family.hold("xem-lai-con-do")
    page.go_back()
    expect(page.get_by_label("Họ và tên")).to_have_value("Thị Sà Rươne")
    page.goto(f"{address}/members")
    expect(page.get_by_label("Ngày sinh hoặc năm sinh")).to_have_value("31/2/1951")
    family.press("Lưu người này")
    expect(page.get_by_text("Không có ngày 31/2/1951").first).to_be_visible()
    page.reload()  # no question of the browser whether to send again
    expect(page.get_by_text("Không có ngày 31/2/1951").first).to_be_visible()
    family.hold("thanh-vien-con-do")
    reach.follow(page.get_by_role("link", name="Gia đình").first)
    page.go_back()
    expect(page.get_by_label("Họ và tên")).to_have_value("Thị Sà Rươne")


def test_a_returned_family_swaps_a_child_for_a_grandmother(app: Flask, scene: Scene, visit: Visit) -> None:
    family = visit("phone", "sua")
    with app.app_context(), transaction():
        delegation = delegations.delegation_by_code(scene.delegations["Hòn Đất"])
        edition = rules.rules_of(delegation.festival)
        people = household("0912345678", ("Lê Văn Được", "Thị Sà Rươl", "Lê Thị Hồng Gấm"), ("tai-nang",))
        registering.register_family(edition, delegation, people, Origin.FAMILY, submit=True)
        sent = db.session.scalars(select(Family)).one()
        decisions.return_family(edition, sent, sent.version, "Xin thay cháu bằng bà và dự thi nấu ăn", None)
        code, link = sent.code, of_families.link_code(sent)
    page = family.page
    family.go(f"/g/{link}").go("/family/registration").hold("ho-so-tra-lai").press("Sửa hồ sơ: người, phần thi")
    family.hold("sua-ho-so", dark=True)
    page.get_by_text("Lê Thị Hồng Gấm").first.click()
    family.press("Bỏ người này, Lê Thị Hồng Gấm")
    expect(page.get_by_text("Sẽ bỏ khỏi gia đình khi lưu.")).to_be_visible()
    family.press("Thêm một người")
    new = page.locator("#new1")
    new.get_by_label("Họ và tên").fill("Thị Sà Rươne")
    new.get_by_label("Quan hệ").select_option(label="Cha hoặc mẹ")
    new.get_by_label("Nữ", exact=True).check()
    new.get_by_label("Ngày sinh").fill("1951")
    new.get_by_label("Gia đình tài năng").check()
    expect(page.locator("[data-kept]")).to_contain_text(KEPT)
    page.reload()
    expect(page.get_by_text("Thêm Thị Sà Rươne")).to_be_visible()
    expect(page.locator("#new1").get_by_label("Ngày sinh")).to_have_value("1951")
    family.hold("dang-sua")
    family.fill("4 số cuối", "5678").press("Lưu thay đổi")
    expect(page.locator("main")).to_contain_text("Thị Sà Rươne")
    with app.app_context():
        now = families.family_by_code(code)
        assert [person.name for person in now.members] == ["Lê Văn Được", "Thị Sà Rươl", "Thị Sà Rươne"]
        assert now.state is FamilyState.RETURNED
    organiser = visit("desk", "xem")
    organiser.sign_in("btc").go(f"/office/registrations/{code}").hold("da-thay-doi")
    rows = organiser.page.locator("#changes tbody tr")
    assert [row.partition("\n")[0].split("\t")[:3] for row in rows.all_inner_texts()] == [
        ["Bớt người", "Lê Thị Hồng Gấm", "(không)"],
        ["Thêm người", "(không)", "Thị Sà Rươne"],
    ]
