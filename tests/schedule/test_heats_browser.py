"""A stage runs two heats of three in a real browser: called by one tap, one family absent, all of it without network; the office follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices import enrolment
from festival.devices.handlers import DeviceRole
from festival.schedule.models import Act, Plan, Session
from tests.harness.looks import shots
from tests.harness.served import Served
from tests.programme.scene import make_festival
from tests.schedule.test_stage_browser import PHONE, begun, states


def made(app: Flask) -> tuple[str, str]:
    """Two heats of today; a code for the device and a sign-in for the office."""
    with app.app_context(), transaction():
        first = begun()
        scene = make_festival(families=6, contests=1, first_day=local(first).date())
        db.session.execute(update(Contest).values(lanes=3))
        plan = db.session.scalars(select(Plan)).one()
        lines = [dict(line) for line in plan.content["acts"]]
        for at, act in enumerate(db.session.scalars(select(Act).order_by(Act.position))):
            act.starts_at = first + timedelta(minutes=10 * (at // 3))
            of_heat: dict[str, Any] = {"heat": at // 3 + 1, "lane": at % 3 + 1, "number": at + 1}
            lines[at] |= {"starts_at": local(act.starts_at).isoformat()} | of_heat
        plan.content = {"acts": lines}
        session = db.session.scalars(select(Session)).one()
        session.starts_at, session.ends_at = first, first + timedelta(hours=2)
        user = create_user("btc", "Ban Tổ chức", "", [Role.ORGANISER])
        db.session.flush()
        code = enrolment.make_enrolment_code(scene.festival_id, DeviceRole.STAGE, None, "Sân khấu A").code
        return code, open_sign_in(user.id, 8).token


def heat_shown(page: Page, heat: int, state: str, lanes: int) -> None:
    card = page.locator(f".stage-now.state-{state}")
    expect(card.locator(".stage-name")).to_contain_text(f"đợt {heat}")
    expect(card.locator("li")).to_have_count(lanes)
    expect(page.locator(".stage-large")).to_have_count(1)  # the large taps stand there once for all of them


def test_two_heats_called_as_one_without_network(app: Flask, live_server: Served, browser: Browser) -> None:
    code, token = made(app)
    url = live_server.url
    device = browser.new_context(base_url=url, viewport=PHONE, locale="vi-VN").new_page()  # type: ignore[arg-type]
    office = browser.new_context(base_url=url, viewport=PHONE, locale="vi-VN").new_page()  # type: ignore[arg-type]
    office.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    device.goto(f"/enrol#{code}")
    device.locator("#enrol button").click()
    device.locator("#enrolled a").click()
    heat_shown(device, 1, "waiting", 3)
    office.goto("/office/stage/a")
    heat_shown(office, 1, "waiting", 3)
    shots(office, "heat-office")
    shots(device, "heat-device")

    device.context.set_offline(True)
    device.locator(".stage-now li").filter(has_text="đường 2").get_by_role("button", name="Vắng mặt").click()
    heat_shown(device, 1, "waiting", 2)
    device.locator(".stage-large").get_by_role("button", name="Bắt đầu").click()
    heat_shown(device, 1, "on_stage", 2)
    shots(device, "heat-on")
    device.locator(".stage-large").get_by_role("button", name="Thi xong").click()
    heat_shown(device, 2, "waiting", 3)
    expect(device.locator("#levels")).to_contain_text("3 tin chờ gửi")  # not one for each family
    assert states(app) == ["waiting"] * 6
    device.context.set_offline(False)
    expect(device.locator("#levels")).to_contain_text("không còn tin chờ gửi", timeout=30_000)
    assert states(app) == ["done", "absent", "done", "waiting", "waiting", "waiting"]
    office.goto("/office/stage/a")
    heat_shown(office, 2, "waiting", 3)
    office.locator(".stage-large").get_by_role("button", name="Bắt đầu").click()
    heat_shown(office, 2, "on_stage", 3)
    shots(office, "heat-office-on")
    assert states(app)[3:] == ["on_stage"] * 3
    for each in (device, office):
        each.context.close()
