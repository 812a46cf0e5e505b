"""The grid of a contest in which all cook at once: what the tablet is told, and a judge who marks stall by stall in a real browser."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from festival.contests.models import Contest, Criterion
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.judging.models import ScoreSheet
from festival.judging.tablets.tablet import judge_state
from tests.harness.served import Served
from tests.harness.waiting import wait_until
from tests.judging.panel_cast import Panel, cast
from tests.judging.test_judge_app import enrolled

PARTS = (("noi-dung", "Quy trình"), ("dien-xuat", "Hương vị"))


def kitchen(entries: int = 3) -> Panel:
    """All families cook at once; Lan is tied to the third."""
    panel = cast(entries, together_min=90)
    with transaction():
        for code, part in PARTS:
            db.session.execute(update(Criterion).where(Criterion.code == code).values(part=part))
    return panel


def test_a_tablet_is_told_what_runs_at_once_and_the_groups_and_no_other_contest_says_more(app: Flask) -> None:
    with app.app_context():
        panel = kitchen()
        with reading():
            (told,) = judge_state(panel.users["lan"], panel.festival_id)["contests"]
        assert told["together"] is True and [each["part"] for each in told["criteria"]] == ["Quy trình", "Hương vị"]
        with transaction():
            db.session.execute(update(Contest).values(together_min=0))
            db.session.execute(update(Criterion).values(part=""))
        with reading():
            (plain,) = judge_state(panel.users["lan"], panel.festival_id)["contests"]
        assert "together" not in plain and all("part" not in each for each in plain["criteria"])


def tap(page: Page, whole: str, part: str) -> None:
    page.get_by_role("group", name="Số điểm").get_by_role("button", name=whole, exact=True).click()
    page.get_by_role("group", name="Phần lẻ").get_by_role("button", name=part, exact=True).click()


def sent(app: Flask, panel: Panel) -> list[tuple[int, int | None]]:
    with app.app_context(), reading():
        rows = db.session.execute(select(ScoreSheet.entry_id, ScoreSheet.total_milli).order_by(ScoreSheet.entry_id))
        return [(entry, total) for entry, total in rows]


def test_a_judge_marks_stall_by_stall_in_the_grid_and_one_at_a_time_on_a_phone(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    with app.app_context():
        panel = kitchen()
    page = enrolled(app, panel, browser, live_server.url)
    page.get_by_role("button", name="Chấm tiếp").click()
    grid = page.get_by_role("region", name="Bảng chấm các gian")
    expect(grid.locator("thead tr").first).to_have_text("Quy trìnhHương vị")
    expect(grid.locator("tr[data-stall=E002]")).to_contain_text("có liên quan, không chấm")
    expect(grid.locator("tr[data-stall=E002] button")).to_have_count(0)
    # a mark that is whole goes on to the next open cell of its row; the row's sum stands in digits
    first = grid.locator("tr[data-stall=E000]")
    tap(page, "28", "28,5")
    expect(first.locator(".judge-cell[aria-current]")).to_have_attribute("data-hand", "cell:E000:dien-xuat")
    expect(first.locator(".judge-stall-sum")).to_contain_text("28,5")
    # another stall before this one is full: what was begun stays on the tablet, and each cell knows its family
    grid.locator('[data-hand="cell:E001:dien-xuat"]').click()
    expect(page.locator(".judge-head h1")).to_contain_text("Số 2")
    tap(page, "40", "40")
    expect(grid.locator("tr[data-stall=E001] .judge-cell[aria-current]")).to_have_attribute(
        "data-hand", "cell:E001:noi-dung"
    )
    expect(first).to_contain_text("28,5")
    grid.locator('[data-hand="stall:E000"]').click()
    expect(page.locator(".judge-head h1")).to_contain_text("Số 1")
    expect(first.locator(".judge-cell[aria-current]")).to_have_attribute("data-hand", "cell:E000:dien-xuat")
    page.context.set_offline(True)
    tap(page, "50", "50")
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator(".judge-sent-total")).to_have_text("78,5")
    page.get_by_role("button", name="Tiết mục tiếp theo").click()
    expect(first.locator(".judge-stall-sum")).to_contain_text("✓")
    # the same sheet on a phone: one stall, and a strip of all
    page.set_viewport_size({"width": 360, "height": 740})
    strip = page.get_by_role("navigation", name="Các gian")
    expect(strip.get_by_role("button")).to_have_count(3)
    expect(page.locator(".judge-criteria .judge-part")).to_have_text(["Quy trình", "Hương vị"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(strip.locator("[aria-current=true]")).to_contain_text("2")
    tap(page, "20", "20")
    page.context.set_offline(False)
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator(".judge-sent-total")).to_have_text("60")
    wait_until(lambda: sent(app, panel) == [(panel.entry_ids[0], 78_500), (panel.entry_ids[1], 60_000)])
    page.context.close()
