"""An organiser moves an act, reads what nobody has seen yet, publishes; everybody finds the change and the family on a small phone."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from festival.accounts.actions import open_sign_in
from festival.accounts.models import User
from festival.core.database import db
from festival.core.transaction import transaction
from tests.demo.small import small_demo
from tests.harness.looks import shots
from tests.harness.served import Served

pytestmark = pytest.mark.either_database


@pytest.mark.begins_with(build=small_demo)
def test_a_change_is_read_published_and_found(app: Flask, live_server: Served, browser: Browser) -> None:
    with app.app_context(), transaction():
        organiser = db.session.query(User).filter_by(login="bantochuc").one()
        token = open_sign_in(organiser.id, 1).token
    context = browser.new_context(base_url=live_server.url, viewport={"width": 360, "height": 740}, locale="vi-VN")
    context.add_cookies([{"name": "signin", "value": token, "url": live_server.url}])
    page = context.new_page()
    page.goto("/office/schedule?page=2")
    later = page.get_by_role("button", name=re.compile("thi muộn hơn một lượt")).and_(page.locator(":enabled"))
    later.first.press("Enter")
    differs = page.get_by_role("link", name="2 thay đổi chưa công bố")
    expect(differs).to_be_visible()
    shots(page, "office")
    differs.click()
    expect(page.locator("#unpublished li")).to_have_count(2)
    shots(page, "draft")
    page.goto("/office/schedule/versions/compare")
    expect(page.locator("#said li")).to_have_count(2)
    shots(page, "compare")
    page.goto("/office/stage/san-khau-chinh")
    expect(page.get_by_text("2 thay đổi chưa công bố")).to_be_visible()
    shots(page, "stage")
    for path, name in (("print", "print"), ("versions/1", "version")):
        page.goto(f"/office/schedule/{path}")
        shots(page, name)
    for path in ("letters", "letters/timetable", "groups"):
        page.goto(f"/office/messages/{path}")
        shots(page, path.replace("/", "-"))
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="Đã gửi bản này").click()
    expect(page.get_by_text("Các lần đã gửi lịch thi (1)")).to_be_visible()
    shots(page, "group")
    page.goto("/programme")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    shots(page, "programme")
    page.get_by_role("link", name="Tìm gia đình, tiết mục").click()
    page.get_by_label("Tên gia đình").fill("gia dinh")
    page.keyboard.press("Enter")
    expect(page.locator("#found [role=status]")).to_have_text(re.compile("lượt thi"))
    assert "gia" not in page.url.partition("s=")[2].lower() or len(page.url) > 60
    shots(page, "search")
    page.goto("/programme/changes")
    shots(page, "changes")
    context.close()
