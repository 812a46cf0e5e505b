"""Does the judge's hand stay where it is, and is what happens told to the ear: after a mark, after sending, when the stage moves on?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.schedule.models import Act, ActState, Session, Stage
from tests.harness.served import Served
from tests.house.reach import everything, held
from tests.judging.panel_cast import Panel, cast
from tests.judging.test_judge_app import enrolled

# Where the hand is does not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FIRST, SECOND = "Gia đình ông Danh Chung 0", "Gia đình ông Danh Chung 1"


def hand(page: Page) -> str:
    """The name of what has the focus; BODY when it has fallen to the page."""
    return str(page.evaluate("document.activeElement.dataset.hand ?? document.activeElement.tagName"))


def on_stage(panel: Panel, at: int) -> None:
    """The first stage shows this entry from now on."""
    with transaction():
        stage = Stage(festival_id=panel.festival_id, code="san-khau", name="Sân khấu chính")
        db.session.add(stage)
        db.session.flush()
        session = Session(
            stage_id=stage.id, contest_id=panel.contest_id, starts_at=now(), ends_at=now() + timedelta(hours=2)
        )
        db.session.add(session)
        db.session.flush()
        db.session.add(
            Act(
                session_id=session.id,
                entry_id=panel.entry_ids[at],
                position=1,
                starts_at=now(),
                duration_min=15,
                state=ActState.ON_STAGE,
                began_at=now(),
            )
        )


def second_criterion(page: Page) -> None:
    """Over to the other criterion by arrow and by button, its mark by the number pad."""
    key, heard = page.keyboard, page.locator("#said")
    key.press("ArrowDown")
    assert hand(page) == "criterion:dien-xuat"
    key.press("ArrowUp")
    page.get_by_role("button", name="Tiêu chí sau").press("Enter")
    expect(heard).to_have_text("Cho điểm: Diễn xuất")
    assert hand(page) == "criterion:dien-xuat", "there is none after the last"
    # the number pad
    page.get_by_role("button", name="Bàn phím số").press("Enter")
    assert hand(page) == "mode"
    for digit in "29":
        page.get_by_role("button", name=digit, exact=True).press("Enter")
    page.get_by_role("button", name="Nhận điểm này").press("Enter")
    assert hand(page) == "take"
    expect(heard).to_have_text("Diễn xuất: 29. Tổng điểm 79 / 100")
    held(page.locator("main"), "judge-sheet")
    assert everything(page) == []
    assert hand(page) == "take", "not even by a tablet that is turned"


def test_the_hand_stays_on_its_key_and_the_total_is_read_back(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    with app.app_context():
        panel = cast()
    page = enrolled(app, panel, browser, live_server.url, "hung")
    heard = page.locator("#said")
    key = page.keyboard
    expect(page.locator("#levels")).to_contain_text("có mạng")
    held(page.locator("body"), "judge-list")
    assert everything(page) == []
    # from the list into the sheet: the family's name first, then the criteria
    page.locator(".judge-row", has_text=FIRST).press("Enter")
    expect(page.get_by_role("heading", name=f"Số 1. {FIRST}")).to_be_focused()
    key.press("Tab")
    assert hand(page) == "criterion:noi-dung"
    # the grid, the part of a point, one step more and less: each stays under the hand
    page.get_by_role("button", name="30", exact=True).press("Enter")
    expect(heard).to_have_text("Nội dung: 30. Còn thiếu: Diễn xuất")
    assert hand(page) == "whole:30000"
    page.get_by_role("button", name="30,5", exact=True).press("Enter")
    assert hand(page) == "part:500"
    page.get_by_role("button", name="Thêm 0,25").press("Enter")
    key.press("Enter")
    expect(heard).to_have_text("Nội dung: 31. Còn thiếu: Diễn xuất")
    assert hand(page) == "more"
    page.get_by_role("button", name="Bớt 0,25").press("Enter")
    assert hand(page) == "less"
    # a key that is at its end, or has nothing left to take away, leaves the hand on the criterion
    page.get_by_role("button", name="Xóa", exact=True).press("Enter")
    expect(heard).to_have_text("Nội dung: chưa có điểm. Còn thiếu: Nội dung, Diễn xuất")
    assert hand(page) == "criterion:noi-dung"
    page.get_by_role("button", name="50", exact=True).press("Enter")
    page.get_by_role("button", name="Bớt 0,25").press("Enter")
    page.get_by_role("button", name="Thêm 0,25").press("Enter")
    assert hand(page) == "criterion:noi-dung"
    second_criterion(page)
    # sent: the total in digits and words where the hand is, then how far it has come
    page.get_by_role("button", name="Gửi phiếu").press("Enter")
    sent = page.get_by_role("group", name=f"Số 1. {FIRST} 79 bảy mươi chín điểm", exact=True)
    expect(sent).to_be_focused()
    expect(heard).to_have_text("đã vào sổ")
    assert hand(page) == "sent", "news do not take it away"
    held(page.locator("main"), "judge-sent")
    assert everything(page) == []
    key.press("Tab")
    assert hand(page) == "next"
    page.get_by_role("button", name="Về danh sách").press("Enter")
    expect(page.locator(".judge-row", has_text=FIRST)).to_be_focused()
    page.context.close()


def test_the_hand_stays_when_the_stage_moves_on(app: Flask, live_server: Served, browser: Browser) -> None:
    with app.app_context():
        panel = cast()
        on_stage(panel, 1)
    page = enrolled(app, panel, browser, live_server.url, "hung")
    page.locator(".judge-row", has_text=FIRST).press("Enter")
    asked = page.get_by_role("dialog", name="Sân khấu đã sang tiết mục khác")
    expect(asked).to_have_accessible_description(f"Trên sân khấu: Số 2. {SECOND} Phiếu đang mở: Số 1. {FIRST}")
    expect(asked.get_by_role("button", name="Chấm tiếp phiếu đang mở")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Số 1. {FIRST}")).to_be_focused()
    page.get_by_role("button", name="Danh sách").press("Enter")
    expect(page.locator(".judge-row", has_text=FIRST)).to_be_focused()
    # over to the one on stage: its name is read, not the top of the page
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Chuyển sang tiết mục trên sân khấu").press("Enter")
    expect(page.get_by_role("heading", name=f"Số 2. {SECOND}")).to_be_focused()
    page.context.close()
