"""The app of a ground in a real browser: offline counts, a time by the stopwatch, a correction, the head's answer, online once."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from festival.contests.models import Contest, ResultKind
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices import enrolment
from festival.devices.handlers import DeviceRole
from festival.devices.models import Mutation
from festival.judging.ground.devices import give
from festival.judging.ground.models import MeasureSeen
from festival.judging.measuring import note_measure
from festival.judging.models import Measure, MeasureRevision, MeasureState
from tests.harness.served import Served
from tests.judging.panel_cast import Panel, cast

PHONE = {"width": 360, "height": 740}


def enrolled(app: Flask, panel: Panel, browser: Browser, url: str) -> Page:
    """A phone on the ground with its contests on the screen: balls, and the contest that is a race in this story."""
    with app.app_context(), transaction():
        code = enrolment.make_enrolment_code(
            panel.festival_id, DeviceRole.GROUND, None, "Sân cỏ", panel.users["secretary"]
        ).code
    page = browser.new_context(base_url=url, viewport=PHONE, locale="vi-VN").new_page()  # type: ignore[arg-type]
    page.goto(f"/enrol#{code}")
    page.locator("#enrol button").click()
    page.locator("#enrolled a").click()
    expect(page.get_by_role("heading", name="Chưa có phần thi nào giao cho máy này")).to_be_visible()
    with app.app_context(), transaction():
        race = Contest.id == panel.contest_id
        db.session.execute(update(Contest).where(race).values(result_kind=ResultKind.TIME, attempts=2, lower_wins=True))
        for contest in (panel.sport_id, panel.contest_id):
            give(db.session.get_one(Contest, contest), 1, None, given=True)
    page.reload()
    expect(page.get_by_role("heading", name="Phần thi của máy này")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def press(page: Page, keys: str) -> None:
    for key in keys:
        name = {":": "dấu hai chấm", ",": "dấu phẩy"}.get(key, key)
        page.get_by_role("button", name=name, exact=True).click()


def button(page: Page, name: str) -> None:
    page.locator("#screen").get_by_role("button", name=name).click()


def rows(app: Flask, contest_id: int) -> list[tuple[str, int, str, int | None]]:
    with app.app_context():
        contest = db.session.get_one(Contest, contest_id)
        found = db.session.scalars(select(Measure).order_by(Measure.entry_id, Measure.round)).all()
        return [
            (row.entry.code, row.round, row.state.value, row.value)
            for row in found
            if row.entry.contest_id == contest.id
        ]


def counts(page: Page) -> None:
    """Counts with the pad: too many is refused in words and keeps what was typed; corrected, seen by the head, not come."""
    button(page, "Ghi tiếp: 1. Gia đình ông Danh Chung 0")
    button(page, "Ghi kết quả")
    press(page, "31")
    button(page, "Ghi kết quả")
    expect(page.get_by_text("Nhiều nhất là 30 quả.")).to_be_visible()
    expect(page.locator("#ground-typed")).to_have_value("31")
    page.get_by_role("button", name="Xóa một số").click()
    press(page, "5")
    page.locator("#ground-typed").fill("15")
    expect(page.locator("#ground-words")).to_have_text("mười lăm quả")
    button(page, "Ghi kết quả")
    expect(page.get_by_text("✓ đã lưu trên máy")).to_be_visible()
    expect(page.get_by_text("○ máy chủ đã nhận")).to_be_visible()

    # corrected before anybody else saw it, then seen by the head of the team
    button(page, "Sửa kết quả")
    press(page, "16")
    button(page, "Ghi kết quả")
    expect(page.locator(".judge-sent-total")).to_have_text("16 quả")
    button(page, "Đội trưởng xem và xác nhận")
    expect(page.get_by_role("heading", name="1. Gia đình ông Danh Chung 0")).to_be_visible()
    expect(page.get_by_text("mười sáu quả")).to_be_visible()
    button(page, "✓ Đúng, đội đồng ý")
    expect(page.get_by_text("✓ đội đã xác nhận")).to_be_visible()

    # the next one did not come: what the public will see is read back first
    button(page, "Tiếp theo: Gia đình ông Danh Chung 1")
    page.locator("summary", has_text="Không thi").click()
    button(page, "không dự thi")
    expect(page.get_by_role("dialog")).to_contain_text("Mọi người sẽ thấy ngay: Gia đình ông Danh Chung 1")
    page.get_by_role("dialog").get_by_role("button", name="Đúng, ghi như vậy").click()
    expect(page.locator(".judge-sent-total")).to_have_text("không dự thi")
    button(page, "‹ Quay lại")
    expect(page.get_by_text("Đã ghi 2 trên 3 tiết mục.")).to_be_visible()


def times(page: Page) -> str:
    """A time on the device's own stopwatch, which survives that the page is loaded anew, one typed and one disputed."""
    button(page, "‹ Các phần thi")
    page.locator(".judge-row", has_text="Gia đình tài năng").click()
    page.locator(".judge-row", has_text="Danh Chung 0").click()
    button(page, "Bấm giờ")
    button(page, "Bắt đầu")
    expect(page.locator("#ground-watch")).to_have_text(re.compile(r"^[1-9],\d\d$"))
    page.reload()
    button(page, "Dừng")
    stopped = page.locator("#ground-watch").inner_text()
    button(page, "Dừng nhầm, chạy tiếp")
    expect(page.locator("#ground-watch")).not_to_have_text(stopped)
    button(page, "Dừng")
    shown = page.locator("#ground-watch").inner_text()
    button(page, "Nhận")
    expect(page.get_by_text("✓ đã lưu trên máy")).to_be_visible()
    page.get_by_role("link", name="Lượt 2").click()
    button(page, "Gõ thời gian")
    press(page, "1:03,45")
    expect(page.locator("#ground-words")).to_have_text("một phút ba giây bốn mươi lăm phần trăm")
    button(page, "Ghi kết quả")
    expect(page.locator(".judge-sent-total")).to_have_text("1:03,45")
    button(page, "Đội trưởng xem và xác nhận")
    button(page, "✕ Đội không đồng ý")
    page.get_by_label("Đội không đồng ý điều gì?").fill("chân chưa chạm vạch")
    page.get_by_role("dialog").get_by_role("button", name="Ghi ý kiến").click()
    expect(page.get_by_text("chân chưa chạm vạch")).to_be_visible()
    return shown


