"""Lock, open again with a reason, lock, print, sign, release, publish, and an amendment that the MC's open page shows by itself."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.core.transaction import transaction
from festival.results.ladder import sign
from tests.harness.served import Served
from tests.judging.panel_cast import PASSWORD, Panel, cast, full_panel, marks, send
from tests.results.test_pages_of_the_panel import TAI_NANG

pytestmark = pytest.mark.either_database


def seated(app: Flask, browser: Browser, served: Served, user_id: int | None, **size: int) -> Page:
    context = browser.new_context(
        base_url=served.url, locale="vi-VN", viewport={"width": size.get("width", 820), "height": 1180}
    )
    if user_id is not None:
        with app.app_context(), transaction():
            token = open_sign_in(user_id, 1).token
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": served.url}])
    return context.new_page()


def both_sign(page: Page, button: str) -> None:
    """Chair and secretary type their names and passwords into the form of this button."""
    form = page.locator("form", has=page.get_by_role("button", name=button, exact=True))
    for group, login in (("Trưởng ban giám khảo", "chair"), ("Thư ký", "thuky")):
        held = form.get_by_role("group", name=group)
        held.get_by_label("Tên đăng nhập").fill(login)
        held.get_by_label(re.compile("Mật khẩu")).fill(PASSWORD)
    form.get_by_role("button", name=button, exact=True).click()


def meets(secretary: Page) -> None:
    """Who was at the panel's meeting; the reason of an absence is asked for, and what was typed stays."""
    secretary.get_by_role("link", name="Ghi thành phần họp").click()
    secretary.get_by_label("Bắt đầu lúc").fill("20:15")
    for place, there in enumerate(("present", "present", "absent", "present")):
        secretary.get_by_label("Dự họp").nth(place).select_option(there)
    secretary.get_by_role("button", name="Ghi", exact=True).click()
    expect(secretary.get_by_role("alert").filter(has_text="Ghi lý do vắng của Trần Văn Hùng.")).to_be_visible()
    expect(secretary.get_by_label("Bắt đầu lúc")).to_have_value("20:15")
    secretary.get_by_label("Lý do vắng").nth(2).fill("nằm viện")
    secretary.get_by_role("button", name="Ghi", exact=True).press("Enter")
    expect(secretary.get_by_text("Đã ghi. Biên bản in từ giờ ghi như vậy.").first).to_be_visible()


def test_from_the_lock_to_an_amendment_seen_by_everybody(app: Flask, live_server: Served, browser: Browser) -> None:
    with app.app_context():
        panel: Panel = cast()
        full_panel(panel)
    secretary = seated(app, browser, live_server, panel.users["secretary"])
    secretary.goto(TAI_NANG)
    both_sign(secretary, "Khóa điểm")
    expect(secretary.get_by_text("Đã khóa điểm.")).to_be_visible()
    secretary.get_by_role("link", name="Mở lại phần thi").click()
    secretary.get_by_label("Mở lại vì").select_option("wrong_mark")
    secretary.locator("#reason").fill("bà Lan gõ nhầm 45 thành 44")
    both_sign(secretary, "Mở lại phần thi")
    expect(secretary.get_by_text("Đã mở lại phần thi.")).to_be_visible()
    with app.app_context():
        send(panel.message("lan", 0, marks(44_000, 44_750), base=1))
    secretary.goto(TAI_NANG)
    both_sign(secretary, "Khóa điểm")
    meets(secretary)
    secretary.goto(TAI_NANG + "/minutes")
    expect(secretary.get_by_text("Trần Văn Hùng. Lý do: nằm viện")).to_be_visible()
    expect(secretary.get_by_role("heading", name="Phụ lục: khóa điểm")).to_be_visible()
    annex = secretary.get_by_text("bà Lan gõ nhầm 45 thành 44")
    expect(annex).to_contain_text("Nguyễn Thị Chủ, Lê Thư Ký")
    expect(secretary.get_by_text("89,75 → 88,75")).to_be_visible()
    secretary.get_by_role("button", name=re.compile("In để ký")).click()
    expect(secretary.get_by_role("link", name="Mở tờ đã in (PDF)")).to_be_visible()
    secretary.goto(TAI_NANG)
    secretary.get_by_label("Số biên bản").fill("07/BB-BGK")
    secretary.get_by_role("button", name="Biên bản đã ký", exact=True).click()
    expect(secretary.get_by_text("Chờ Ban Tổ chức ghi số")).to_be_visible()
    with app.app_context(), transaction():
        sign.record_award_decision(panel.contest_id, "105/QĐ", None)
        sign.release(panel.contest_id, None)
        sign.publish(panel.contest_id, None)
    mc = seated(app, browser, live_server, panel.users["mc"], width=360)
    mc.goto(TAI_NANG + "/mc")
    best = mc.locator(".mc-prize", has=mc.get_by_role("heading", name="Giải Nhất"))
    expect(best).to_contain_text("Danh Chung 0")

    secretary.goto(TAI_NANG)
    secretary.get_by_role("link", name="Đính chính điểm, hạng, giải").click()
    secretary.get_by_text("Hạng ghi thẳng", exact=True).click()
    for at, (entry, place) in enumerate((("1", "2"), ("2", "1"))):
        secretary.locator(f"#place-entry-{at}").fill(entry)
        secretary.locator(f"#place-value-{at}").fill(place)
    secretary.get_by_role("button", name="Xem kết quả mới").click()
    moved = secretary.get_by_role("row", name=re.compile("Danh Chung 1"))
    expect(moved).to_contain_text("Nhất")
    secretary.get_by_label("Số biên bản đính chính").fill("12/ĐC")
    secretary.get_by_label("Lý do").fill("đọc nhầm tên hai gia đình")
    both_sign(secretary, "Ghi biên bản đính chính")
    expect(secretary.get_by_text("Đã đính chính. In biên bản đính chính").first).to_be_visible()

    # the MC has touched nothing
    expect(best).to_contain_text("Danh Chung 1")
    expect(mc.get_by_role("alert")).to_contain_text("Đã đính chính ngày")
    guest = seated(app, browser, live_server, None, width=360)
    guest.goto("/results")
    expect(guest.locator("#tai-nang")).to_contain_text("Đã đính chính ngày")
    expect(guest.locator("#tai-nang")).to_contain_text("Danh Chung 1, Đoàn huyện Số 1: Nhì, nay là Nhất.")
