"""A family registers on its phone, the organiser approves at a desk, the family's page shows the pass."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from festival.consent.models import Consent
from festival.core.database import db
from festival.passes import tokens
from festival.passes.models import Pass
from festival.roster.models import Family, FamilyState, Person
from tests.journeys.conftest import Visit
from tests.journeys.scene import Scene
from tests.journeys.walker import Walker

FAMILY = "Gia đình ông Lê Văn Được"
PEOPLE = (
    ("Lê Văn Được", "Người đại diện", "Nam", "14/6/1980"),
    ("Thị Sà Rươl", "Vợ hoặc chồng", "Nữ", "1982"),
    ("Lê Thị Hồng Gấm", "Con", "Nữ", "9/1/2014"),
)


def register(family: Walker, *, javascript: bool) -> None:
    """Three steps, review and consents, as a person does it."""
    page = family.page
    family.go("/register").hold("bat-dau", dark=javascript).press("Bắt đầu đăng ký")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bước 1: Gia đình")
    page.get_by_label("Gia đình thuộc đơn vị nào").select_option(label="Huyện Hòn Đất")
    family.fill("Số điện thoại của gia đình", "0912 345 678").fill("Địa chỉ", "ấp Đầu Doi, xã Mỹ Lâm")
    family.fill("Đôi dòng giới thiệu", "Ba thế hệ làm ruộng, yêu đờn ca tài tử.")
    family.hold("buoc-1").press("Lưu và tiếp tục")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bước 2: Thành viên")
    for at, (name, relation, sex, birth) in enumerate(PEOPLE):
        family.fill("Họ và tên", name)
        page.get_by_label("Quan hệ với người đại diện").select_option(label=relation)
        page.get_by_label(sex, exact=True).check()
        family.fill("Ngày sinh hoặc năm sinh", birth)
        if at == 1:
            family.hold("buoc-2")
        family.press("Lưu người này")
        expect(page.locator(".member-card")).to_have_count(at + 1)
    family.press("Xong, sang phần thi")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bước 3: Phần thi")
    for tick in page.get_by_role("group", name="Gia đình tài năng").get_by_role("checkbox").all():
        tick.check()
    family.hold("buoc-3").press("Lưu và xem lại")
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại trước khi gửi")
    for name, *_rest in PEOPLE[:2]:
        page.get_by_label(f"{name} đã đọc và đồng ý").check()
    page.get_by_role("button", name="Đưa máy cho Lê Thị Hồng Gấm").click()
    page.locator("#own input[value=yes]").check()
    page.locator("#publish input[value=yes]").check()
    family.press("Xong")
    page.locator("#guardian").fill("Thị Sà Rươl")
    page.locator("#agree-2").check()
    family.hold("xem-lai", dark=javascript).press("Gửi đăng ký")
    expect(page.get_by_role("heading", level=1)).to_have_text("Giữ liên kết này")
    family.hold("da-gui")


def approve(organiser: Walker) -> None:
    """At the desk: find the family that waits, look, approve."""
    page = organiser.page
    organiser.sign_in("btc").hold("ban-lam-viec", dark=True)
    organiser.go("/office/registrations").hold("danh-sach-dang-ky", dark=True)
    page.get_by_role("link", name=FAMILY).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lê Văn Được")
    organiser.hold("ho-so")
    page.get_by_role("button", name="Duyệt", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("Đã duyệt")
    organiser.hold("da-duyet")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_family_registers_and_gets_its_pass(app: Flask, scene: Scene, visit: Visit, javascript: bool) -> None:
    family = visit("phone", f"gia-dinh-{'js' if javascript else 'khong-js'}", java_script_enabled=javascript)
    register(family, javascript=javascript)
    page = family.page
    family.press("Mở trang của gia đình")
    expect(page.get_by_role("heading", level=1)).to_have_text(FAMILY)
    expect(page.locator(".pass")).to_have_count(0)
    family.hold("cho-duyet")
    approve(visit("desk", "to-chuc"))
    page.reload()
    expect(page.locator(".pass-name")).to_have_text(FAMILY)
    family.hold("the", dark=javascript)
    picture = Image.open(io.BytesIO(page.locator(".pass-code").screenshot()))
    seen = [each.text for each in zxingcpp.read_barcodes(picture)]
    with app.app_context():
        row = db.session.scalars(select(Family)).one()
        held = db.session.scalars(select(Pass).where(Pass.family_id == row.id, Pass.replaced_at.is_(None))).one()
        people = list(db.session.scalars(select(Person.name).order_by(Person.position)))
        consents = db.session.execute(select(Consent.given_by, Consent.given_as).order_by(Consent.id)).all()
        assert row.state is FamilyState.APPROVED
        assert seen == [tokens.qr_text(held)]
        assert page.locator(".pass-typed").inner_text() == tokens.typed_of(held)
    assert people == [name for name, *_rest in PEOPLE]
    assert {tuple(each) for each in consents} == {
        ("Lê Văn Được", "self"),
        ("Thị Sà Rươl", "self"),
        ("Thị Sà Rươl", "mother"),
        ("Lê Thị Hồng Gấm", "self"),
    }
