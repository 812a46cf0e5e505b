"""Do the screens follow who leads, forward and back, and do leader and screens go on, also loaded again, when the network is cut?"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.ceremony.reveal_cast import begun, evening_cast, slides_of, the_run
from tests.harness.looks import folder, shot, shots
from tests.harness.served import Served
from tests.harness.waiting import wait_until
from tests.results.test_amended_in_the_browser import seated
from tests.results.test_pages_of_the_panel import Desk

pytestmark = pytest.mark.either_database


def shows(screen: Page, slide: dict[str, object]) -> None:
    expect(screen.locator("[data-slide] [data-title]")).to_have_text(str(slide["title"]))
    expect(screen.locator("[data-slide] [data-names] b")).to_have_text([name for name, _unit in slide["names"]])  # type: ignore[attr-defined]


def ends(leader: Page) -> None:
    """Asked twice."""
    leader.locator("summary", has_text="Kết thúc").click()
    leader.get_by_role("dialog").get_by_role("button", name="Kết thúc").click()


def pictures(leader: Page, beside: Page) -> None:
    """To look at."""
    if folder():
        beside.set_viewport_size({"width": 1920, "height": 1080})
        shot(beside, "hall-1920")
        for path in ("/mc/reveal", "/mc", "/mc/script", "/mc/pictures"):
            leader.goto(path)
            shots(leader, path.strip("/").replace("/", "-"))
        leader.goto("/mc/reveal")


KEPT = "caches.keys()"
HELD = "Object.keys(localStorage).filter((key) => key.startsWith('reveal-lead'))"


def gone_on(leader: Page, beside: Page, hall: Page, slides: list[dict[str, Any]]) -> Page:
    """Without network: pages loaded again, two steps on and one back, the leader's tab closed; answers the one opened in its place."""
    leader.keyboard.press("PageDown")
    for screen in (leader, beside, hall):  # loaded again in the hall, without network
        screen.reload()
    for screen, at in ((leader, 3), (beside, 3), (hall, 2)):
        shows(screen, slides[at])
    expect(leader.get_by_text("Không có mạng. Màn hình mở ở máy này vẫn chạy")).to_be_visible()
    for key in ("PageDown", "PageDown", "ArrowLeft"):
        leader.keyboard.press(key)
    context = leader.context
    leader.close()
    shows(beside, slides[4])
    leader = context.new_page()
    leader.goto("/mc/reveal")
    shows(leader, slides[4])
    ends(leader)
    expect(leader.get_by_text("Chưa làm được khi không có mạng")).to_be_visible()
    shows(hall, slides[2])
    return leader


def test_two_screens_follow_forward_back_and_over_a_cut_network(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    with app.app_context():
        panel = evening_cast()
    begun(app, panel)
    slides = slides_of(Desk(app, panel.users["mc"]))
    leader = seated(app, browser, live_server, panel.users["mc"])
    leader.goto("/mc/reveal")
    with leader.context.expect_page() as opened:
        leader.get_by_role("link", name="Mở màn hình ở máy này").click(modifiers=["Control"])
    beside = opened.value
    address = leader.locator(".code").inner_text()
    hall = seated(app, browser, live_server, None, width=360)
    hall.goto(address)
    for screen in (beside, hall):
        shows(screen, slides[0])
    for key, at in (("ArrowRight", 1), ("PageDown", 2), ("ArrowLeft", 1), (" ", 2)):
        leader.keyboard.press(key)
        for screen in (leader, beside, hall):
            shows(screen, slides[at])
    shot(hall, "hall-360")
    shot(leader, "control-820")
    expect(leader.get_by_text("Trang này đã giữ trên máy")).to_be_visible()
    for screen in (leader, beside, hall):  # each has kept itself
        wait_until(lambda screen=screen: screen.evaluate("Boolean(navigator.serviceWorker.controller)"))
    for each in (leader, hall):
        each.context.set_offline(True)
    expect(hall.get_by_text("Chờ máy điều khiển")).to_be_visible()
    leader = gone_on(leader, beside, hall, slides)
    for each in (leader, hall):
        each.context.set_offline(False)
    shows(hall, slides[4])
    shows(beside, slides[4])
    expect(hall.get_by_text("Chờ máy điều khiển")).to_be_hidden()
    wait_until(lambda: the_run(app).step == 4)
    other = Desk(app, panel.users["organiser"])
    other.post("/mc/reveal/move", to="5", was=str(the_run(app).version))
    expect(leader.get_by_text("Máy khác vừa chuyển bước")).to_be_visible()
    for screen in (leader, beside, hall):
        shows(screen, slides[5])
    ends(leader)
    expect(leader.get_by_role("button", name="Chạy tiếp buổi vừa kết thúc")).to_be_visible()
    wait_until(lambda: leader.evaluate(KEPT) == ["hall/reveal-page"] and leader.evaluate(HELD) == [])
    leader.get_by_role("button", name="Chạy tiếp buổi vừa kết thúc").click()
    expect(leader.get_by_text("Trang này đã giữ trên máy")).to_be_visible()
    pictures(leader, beside)
    leader.locator("summary", has_text="Danh mục").click()
    leader.get_by_role("button", name="Đăng xuất").click()
    leader.wait_for_url(lambda address: "/mc" not in address)
    wait_until(lambda: leader.evaluate(KEPT) == ["hall/reveal-page"] and leader.evaluate(HELD) == [])
