"""A bracket of 15 teams typed on the ground in a real browser without network, from the first match to the third place, then sent."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices import enrolment
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device, Mutation
from festival.judging.ground.devices import give
from festival.judging.matches.match_rule import HowEnded
from festival.judging.matches.tree import places
from festival.judging.tally import read_tally
from tests.harness.served import Served
from tests.harness.waiting import wait_until
from tests.judging.bracket_cast import BADMINTON, bracket, drawn, knock_out
from tests.judging.panel_cast import Panel

PHONE = {"width": 360, "height": 740}
SETS = [(21, 15), (18, 21), (21, 19)]


def enrolled(app: Flask, panel: Panel, browser: Browser, url: str) -> Page:
    """A phone of the ground with the contest on its screen."""
    with app.app_context(), transaction():
        made = enrolment.make_enrolment_code(
            panel.festival_id, DeviceRole.GROUND, None, "Sân cầu", panel.users["secretary"]
        )
    context = browser.new_context(base_url=url, viewport=PHONE, locale="vi-VN")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/enrol#{made.code}")
    page.locator("#enrol button").click()
    expect(page.locator("#enrolled a")).to_be_visible()
    with app.app_context(), transaction():
        number = db.session.scalars(select(Device.number)).one()
        give(db.session.get_one(Contest, panel.sport_id), number, None, given=True)
    page.locator("#enrolled a").click()
    page.locator('[data-hand="contest:bong-ro"]').click()
    expect(page.get_by_text("Đã ghi 0 trên 15 trận.")).to_be_visible()
    return page


def fill(page: Page, sets: list[tuple[int, int]]) -> None:
    for at, each in enumerate(sets):
        for side, points in enumerate(each):
            page.locator(f'[data-hand="set:{at}:{side}"]').fill(str(points))


def take(page: Page) -> None:
    page.locator('[data-hand="take"]').click()


def all_played(page: Page) -> None:
    """Fifteen matches: one is corrected, one nobody played, the others one after another."""
    # a set of 21:21 is none; then the match is won, was typed for the wrong side, and is corrected
    page.locator('[data-hand="next"]').click()
    fill(page, [(21, 21), (21, 5)])
    take(page)
    expect(page.get_by_text("Hiệp 1 đang hòa 21:21")).to_be_visible()
    fill(page, [(15, 21), (5, 21)])
    take(page)
    expect(page.get_by_text("✓ đã lưu trên máy")).to_be_visible()
    page.locator('[data-hand="type"]').click()
    fill(page, SETS)
    take(page)
    expect(page.locator(".judge-sent-words")).to_contain_text("2:1 (21:15, 18:21, 21:19)")

    # one did not come: read back as everybody will see it
    page.locator('[data-hand="next"]').click()
    page.locator('[data-hand="how:walkover"]').check()
    page.locator('[data-hand="winner:b"]').check()
    take(page)
    expect(page.get_by_role("dialog")).to_contain_text("không đến")
    page.get_by_role("dialog").get_by_role("button", name="Đúng, ghi như vậy").click()
    for _match in range(13):
        page.locator('[data-hand="next"]').click()
        fill(page, SETS)
        take(page)
        expect(page.get_by_text("✓ đã lưu trên máy")).to_be_visible()
    page.locator('[data-hand="back"]').click()
    expect(page.get_by_text("Mọi trận đã xong.")).to_be_visible()
    expect(page.locator(".match-places li")).to_have_count(6)  # 1, 2, 3, 4, 5 for four, 9 for seven


def branch_again(page: Page) -> None:
    """What was noted of a semi-final and after it goes, and is noted anew."""
    # a semi-final was typed for the wrong side: its branch is taken back and typed again
    page.locator('[data-match="3.1"]').click()
    page.locator('[data-hand="drop"]').click()
    expect(page.get_by_role("dialog")).to_contain_text("Tranh hạng ba")
    page.get_by_role("dialog").get_by_role("button", name="Bỏ cả nhánh này").click()
    expect(page.get_by_text("Chưa có kết quả.")).to_be_visible()
    page.locator('[data-hand="type"]').click()
    fill(page, [(b, a) for a, b in SETS])
    take(page)
    for _match in range(2):
        page.locator('[data-hand="next"]').click()
        fill(page, SETS)
        take(page)
        expect(page.get_by_text("✓ đã lưu trên máy")).to_be_visible()
    page.locator('[data-hand="back"]').click()


def test_fifteen_teams_from_the_draw_to_the_third_place_offline(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    with app.app_context():
        panel = knock_out(15, BADMINTON)
        drawn(panel)
    page = enrolled(app, panel, browser, live_server.url)
    page.context.set_offline(True)
    expect(page.get_by_text("vào thẳng vòng sau")).to_have_count(1)

    all_played(page)
    branch_again(page)
    shown = page.locator(".match-places li").all_inner_texts()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Mutation)) == 0
        db.session.rollback()

    page.context.set_offline(False)

    def arrived() -> bool:
        with app.app_context(), reading():
            return db.session.scalar(select(func.count()).select_from(Mutation)) == 22

    wait_until(arrived)
    expect(page.get_by_text("không còn tin chờ gửi")).to_be_visible()
    with app.app_context():
        now = bracket(panel)
        groups = places(now.tree)
        assert groups is not None
        names = {code: team.name for code, team in now.teams.items()}
        assert [line.split(": ")[1].split(", ") for line in shown] == [
            [names[each] for each in group] for group in groups
        ]
        assert now.typed[1, 2].version == 2 or now.typed[1, 1].version == 2
        assert sum(each.result.how is HowEnded.WALKOVER for each in now.tree if each.result) == 1
        assert now.typed[3, 1].version == 3
        with reading():
            order = read_tally(db.session.get_one(Contest, panel.sport_id)).order
        assert order is not None and [len(group) for group in order] == [1, 1, 1, 1, 4, 7]
        verdicts = db.session.scalars(select(Mutation.verdict)).all()
        assert {str(each) for each in verdicts} == {"applied"}
        db.session.rollback()
