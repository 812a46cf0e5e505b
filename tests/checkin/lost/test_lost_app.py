"""Is a lost child led back with the lead's device alone, without a network, and does the server hear of every step and look?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from festival.checkin.lost.recording import all_stories
from festival.core.database import db
from festival.core.security_log import SecurityNote
from festival.devices.handlers import DeviceRole
from tests.checkin.camera import passes_held_up
from tests.checkin.lost.test_lost import CHUNG, NUMBER, fair, notes
from tests.devices.kit import Fair, enrolment
from tests.harness.served import Served
from tests.harness.waiting import wait_until

__all__ = ["fair"]  # fixture


def enrolled(page: Page, app: Flask, fair: Fair) -> None:
    page.goto(f"/enrol#{enrolment(app, fair, DeviceRole.LEAD, 'Trưởng cổng')}")
    page.get_by_role("button", name="Gắn máy").click()
    page.get_by_role("link", name="Bắt đầu").click()
    expect(page.locator("#network")).to_have_text("Có mạng")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.locator("#open-lost").click()
    expect(page.locator("#unsent")).to_have_text("Đã gửi hết")
    expect(page.locator("#open-none")).to_be_visible()


def answer(page: Page, words: str) -> None:
    page.locator("#ask-text").fill(words)
    page.get_by_role("button", name="Ghi", exact=True).dblclick()  # the second tap falls on what lies behind


def heard(app: Flask, fair: Fair) -> None:
    """The server has the story, and each look: the pass in the camera, then the child's page twice, by this device."""

    def told() -> bool:
        with app.app_context():
            stories = all_stories(fair.festival_id)
            return [(story.state, story.to) for story in stories] == [("handed", "cha, ông Danh Chung")]

    wait_until(told)
    looks = [subject["by"] for kind, subject in notes(app) if kind == "read_children"]
    assert looks == ["child_pass", "child_child", "child_child"]
    with app.app_context():
        kinds = SecurityNote.kind == "read_children"
        assert set(db.session.scalars(select(SecurityNote.actor).where(kinds))) == {"device"}


@pytest.mark.either_database
def test_a_lost_child_is_led_back_without_a_network(
    app: Flask, fair: Fair, live_server: Served, camera_browser: Callable[[Path], Browser], tmp_path: Path
) -> None:
    browser: Browser = camera_browser(passes_held_up(tmp_path / "pass.mjpeg", [fair.codes[CHUNG]]))
    context = browser.new_context(
        base_url=live_server.url, locale="vi-VN", viewport={"width": 360, "height": 740}, permissions=["camera"]
    )
    page = context.new_page()
    enrolled(page, app, fair)
    context.set_offline(True)
    page.reload()
    expect(page.locator("#lost-list h1")).to_be_visible()
    # somebody brings a boy; what he looks like is written down first
    page.locator("#unknown-text").fill("bé trai áo đỏ, gần cổng 2")
    page.get_by_role("button", name="Đã thấy một trẻ lạc").click()
    expect(page.locator("#child-state")).to_have_text("Đã thấy, chờ người lớn")
    # the family's pass hangs on his neck
    page.get_by_role("button", name="Tìm gia đình của trẻ").click()
    page.locator("#open-camera").click()
    expect(page.locator("#family-name")).to_have_text(CHUNG)
    expect(page.get_by_role("link", name=f"Gọi Danh Chung, {NUMBER}")).to_have_attribute("href", f"tel:{NUMBER}")
    page.get_by_role("button", name="Chính là trẻ này, Danh Minh Khang").click()
    expect(page.locator("#child-name")).to_have_text("Danh Minh Khang")
    page.get_by_role("button", name="Đã trao trẻ").click()
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator("#ask-error")).to_have_text("Ghi vài chữ vào ô này.")
    answer(page, "mẹ, bà Thị Ngọc Ánh")
    expect(page.locator("#child-state")).to_have_text("Đã trao lại")
    # a slip: taken back, and written again
    page.locator("#child-steps").get_by_role("button", name="Rút lại, Đã trao cho").click()
    answer(page, "ghi nhầm người nhận")
    expect(page.locator("#child-state")).to_have_text("Đã thấy, chờ người lớn")
    page.reload()  # what was written is there after a reload without a network
    page.get_by_role("button", name="Danh Minh Khang, Đã thấy").click()
    page.get_by_role("button", name="Đã trao trẻ").click()
    answer(page, "cha, ông Danh Chung")
    expect(page.locator("#child-state")).to_have_text("Đã trao lại")
    page.get_by_role("button", name="Về danh sách trẻ lạc").click()
    # another by name, marks do not matter
    page.locator("#find-text").fill("bao ngoc")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.locator("#found-said")).to_have_text("Tìm thấy 1 gia đình.")
    context.set_offline(False)
    expect(page.locator("#unsent")).to_have_text("Đã gửi hết")
    heard(app, fair)
    context.close()
