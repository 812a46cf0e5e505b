"""A judge is replaced in the middle while another marks: real tablets, one without network, the secretary's page."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading
from festival.devices.models import Mutation
from festival.judging.tally import read_tally
from tests.harness.served import Served
from tests.judging.panel_cast import PASSWORD, Panel, cast, marks, send
from tests.judging.test_judge_app import enrolled, give
from tests.results.test_paper_panel_browser import desk

pytestmark = [pytest.mark.faults, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
SEATS = "/panel/tai-nang/seats"


def mark(page: Page, family: str, content: str, style: str) -> None:
    page.locator(".judge-row", has_text=family).click()
    give(page, "Nội dung", content)
    give(page, "Diễn xuất", style)
    page.get_by_role("button", name="Gửi phiếu").click()


def back(page: Page) -> None:
    page.get_by_role("button", name="Về danh sách").click()


def counted(app: Flask, panel: Panel) -> dict[tuple[str, int], tuple[str, int | None]]:
    """What counts, by letter and entry: whose sheet, and its total."""
    with app.app_context(), reading():
        tallied = read_tally(db.session.get_one(Contest, panel.contest_id))
        letters = {each.id: each.letter for each in tallied.seats}
        names = {number: who for who, number in panel.judges.items()}
        at = {number: place for place, number in enumerate(panel.entry_ids)}
        return {
            (letters[seat], at[entry]): (names.get(sheet.judge_id, "other"), sheet.total_milli)
            for (seat, entry), sheet in tallied.sheets.items()
        }


def replaced_on_the_page(page: Page, panel: Panel) -> None:
    """A wrong PIN first: what was chosen stays."""
    page.goto(SEATS)
    page.get_by_label("Ghế", exact=True).select_option(str(panel.judges["hung"]))
    page.get_by_label("Người thay", exact=True).select_option(str(panel.users["other"]))
    page.get_by_label("Lý do thay").fill("ốm sau tiết mục số 1")
    for password in ("sai", PASSWORD):
        page.locator("#replace-chair").fill("chair")
        page.locator("#replace-chair-password").fill(password)
        page.locator("#replace-secretary").fill("thuky")
        page.locator("#replace-secretary-password").fill(PASSWORD)
        page.get_by_role("button", name="Thay giám khảo").click()
    expect(page.get_by_text("Đã thay giám khảo ghế C.")).to_be_visible()
    expect(page.get_by_text("ốm sau tiết mục số 1")).to_be_visible()


def test_a_judge_is_replaced_while_another_marks(app: Flask, live_server: Served, browser: Browser) -> None:
    with app.app_context():
        panel = cast(aggregate="mean", round_milli=1)
        send(*(panel.message("chair", at, marks(40_000, 40_000)) for at in range(3)))
    lan, hung = (enrolled(app, panel, browser, live_server.url, who) for who in ("lan", "hung"))
    mark(hung, "Danh Chung 0", "20", "21")
    expect(hung.get_by_text("✓ đã vào sổ")).to_be_visible()
    back(hung)
    # Lan is in the middle of a sheet, without network; Hung has one that was never sent.
    lan.context.set_offline(True)
    lan.locator(".judge-row", has_text="Danh Chung 0").click()
    give(lan, "Nội dung", "30")
    hung.context.set_offline(True)
    mark(hung, "Danh Chung 1", "45", "45")
    expect(hung.get_by_text("○ máy chủ đã nhận")).to_be_visible()

    secretary = desk(app, browser, live_server.url, panel.users["secretary"])
    replaced_on_the_page(secretary, panel)
    assert counted(app, panel)["C", 0] == ("hung", 41_000), "the sheet that was given stays"

    # Lan's tablet goes on as if nothing had been: the draft is there, the sheet arrives.
    give(lan, "Diễn xuất", "31")
    lan.get_by_role("button", name="Gửi phiếu").click()
    lan.context.set_offline(False)
    expect(lan.get_by_text("✓ đã vào sổ")).to_be_visible(timeout=20_000)
    # Hung's tablet is told that it marks no more; what it still held is kept aside and counts nowhere.
    hung.context.set_offline(False)
    expect(hung.locator("body")).to_contain_text("Máy này đã bị thu hồi", timeout=20_000)
    assert ("C", 1) not in counted(app, panel)

    substitute = enrolled(app, panel, browser, live_server.url, "other")
    expect(substitute.get_by_text("Giám khảo C.")).to_be_visible()
    for at, (content, style) in ((1, ("10", "11")), (2, ("12", "13"))):
        mark(substitute, f"Danh Chung {at}", content, style)
        expect(substitute.get_by_text("✓ đã vào sổ")).to_be_visible()
        back(substitute)
    assert counted(app, panel) == {
        ("A", 0): ("chair", 80_000), ("A", 1): ("chair", 80_000), ("A", 2): ("chair", 80_000), ("B", 0): ("lan", 61_000),
        ("C", 0): ("hung", 41_000), ("C", 1): ("other", 21_000), ("C", 2): ("other", 25_000),
    }  # fmt: skip
    with app.app_context(), reading():
        late = db.session.scalars(
            select(Mutation.verdict).where(Mutation.subject == "E001/1").order_by(Mutation.received_at)
        )
        assert list(late) == ["quarantined", "applied"]
    secretary.goto(SEATS)
    expect(secretary.get_by_role("row", name=re.compile("^C.*thay.*3.3"))).to_be_visible()
