"""Five judges mark on paper, typed twice in a browser; the border check finds the slip that both typed wrong."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.judging.paper.border import type_border
from festival.judging.paper.slips import Slip, SlipReading, type_slip
from festival.results.border.pages import slip_named
from festival.results.current import tally_for_result
from tests.harness.served import Served
from tests.house import reach
from tests.judging.panel_cast import PASSWORD_HASH, Panel, cast, marks, send
from tests.judging.test_judge_app import PIN, enrolled
from tests.results.test_border_check import locked, signs

PAGE = "/panel/tai-nang"
LETTERS = {"A": "chair", "B": "lan", "C": "hung", "D": "dao", "E": "em"}
BY_HAND = "AB"
SEEN = {letter: (40_000 + 1_000 * at, 44_000) for at, letter in enumerate(LETTERS)}  # on the slips of the first act


def panel_of_six(app: Flask) -> tuple[Panel, int]:
    """Judges A to E, F who has a tablet; a second secretary."""
    with app.app_context():
        panel = cast(2)
        with transaction():
            for letter, login in (("D", "dao"), ("E", "em"), ("F", "phuc")):
                user = create_user(login, f"Giám Khảo {letter}", PASSWORD_HASH, [Role.JUDGE])
                seat = Judge(
                    contest_id=panel.contest_id, user_id=user.id, seat=PanelSeat.MEMBER, letter=letter, marks=True
                )
                db.session.add(seat)
                db.session.flush()
                panel.users[login], panel.judges[login] = user.id, seat.id
            two = create_user("thuky2", "Hồ Thư Ký", PASSWORD_HASH, [Role.SECRETARY]).id
        for at in (0, 1):
            send(panel.message("phuc", at, marks(40_000 - 2_000 * at, 40_000)))
        return panel, two


def desk(app: Flask, browser: Browser, url: str, user: int, width: int = 1440) -> Page:
    with app.app_context(), transaction():
        token = open_sign_in(user, 8).token
    context = browser.new_context(base_url=url, viewport={"width": width, "height": 900}, locale="vi-VN")
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    return context.new_page()


def fill(page: Page, content: int, style: int) -> None:
    page.get_by_label(re.compile("^Nội dung")).fill(str(content // 1000))
    page.get_by_label(re.compile("^Diễn xuất")).fill(str(style // 1000))
    page.get_by_label(re.compile("^Tổng điểm ghi trên phiếu")).fill(str((content + style) // 1000))


@pytest.mark.long
def test_a_panel_on_paper_typed_twice_and_the_planted_wrong_slip(
    app: Flask, live_server: Served, browser: Browser, tmp_path: Path
) -> None:
    panel, two = panel_of_six(app)
    one, url = panel.users["secretary"], live_server.url
    first, second = desk(app, browser, url, one), desk(app, browser, url, two, 360)

    # all five on paper: the map waits for slips
    first.goto(f"{PAGE}/paper")
    for letter in LETTERS:
        first.get_by_role("checkbox", name=re.compile(f"^{letter}\\.")).check()
    reach.follow(first.get_by_role("button", name="Ghi, ai chấm trên giấy"))
    first.goto(PAGE)
    expect(first.get_by_text("chờ phiếu giấy").first).to_be_attached()

    # two slips of the first act in the browser: one is read 14 for 40 by the second person, and decided by the chair beside its photo
    for letter in BY_HAND:
        content, style = SEEN[letter]
        for page, read in ((first, content), (second, 14_000 if letter == "A" else content)):
            page.goto(f"{PAGE}/slip?judge={letter}&entry=E000")
            fill(page, read, style)
            page.get_by_role("button", name="Ghi phiếu giấy").click()
    expect(second.get_by_text("Hai lượt gõ giống nhau")).to_be_visible()
    photo = tmp_path / "phieu.jpg"
    Image.new("RGB", (900, 1200), "#ddd").save(photo)
    first.goto(f"{PAGE}/slip?judge=A&entry=E000")
    first.get_by_label("Chụp hoặc chọn ảnh của phiếu").set_input_files(photo)
    first.get_by_role("button", name="Giữ ảnh").click()
    chair = desk(app, browser, url, panel.users["chair"], 820)
    chair.goto(f"{PAGE}/paper")
    chair.get_by_role("link", name=re.compile("^A · 1")).click()
    expect(chair.get_by_role("row", name=re.compile("Nội dung.*lệch.*40.*14"))).to_be_visible()
    assert chair.locator("img.slip-photo").evaluate("image => image.decode().then(() => image.naturalWidth)") == 900
    chair.get_by_role("radio", name="Lượt gõ thứ nhất").check()
    chair.get_by_label("Lý do").fill("đọc lại phiếu: 40")
    chair.get_by_role("button", name="Ghi quyết định").click()
    expect(chair.get_by_text("Đã ghi quyết định cho phiếu A")).to_be_visible()

    # the others by both, alike; of judge C's second both read 38 where the slip says 33
    with app.app_context():
        for letter, who in LETTERS.items():
            for at, read in ((0, SEEN[letter]), (1, (38_000, 40_000))):
                slip = Slip(panel.contest_id, panel.judges[who], panel.users[who], panel.entry_ids[at], f"E00{at}")
                for by in (one, two) if at or letter not in BY_HAND else ():
                    with transaction():
                        type_slip(slip, SlipReading(marks(*read), sum(read), ""), by)
        locked(panel)

    confirmed_on_the_tablet(app, browser, url, panel)
    found_by_the_check(app, browser, url, panel, chair)


def confirmed_on_the_tablet(app: Flask, browser: Browser, url: str, panel: Panel) -> None:
    """The tablet's judge sees what was locked and confirms it by PIN."""
    tablet = enrolled(app, panel, browser, url, "phuc")
    tablet.get_by_role("button", name="Xem lại và xác nhận").click()
    expect(tablet.get_by_role("dialog").get_by_text("80", exact=True)).to_be_visible()
    tablet.get_by_label("Mã PIN của ông/bà").fill(PIN)
    tablet.get_by_role("button", name="Đúng, xác nhận").click()
    expect(tablet.get_by_text("Đã xác nhận phiếu đã khóa")).to_be_visible()


