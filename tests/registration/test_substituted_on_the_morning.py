"""On the morning a family falls ill: the officer asks, the organiser does, gate, judge and MC see who came in; and back."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.contests.models import Contest, Criterion
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.activation.sealed_cards import issue_cards
from festival.devices.enrolment import make_enrolment_code
from festival.devices.handlers import DeviceRole
from festival.passes import tokens
from festival.passes.models import Pass
from festival.roster.models import Family
from tests.checkin.test_gate_app import held_up
from tests.harness.looks import fits_here
from tests.harness.served import Served
from tests.judging.test_judge_app import open_with
from tests.registration.conftest import World
from tests.registration.morning import FIRST, RESERVE, Morning, begun

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
TABLET = {"width": 820, "height": 1180}


def signed_in(app: Flask, browser: Browser, url: str, user: int, size: dict[str, int], **more: object) -> Page:
    with app.app_context(), transaction():
        token = open_sign_in(user, 8).token
    context = browser.new_context(base_url=url, viewport=size, locale="vi-VN", **more)  # type: ignore[arg-type]
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    return context.new_page()


def device(app: Flask, browser: Browser, url: str, role: DeviceRole, user: int | None, size: dict[str, int]) -> Page:
    """Enrolled as its person does it."""
    with app.app_context(), transaction():
        festival = db.session.scalars(select(Contest.festival_id).limit(1)).one()
        code = make_enrolment_code(festival, role, user, "" if user else "Cổng 1").code
    context = browser.new_context(base_url=url, viewport=size, locale="vi-VN", service_workers="block")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/enrol#{code}")
    page.locator("#enrol button").click()
    page.locator("#enrolled a").click()
    return page


def judge_of(app: Flask, browser: Browser, url: str, day: Morning) -> Page:
    with app.app_context(), transaction():
        (card,) = issue_cards([day.judge], None)
    page = device(app, browser, url, DeviceRole.JUDGE, day.judge, TABLET)
    open_with(page, card.digits)
    return page


def cards(app: Flask) -> dict[str, str]:
    """What the code of each family's last card says, by its name."""
    with app.app_context(), transaction():
        rows = db.session.execute(select(Family.name, Pass).join(Pass, Pass.family_id == Family.id).order_by(Pass.id))
        return {name: tokens.qr_text(row) for name, row in rows}


def with_criteria(app: Flask) -> dict[str, str]:
    """The contest has what its judges mark; families by code."""
    with app.app_context(), transaction():
        talent = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
        for place, name in enumerate(("Nội dung", "Diễn xuất")):
            values = {"code": f"c{place}", "name": name, "max_milli": 50_000, "step_milli": 250}
            db.session.add(Criterion(contest_id=talent.id, position=place, **values))
        return {row.code: row.name for row in db.session.execute(select(Family.code, Family.name))}


def asked(officer: Page, page: str, comes: str) -> None:
    """The officer asks, on a small phone without script; a tick that is forgotten loses nothing."""
    officer.goto(page)
    officer.get_by_role("link", name="Xin thay người, thay gia đình").click()
    expect(officer.get_by_role("heading", name="Thay cả gia đình bằng gia đình dự bị")).to_be_visible()
    fits_here(officer, "choose")
    officer.get_by_label("Gia đình dự bị của đoàn").select_option(label=comes)
    officer.get_by_role("button", name="Xem điều thay đổi, gia đình dự bị").click()
    expect(officer.get_by_role("heading", name="Ai phải đồng ý")).to_be_visible()
    fits_here(officer, "foreseen")
    officer.get_by_label("Lý do thay").fill("bà ốm sáng nay")
    officer.get_by_role("button", name="Gửi yêu cầu").click()
    expect(officer.get_by_label("Lý do thay")).to_have_value("bà ốm sáng nay")
    officer.get_by_label("Đã hỏi, những người nêu ở trên đồng ý").check()
    officer.get_by_role("button", name="Gửi yêu cầu").click()
    expect(officer.get_by_role("button", name=re.compile("^Rút lại yêu cầu"))).to_be_visible()
    fits_here(officer, "asked")


def carried_out(organiser: Page, what: str) -> None:
    """The organiser does it, by keyboard."""
    organiser.goto("/office/registrations")
    organiser.get_by_text("Việc khác", exact=True).click()
    organiser.get_by_role("link", name="Các lần thay").click()
    expect(organiser.get_by_role("heading", name="Các lần thay")).to_be_visible()
    fits_here(organiser, "list")
    organiser.get_by_role("link", name=what).press("Enter")
    expect(organiser.get_by_role("button", name="Thay ngay")).to_be_visible()
    fits_here(organiser, "waiting")
    organiser.get_by_role("button", name="Thay ngay").press("Enter")
    expect(organiser.get_by_role("button", name="Hoàn tác lần thay")).to_be_visible()
    fits_here(organiser, "done")


def test_a_family_in_reserve_comes_in_on_the_morning(world: World, browser: Browser, live_server: Served) -> None:
    app, url = world.app, live_server.url
    day = begun(world)
    names = with_criteria(app)
    ill, comes = names[day.families[FIRST]], names[day.families[RESERVE]]
    old = cards(app)[ill]
    gate = device(app, browser, url, DeviceRole.GATE, None, PHONE)
    expect(gate.locator("#age")).to_contain_text("3 thẻ")
    judge = judge_of(app, browser, url, day)
    expect(judge.locator(".judge-row", has_text=ill)).to_contain_text("1")
    mc = signed_in(app, browser, url, day.mc, DESK)
    mc.goto("/office/stage/a/mc")
    expect(mc.locator("main")).to_contain_text(ill)

    officer = signed_in(app, browser, url, world.officer, PHONE, java_script_enabled=False)
    asked(officer, f"/delegation/{world.hon_dat}/families/{day.families[FIRST]}", comes)
    organiser = signed_in(app, browser, url, world.organiser, DESK)
    carried_out(organiser, f"{comes} vào thay {ill}")

    gate.reload()
    expect(gate.locator("#age")).to_contain_text("thẻ, lúc")
    held_up(gate, old)
    expect(gate.locator("#verdict")).to_have_attribute("data-tone", "bad")
    held_up(gate, cards(app)[comes])
    expect(gate.locator("#verdict-word")).to_have_text("Mời vào")
    expect(gate.locator("#verdict-name")).to_have_text(comes)
    judge.reload()
    expect(judge.locator(".judge-row", has_text=comes)).to_contain_text("1")
    expect(judge.locator(".judge-row", has_text=ill)).to_have_count(0)
    mc.reload()
    expect(mc.locator("main")).to_contain_text(comes)
    expect(mc.locator("main")).not_to_contain_text(ill)

    # and back, while nothing of it was on stage
    organiser.get_by_label("Lý do, ghi vào sổ").fill("bà đã khỏe")
    organiser.get_by_role("button", name="Hoàn tác lần thay").click()
    expect(organiser.get_by_text("Mọi thứ trở lại như trước")).to_be_visible()
    mc.reload()
    expect(mc.locator("main")).to_contain_text(ill)
    judge.reload()
    expect(judge.locator(".judge-row", has_text=ill)).to_contain_text("1")
    for page in (gate, judge, mc, officer, organiser):
        page.context.close()
