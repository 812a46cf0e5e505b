"""In a real browser: an act asked for at another hour, taken and taken back; a stage that stops for 25 minutes, mended and announced."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import transaction
from festival.schedule.models import Act, Session
from festival.schedule.planning import Published, publish
from tests.harness.looks import shots
from tests.harness.served import Served
from tests.programme.scene import make_festival
from tests.schedule.test_stage_browser import begun


def made(app: Flask) -> str:
    """Six acts of today, the first of which should have begun; published. A sign-in for the office."""
    with app.app_context(), transaction():
        first = begun()
        scene = make_festival(families=6, contests=1, first_day=local(first).date())
        session = db.session.scalars(select(Session)).one()
        session.starts_at, session.ends_at = first, first + timedelta(hours=2, minutes=30)
        for at, act in enumerate(db.session.scalars(select(Act).order_by(Act.position))):
            act.starts_at = first + timedelta(minutes=12 * at)
        db.session.flush()
        assert isinstance(publish(scene.festival_id, None), Published)
        user = create_user("btc", "Ban Tổ chức", "", [Role.ORGANISER])
        db.session.flush()
        return open_sign_in(user.id, 8).token


def starts(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(Act).order_by(Act.starts_at)).all()
        return [(row.entry.code, f"{local(row.starts_at):%H:%M}") for row in rows]


def test_asked_for_taken_back_then_a_stage_stops_and_it_is_announced(
    app: Flask, browser: Browser, live_server: Served
) -> None:
    token = made(app)
    context = browser.new_context(viewport={"width": 360, "height": 740}, base_url=live_server.url)
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page = context.new_page()
    before = starts(app)
    what_if(app, page, before)
    assert starts(app) == before
    page.goto("/office/stage/a")
    page.get_by_role("button", name="Bắt đầu").first.click()
    expect(page.locator(".stage-now.state-on_stage")).to_be_visible()
    page.get_by_role("link", name="Vá lịch").click()
    page.get_by_label("Bao nhiêu phút").fill("25")
    shots(page, "mend")
    page.get_by_role("button", name="Xem ai phải đổi giờ").click()
    expect(page.get_by_role("heading", name="Nếu vá")).to_be_visible()
    shots(page, "mend-found")
    page.get_by_role("button", name="Vá như vậy và công bố").click()
    expect(page.get_by_text("Đã đổi giờ và công bố phiên bản").first).to_be_visible()
    mended = starts(app)
    assert mended[0] == before[0] and all(now >= was for (_, now), (_, was) in zip(mended[1:], before[1:], strict=True))
    assert mended != before
    shots(page, "mend-last")
    page.get_by_role("link", name="Soạn thông báo").click()
    expect(page.locator("textarea[name=words]")).to_have_value(re.compile("tạm ngừng 25 phút từ .*Giờ mới: "))
    page.goto("/office/schedule/mend")
    page.get_by_role("button", name="Hoàn tác lần vá này").click()
    expect(page.get_by_text("Đã trả lại giờ trước đó").first).to_be_visible()
    assert starts(app) == before
    context.close()


def what_if(app: Flask, page: Page, before: list[tuple[str, str]]) -> None:
    """By keyboard: the last one would come third."""
    code = before[-1][0]
    page.goto(f"/office/schedule/board?take={code}")
    expect(page.locator("#hand h2")).to_be_focused()  # the page says what is in the hand; then the keyboard goes on
    page.get_by_role("link", name="Hỏi thử một giờ").press("Enter")
    page.get_by_label("Giờ", exact=True).fill("mấy giờ")
    page.get_by_role("button", name="Xem ai phải đổi giờ").press("Enter")
    expect(page.get_by_text("Giờ viết như 7:30").first).to_be_visible()
    expect(page.get_by_label("Giờ", exact=True)).to_have_value("mấy giờ")
    page.get_by_label("Giờ", exact=True).fill(before[2][1])
    shots(page, "asked")
    page.get_by_label("Giờ", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Nếu đổi")).to_be_focused()
    expect(page.locator("[data-mend-further]")).to_have_count(0)  # what is better has come by itself
    expect(page.get_by_role("heading", name="Nếu đổi")).to_be_focused()
    shots(page, "asked-found")
    page.get_by_role("button", name="Đổi như vậy").press("Enter")
    expect(page.get_by_text("Đã đổi giờ theo điều vừa xem").first).to_be_visible()
    assert dict(starts(app))[code] == before[2][1]
    page.get_by_role("button", name="Hoàn tác: đổi giờ").click()
    expect(page.get_by_text("Đã hoàn tác").first).to_be_visible()
