"""A head sends a petition on the phone; chair and secretary read the answer back and record it; the amendment names it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from festival.contests.models import ContestState
from festival.core.database import db
from festival.core.transaction import reading
from festival.roster.links.of_delegations import delegation_link
from festival.roster.models import Delegation
from tests.harness.served import Served
from tests.judging.panel_cast import Panel
from tests.results.test_amended_in_the_browser import both_sign, seated
from tests.results.test_pages_of_the_panel import TAI_NANG
from tests.results.test_petitions import WHY, panel
from tests.results.whole_cast import bring, lock_all

__all__ = ["panel"]

pytestmark = pytest.mark.either_database


def test_from_the_heads_phone_to_the_amendment(app: Flask, panel: Panel, live_server: Served, browser: Browser) -> None:
    with app.app_context():
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
        with reading():
            link = delegation_link(db.session.scalars(select(Delegation).order_by(Delegation.id)).all()[1])
    head = seated(app, browser, live_server, None, width=360)
    head.goto(f"/d/{link}")
    head.get_by_role("link", name="Kiến nghị của đoàn").click()
    head.get_by_label("Về việc gì").select_option("contest:tai-nang")
    head.get_by_label("Nội dung").fill(WHY)
    head.get_by_label("4 số cuối").fill("1111")
    head.get_by_role("button", name="Gửi kiến nghị").click()
    expect(head.get_by_text("4 số cuối chưa đúng")).to_be_visible()
    expect(head.get_by_label("Nội dung")).to_have_value(WHY)
    head.get_by_label("4 số cuối").fill("5678")
    head.get_by_role("button", name="Gửi kiến nghị").click()
    expect(head.get_by_role("heading", name="Kiến nghị số 1")).to_be_visible()

    secretary = seated(app, browser, live_server, panel.users["secretary"], width=1440)
    secretary.goto(TAI_NANG)
    secretary.get_by_role("link", name="Xem kiến nghị").click()
    secretary.get_by_role("link", name="Kiến nghị số 1").click()
    secretary.locator("#what").select_option("accepted")
    secretary.locator("#answer-words").fill("Băng ghi hình cho thấy loa rè.")
    secretary.get_by_role("button", name="Đọc lại trước khi ghi").click()
    both_sign(secretary, "Ghi trả lời")
    expect(secretary.get_by_text("được chấp nhận, chưa làm xong")).to_be_visible()
    secretary.get_by_role("link", name="Đính chính điểm, hạng, giải").click()
    secretary.get_by_text("Hạng ghi thẳng", exact=True).click()
    for at, (entry, place) in enumerate((("1", "2"), ("2", "1"))):
        secretary.locator(f"#place-entry-{at}").fill(entry)
        secretary.locator(f"#place-value-{at}").fill(place)
    secretary.get_by_role("button", name="Xem kết quả mới").click()
    expect(secretary.get_by_label("Căn cứ đính chính")).to_have_value("petition-1")
    secretary.get_by_label("Số biên bản đính chính").fill("12/ĐC")
    secretary.get_by_label("Lý do").fill("kiến nghị đúng")
    both_sign(secretary, "Ghi biên bản đính chính")
    expect(secretary.get_by_text("Căn cứ: kiến nghị số 1.")).to_be_visible()
    head.reload()
    expect(head.get_by_text(re.compile("đoàn đọc được khi công bố"))).to_be_visible()
