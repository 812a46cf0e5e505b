"""A stage runs six acts in a real browser: a delay, one family absent and back, one that goes later, an hour without network; the
public page follows by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices import enrolment
from festival.devices.handlers import DeviceRole
from festival.devices.models import Mutation
from festival.schedule.models import Act, Plan, Session
from tests.harness.looks import shots
from tests.harness.served import Served
from tests.programme.scene import make_festival

PHONE, TABLET = {"width": 360, "height": 740}, {"width": 820, "height": 1180}
FIRST = timedelta(minutes=25)  # so long ago the first act was to begin


def begun() -> datetime:
    """Twenty-five minutes ago; about midnight and three in the morning, where a day ends, all acts lie on one side."""
    at = now()
    for border in (0, 3, 24):
        turn = local(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=border)
        if at - FIRST < turn <= at:
            return turn
        if at < turn < at + timedelta(minutes=40):
            return turn - timedelta(minutes=75)
    return at - FIRST


def made(app: Flask) -> tuple[str, str]:
    """Six acts of today, the first of which should have begun; a code for the device and a sign-in for the office."""
    with app.app_context(), transaction():
        first = begun()
        scene = make_festival(families=6, contests=1, first_day=local(first).date())
        plan = db.session.scalars(select(Plan)).one()
        lines = [dict(line) for line in plan.content["acts"]]
        for at, act in enumerate(db.session.scalars(select(Act).order_by(Act.position))):
            act.starts_at = first + timedelta(minutes=10 * at)
            lines[at]["starts_at"] = local(act.starts_at).isoformat()
        plan.content = {"acts": lines}
        session = db.session.scalars(select(Session)).one()
        session.starts_at, session.ends_at = first, first + timedelta(hours=2)
        user = create_user("sankhau", "Người điều hành", "", [Role.STAGE_MANAGER])
        db.session.flush()
        code = enrolment.make_enrolment_code(scene.festival_id, DeviceRole.STAGE, None, "Sân khấu A").code
        return code, open_sign_in(user.id, 8).token


def tap(page: Page, words: str, number: int) -> None:
    """The button of that name in the line or card of the family with this number."""
    family = page.locator(".stage-now, .stage-line").filter(has_text=f"{number}. ")
    family.get_by_role("button", name=f"{words}, ").click()


def now_on(page: Page) -> str:
    return page.locator(".stage-name").inner_text().partition(".")[0]


def shown_now(page: Page, number: int, state: str) -> None:
    expect(page.locator(f".stage-now.state-{state} .stage-name")).to_contain_text(f"{number}. ")


def states(app: Flask) -> list[str]:
    with app.app_context():
        return [each.value for each in db.session.scalars(select(Act.state).order_by(Act.position))]


def follows(page: Page, words: str) -> None:
    """The public page asks again when somebody comes back to it."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#main")).to_contain_text(words)


def without_network(app: Flask, device: Page, office: Page) -> None:
    """The first ends, the second is not there, the third begins by a slip and again, and ends; meanwhile the office says the second
    is there after all: two that differ, one is told.
    """
    device.context.set_offline(True)
    tap(device, "Thi xong", 1)
    tap(device, "Vắng mặt", 2)
    tap(device, "Bắt đầu", 3)
    tap(device, "Bấm nhầm, chưa bắt đầu", 3)
    tap(device, "Bắt đầu", 3)
    tap(device, "Thi xong", 3)
    shown_now(device, 4, "waiting")
    expect(device.locator("#levels")).to_contain_text("6 tin chờ gửi")
    device.reload()
    shown_now(device, 4, "waiting")
    assert states(app) == ["on_stage", "waiting", "waiting", "waiting", "waiting", "waiting"]

    tap(office, "Mời chuẩn bị", 2)
    device.context.set_offline(False)
    expect(device.locator("#levels")).to_contain_text("không còn tin chờ gửi", timeout=30_000)
    expect(device.locator("#notices")).to_contain_text("Máy khác đã ghi «chuẩn bị» trước")
    shots(device, "told")
    device.get_by_role("button", name="Đã hiểu").click()
    expect(device.locator("#notices")).to_have_text("")
    assert states(app) == ["done", "ready", "done", "waiting", "waiting", "waiting"]
    with app.app_context():
        verdicts = db.session.scalars(select(Mutation.verdict).order_by(Mutation.seq)).all()
        assert [str(each) for each in verdicts] == ["applied", "applied", "conflict", *["applied"] * 4]


def the_rest(app: Flask, device: Page) -> None:
    """By keyboard and tap; the one that was passed over comes last."""
    device.locator(".stage-large button:enabled").last.focus()
    device.keyboard.press("Enter")
    shown_now(device, 5, "on_stage")
    for number in (4, 6, 2):
        tap(device, "Thi xong", int(now_on(device)))
        tap(device, "Bắt đầu", number)
        shown_now(device, number, "on_stage")
    tap(device, "Thi xong", 2)
    expect(device.get_by_text("Đã hết lượt của ngày này.")).to_be_visible()
    expect(device.locator("#levels")).to_contain_text("không còn tin chờ gửi", timeout=30_000)
    assert states(app) == ["done"] * 6


def test_six_acts_with_a_delay_an_absent_family_a_later_one_and_no_network(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    code, token = made(app)
    url = live_server.url
    device = browser.new_context(base_url=url, viewport=PHONE, locale="vi-VN").new_page()  # type: ignore[arg-type]
    office = browser.new_context(base_url=url, viewport=TABLET, locale="vi-VN").new_page()  # type: ignore[arg-type]
    office.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    public = browser.new_context(base_url=url, viewport=PHONE, locale="vi-VN").new_page()  # type: ignore[arg-type]
    public.goto("/programme")
    expect(public.locator(".running-later:visible")).to_have_count(0)
    device.goto(f"/enrol#{code}")
    device.locator("#enrol button").click()
    device.locator("#enrolled a").click()
    shown_now(device, 1, "waiting")
    device.wait_for_function(
        "navigator.serviceWorker.controller !== null || navigator.serviceWorker.ready.then(() => true)"
    )

    # the delay: the first begins now, all behind it are told later
    tap(device, "Bắt đầu", 1)
    shown_now(device, 1, "on_stage")
    expect(device.locator(".stage-clock")).to_contain_text("trên 10 phút")
    expect(device.locator("#levels")).to_contain_text("không còn tin chờ gửi")
    follows(public, "dự kiến")
    office.goto("/office/stage/a")
    shown_now(office, 1, "on_stage")
    shots(office, "office")
    shots(device, "device")
    shots(public, "programme")

    without_network(app, device, office)

    # the fourth is not ready: shown, taken, and the device follows
    expect(office.locator("[data-stale]")).to_be_visible()
    office.get_by_role("link", name="Tải lại trang").click()
    shown_now(office, 4, "waiting")
    office.get_by_role("link", name="Chưa sẵn sàng, lùi lượt").click()
    expect(office.get_by_role("heading", name="Đổi lượt của")).to_be_visible()
    shots(office, "later")
    office.get_by_role("button", name="Cho lên sau").click()
    shown_now(office, 5, "waiting")
    shots(office, "changed")
    shown_now(device, 5, "waiting")

    the_rest(app, device)
    public.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(public.locator(".running-later:visible")).to_have_count(0)
    for page in (device, office, public):
        page.context.close()