def apart(app: Flask, panel: Panel, page: Page) -> None:
    """The secretary has typed the third family's balls; this device, still offline, types another number."""
    with app.app_context(), transaction():
        note_measure(panel.sport_id, panel.sport_entries[2], 1, MeasureState.VALID, 7, 0, panel.users["secretary"])
    button(page, "‹ Quay lại")
    button(page, "‹ Các phần thi")
    page.locator(".judge-row", has_text="Ném bóng vào rổ").click()
    page.locator(".judge-row", has_text="Danh Chung 2").click()
    button(page, "Ghi kết quả")
    press(page, "8")
    button(page, "Ghi kết quả")
    with app.app_context():
        assert db.session.scalars(select(Mutation)).all() == []
    page.context.set_offline(False)
    expect(page.get_by_text("Lượt này có hai kết quả khác nhau.")).to_be_visible(timeout=20_000)
    assert rows(app, panel.sport_id) == [("S000", 1, "valid", 16), ("S001", 1, "dns", None), ("S002", 1, "valid", 7)]
    page.get_by_role("button", name="Giữ số này: Máy").click()
    expect(page.get_by_text("✓ đã vào sổ")).to_be_visible(timeout=20_000)
    expect(page.locator(".judge-sent-total")).to_have_text("8 quả")


def test_a_ground_offline_types_is_confirmed_and_comes_back_once(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    with app.app_context():
        panel = cast()
    page = enrolled(app, panel, browser, live_server.url)
    page.context.set_offline(True)
    page.locator(".judge-row", has_text="Ném bóng vào rổ").click()
    expect(page.get_by_text("Đã ghi 0 trên 3 tiết mục.")).to_be_visible()

    counts(page)
    shown = times(page)
    apart(app, panel, page)
    assert rows(app, panel.sport_id) == [("S000", 1, "valid", 16), ("S001", 1, "dns", None), ("S002", 1, "valid", 8)]
    minutes, _, seconds = shown.replace(",", ".").rpartition(":")
    assert rows(app, panel.contest_id) == [
        ("E000", 1, "valid", round(1000 * (60 * int(minutes or 0) + float(seconds)))),
        ("E000", 2, "valid", 63_450),
    ]
    with app.app_context():
        before = db.session.scalars(select(MeasureRevision.content).order_by(MeasureRevision.id)).all()
        assert [each["value"] for each in before] == [15, 7]
        seen = db.session.scalars(select(MeasureSeen).order_by(MeasureSeen.id)).all()
        assert [(row.version, row.agrees, row.note) for row in seen] == [
            (2, True, ""),
            (1, False, "chân chưa chạm vạch"),
        ]
        said = db.session.scalars(select(Mutation.verdict).order_by(Mutation.seq)).all()
        assert [str(each) for each in said] == ["applied"] * 7 + ["conflict", "applied"]
    expect(page.locator("#notices")).to_have_text("")
    page.context.close()
