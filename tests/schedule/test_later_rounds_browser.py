"""In a real browser, on a phone and by keyboard: a final is given its hour before anybody has played, then its pair stands there."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.core.transaction import transaction
from tests.harness.served import Served
from tests.judging.bracket_cast import drawn, play_on
from tests.judging.panel_cast import Panel
from tests.schedule.test_later_rounds import FINAL, told
from tests.schedule.test_later_rounds_pages import ROUNDS, panel
from tests.schedule.test_wish_browser import sound

__all__ = ["panel"]  # fixture


def test_a_final_is_put_on_the_board_by_keyboard_and_bears_its_pair_when_it_is_known(
    app: Flask, panel: Panel, context: BrowserContext, page: Page, live_server: Served
) -> None:
    with app.app_context(), transaction():
        token = open_sign_in(panel.users["organiser"], 3).token
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page.goto(ROUNDS)
    sound(page, "rounds-before")
    page.get_by_role("button", name="Đưa 4 trận vào lịch").press("Enter")
    expect(page.get_by_text("Đã đưa 4 trận vào lịch, chưa có giờ.")).to_be_visible()
    sound(page, "rounds-without-hours")
    page.get_by_role("link", name="Đặt giờ, Chung kết").press("Enter")
    expect(page.get_by_text("Đang cầm: Ném bóng vào rổ, Chung kết")).to_be_visible()
    sound(page, "board-final-in-hand")
    page.locator("button.board-place").first.press("Enter")
    expect(page.locator(f"#act-{FINAL}")).to_contain_text("Chung kết: bên thắng bán kết, trận 1")
    with app.app_context():
        drawn(panel)
        play_on(panel, until_round=2)
        pair = told(panel)[FINAL]
    page.goto(ROUNDS)
    expect(page.get_by_role("row", name=pair)).to_contain_text("7 giờ 30")
    sound(page, "rounds-known")
    page.goto("/office/stage/san")
    expect(page.get_by_text(pair).first).to_be_visible()
    sound(page, "stage-final")
    page.get_by_role("button", name=f"Bắt đầu, {pair}").press("Enter")
    expect(page.locator(".stage-now")).to_contain_text("trên 3 phút")
    page.goto(ROUNDS)
    page.get_by_text("Bỏ các trận vòng sau khỏi lịch").first.press("Enter")
    page.get_by_role("button", name="Bỏ khỏi lịch").press("Enter")
    expect(page.get_by_text("«Chung kết» đã thi, không bỏ khỏi lịch được.")).to_be_visible()
