"""In a real browser: a guest list is imported, the pass of a guest is held up at the gate, and the organiser sees who is in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.badges import queries
from festival.checkin import merge
from festival.core.clock import now
from festival.core.transaction import reading, transaction
from festival.devices.enrolment import make_enrolment_code
from festival.devices.handlers import DeviceRole
from tests.badges.cast import desk, make_list
from tests.badges.test_at_the_gate import pass_of
from tests.badges.test_files import workbook
from tests.checkin.camera import passes_held_up
from tests.harness.served import Served
from tests.registration.conftest import World

PHONE = {"width": 360, "height": 740}


def test_guests_are_imported_and_let_in(
    world: World, context: BrowserContext, page: Page, live_server: Served, camera_browser: Any, tmp_path: Path
) -> None:
    guests = make_list(world)
    with world.app.app_context(), transaction():
        token = open_sign_in(world.organiser, 3).token
        gate = make_enrolment_code(world.rules().festival.id, DeviceRole.GATE, None, "Cổng 1").code
    file = tmp_path / "khach-moi.xlsx"
    file.write_bytes(
        workbook(
            {"name": "Lâm Thị Mai", "honorific": "bà", "title": "Giám đốc Sở Văn hóa", "rank": "1"}, {"name": "12"}
        )
    )
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page.goto(f"/badges/{guests}/import")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_text("“12” không phải họ và tên")).to_be_visible()
    page.get_by_role("button", name="Xác nhận ghi vào danh sách").click()
    expect(page.get_by_text("Đã ghi 1 người từ tệp")).to_be_visible()

    with world.app.app_context(), reading():
        (line,) = queries.on_list(desk(world, guests).list_id)
    _list_id, code = pass_of(world, line.code)
    phone = camera_browser(passes_held_up(tmp_path / "camera.mjpeg", [code], blank_s=6)).new_context(
        base_url=live_server.url, viewport=PHONE, locale="vi-VN"
    )
    at_gate = phone.new_page()
    at_gate.goto(f"/enrol#{gate}")
    at_gate.get_by_role("button", name="Gắn máy").click()
    at_gate.get_by_role("link", name="Bắt đầu").click()
    expect(at_gate.locator("#age")).to_contain_text("1 thẻ")
    at_gate.get_by_role("button", name="Bắt đầu quét").click()
    expect(at_gate.locator("#verdict-word")).to_have_text("Mời vào")
    expect(at_gate.locator("#verdict-name")).to_have_text("Lâm Thị Mai")
    expect(at_gate.locator("#verdict-unit")).to_have_text("Khách mời · Giám đốc Sở Văn hóa")
    expect(at_gate.locator("#verdict-level")).to_have_text("Đã vào sổ")
    phone.close()
    page.goto(f"/office/checkin?day={merge.day_window(now())}")
    expect(page.get_by_role("row").filter(has_text="Khách mời")).to_contain_text("1")
    page.goto("/mc/guests")
    expect(page.get_by_text("bà Lâm Thị Mai, Giám đốc Sở Văn hóa")).to_be_visible()
