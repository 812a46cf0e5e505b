"""Does a gate read cards of the first form as long as there are some, then no more; and a dark screen, shown inverted?"""

from __future__ import annotations

import re
from io import BytesIO

from PIL import Image, ImageOps
from playwright.sync_api import expect
from sqlalchemy import select

from festival.core import qr
from festival.core.database import db
from festival.core.transaction import reading
from festival.editions.models import Festival
from festival.passes import renewing, tokens
from festival.passes.models import Pass
from tests.checkin import test_gate_app
from tests.checkin.test_gate_app import CHUNG, HOA, PHONE, STATE_AT, enrol, stored, type_code
from tests.harness.browser import write_video
from tests.harness.waiting import wait_until
from tests.passes.two_forms import of_the_first_form

fair = test_gate_app.fair


def test_old_cards_open_the_gate_until_they_are_renewed(app, fair, live_server, camera_browser, tmp_path):
    printed = of_the_first_form(app, fair)
    with app.app_context(), reading():
        family_id = db.session.scalar(select(Pass.family_id).where(Pass.list_id == fair.lists[HOA]))
        to_come = tokens.qr_text_of_issue("family", family_id, 2)
    dark = ImageOps.invert(Image.open(BytesIO(qr.png(to_come, module_px=8))).convert("L"))
    video = write_video(tmp_path / "camera.mjpeg", [dark], shown_s=2, blank_s=3)
    phone = camera_browser(video).new_context(
        base_url=live_server.url, viewport=PHONE, locale="vi-VN", service_workers="block"
    )
    page = phone.new_page()
    enrol(page, app, fair)
    qr_text, typed = printed[fair.lists[CHUNG]]
    # the list on the phone alone: the server cannot be reached
    phone.set_offline(True)
    type_code(page, qr_text)
    expect(page.locator("#verdict-name")).to_have_text(CHUNG)
    page.get_by_role("button", name="Ghi 4 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã lưu trên máy")
    phone.set_offline(False)
    expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")
    page.get_by_role("button", name="Xong").click()
    # and by what is typed
    page.locator("#open-by-hand").click()
    expect(page.locator("#by-hand-old")).to_be_visible()
    page.locator("#by-hand-text").fill(typed[:-1] + ("A" if typed[-1] != "A" else "B"))
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.locator("#by-hand-error")).to_contain_text("từng chữ với thẻ")
    page.locator("#by-hand-text").fill(typed.lower())
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.get_by_role("button", name=CHUNG).click()
    # the first within half a minute of the reading before, the other on a slow machine
    expect(page.locator("#verdict-word")).to_have_text(re.compile("^(Vừa cho vào|Đã điểm danh rồi)$"))
    page.get_by_role("button", name="Xong").click()
    before = page.evaluate(STATE_AT)
    with app.app_context():
        with reading():
            festival = db.session.get_one(Festival, fair.festival_id)
            until = renewing.latest(festival.id)
        renewing.renew_all(festival, until, "đổi kiểu thẻ", None)
    wait_until(lambda: page.evaluate(STATE_AT) != before, "the new list")
    type_code(page, qr_text)
    expect(page.locator("#by-hand-error")).to_contain_text("Không tìm thấy")
    expect(page.locator("#by-hand-old")).to_be_hidden()
    page.get_by_role("button", name="Đóng").click()
    # the new card, from a phone that shows it light on dark
    page.get_by_role("button", name="Bắt đầu quét").click()
    expect(page.locator("#verdict-name")).to_have_text(HOA)
    page.get_by_role("button", name="Ghi 2 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")
    assert stored(app)[1] == 6
    phone.close()