def found_by_the_check(app: Flask, browser: Browser, url: str, panel: Panel, chair: Page) -> None:
    """A third person types every slip from the paper; what both had read wrong stops the signature."""
    checker = desk(app, browser, url, panel.users["deputy"], 360)
    checker.goto(f"{PAGE}/border")
    checker.get_by_label("Các mặt xúc xắc đã gieo").fill("31254 66123")
    checker.get_by_role("button", name="Rút phiếu").click()
    expect(checker.get_by_text("Còn 10 phiếu chưa gõ lại.")).to_be_visible()
    for letter, at in product(LETTERS, (0, 1)):
        read = (33_000 if letter == "C" else 38_000, 40_000) if at else SEEN[letter]
        if (letter, at) in (("A", 0), ("C", 1)):
            checker.goto(f"{PAGE}/border/slip?judge={letter}&entry=E00{at}")
            fill(checker, *read)
            reach.follow(checker.get_by_role("button", name="So với điểm đã khóa"))
            continue
        with app.app_context():
            with reading():
                slip = slip_named(tally_for_result(db.session.get_one(Contest, panel.contest_id)), letter, f"E00{at}")
            with transaction():
                type_border(slip, panel.contest_id, SlipReading(marks(*read), sum(read), ""), panel.users["deputy"])
    checker.reload()
    expect(checker.get_by_text("1 phiếu lệch so với điểm đã khóa.")).to_be_visible()
    chair.goto(f"{PAGE}/border")
    expect(chair.get_by_text("Nội dung: đã khóa 38, gõ lại 33")).to_be_visible()
    expect(chair.get_by_text("F. Giám Khảo F")).to_contain_text("đã xác nhận")
    with app.app_context(), pytest.raises(Conflict, match="1 phiếu lệch"):
        signs(panel)
