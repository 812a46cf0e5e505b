"""One judge through an evening: opened by PIN, marked, commented, a correction too late, the secretary's, a tablet that died.

Names and number stay in sight at every size, also in large letters: by the geometry of the page, not by its style sheet.
"""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from festival.contests.models import Criterion
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices import enrolment
from festival.devices.activation.sealed_cards import issue_cards
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device, Mutation
from festival.judging.comments.models import SheetComment
from festival.judging.models import RefusedSheet, ScoreSheet
from festival.roster.models import Entry
from tests.harness.looks import shot
from tests.harness.served import Served
from tests.house.reach import LETTERS
from tests.judging.panel_cast import Panel, cast
from tests.judging.test_corrections_of_sheets import desk, on_the_stage
from tests.judging.test_judge_app import PIN, enrolled, give, press, sheets

# What stands where does not depend on the database; the rules behind it are tested on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OTHER_PIN = "314159"
LONG = "Gia đình ông Nguyễn Hoàng Anh Đức và bà Lê Thị Thùy Dung"
SIZES = ((360, 640), (820, 1180), (1440, 900))
BOXES = """() => {
  const box = (one) => { const { top, bottom, left, right } = document.querySelector(one).getBoundingClientRect(); return { top, bottom, left, right }; };
  const text = (one) => { const range = document.createRange(); range.selectNodeContents(document.querySelector(one)); const { top, bottom, left, right } = range.getBoundingClientRect(); return { top, bottom, left, right }; };
  return { title: text(".judge-head h1"), head: box(".judge-head"), foot: box(".judge-foot"), total: box(".judge-total"), saved: box(".judge-saved"),
    send: box(".judge-foot .button"), held: document.activeElement.getBoundingClientRect().toJSON(), wide: innerWidth, high: innerHeight,
    cut: document.querySelector(".judge-total").scrollWidth > document.querySelector(".judge-total").clientWidth, across: document.documentElement.scrollWidth, over: document.elementFromPoint(innerWidth / 2, document.querySelector(".judge-head h1").getBoundingClientRect().top + 4).closest(".judge-head") !== null };
}"""


def in_sight(page: Page, where: str) -> None:
    """The name is whole on the screen, nothing lies over it, the foot is one line, and nothing is wider than the screen."""
    expect(page.locator(".judge-head h1")).to_be_visible()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    seen = page.evaluate(BOXES)
    title, head, foot = seen["title"], seen["head"], seen["foot"]
    assert title["top"] >= 0 and title["bottom"] <= foot["top"], (where, seen)
    assert title["left"] >= 0 and title["right"] <= seen["wide"] and seen["across"] <= seen["wide"], (where, seen)
    assert not seen["cut"] or "opened" in where, (where, "the total is cut")
    assert seen["over"], (where, "something lies over the name")
    assert foot["bottom"] <= seen["high"] + 1, (where, seen)
    for part in ("total", "saved", "send"):
        assert foot["top"] <= seen[part]["top"] and seen[part]["bottom"] <= foot["bottom"], (where, part, seen)
    assert head["bottom"] - head["top"] + foot["bottom"] - foot["top"] <= seen["high"] / 2, (
        where,
        "no room for the marks",
    )


def every_size(page: Page, name: str) -> None:
    for large in (False, True):
        page.evaluate(LETTERS, large)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            where = f"{name}-{width}{'-large' if large else ''}"
            page.evaluate("scrollTo(0, 0)")
            shot(page, where, whole=False)
            in_sight(page, where)
            page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            in_sight(page, f"{where}, at the end")
            if width == 360:
                shot(page, f"{where}-end", whole=False)
    page.evaluate(LETTERS, False)
    page.set_viewport_size({"width": 360, "height": 640})


def many_criteria(panel: Panel) -> None:
    with transaction():
        for place in range(3, 7):
            db.session.add(
                Criterion(contest_id=panel.contest_id, position=place, code=f"c{place}", name=f"Tiêu chí thứ {place} của phần thi",
                          descriptor="0: Chưa đạt\n5: Đạt\n8: Tốt", min_milli=0, max_milli=10_000, step_milli=500)
            )  # fmt: skip
        db.session.execute(
            update(Entry).where(Entry.id == panel.entry_ids[0]).values(name=LONG, title="Câu hò trên sông")
        )


def marked(page: Page, content: str = "40") -> None:
    give(page, "Nội dung", content)
    give(page, "Diễn xuất", "30")
    for place in range(3, 7):
        give(page, f"Tiêu chí thứ {place}", "8,5")


def wrong_pins(page: Page) -> None:
    """Somebody else's hands: five misses wait, and whose tablet it is stands there; the own PIN opens after all."""
    fault = page.locator(".judge-typed-fault")
    for miss in range(1, 5):
        press(page, "314159")
        expect(fault).to_have_text(f"Không đúng mã PIN của Danh Thị Lan. Đã sai {miss} lần.")
    press(page, "314159")
    expect(fault).to_contain_text("Chờ 10 giây rồi gõ lại. Quên mã PIN: thư ký đặt lại được")
    press(page, PIN)
    expect(fault).to_contain_text("Gõ sai nhiều lần")
    expect(page.get_by_text(LONG)).to_have_count(0)
    page.reload()  # no free try
    press(page, PIN)
    expect(fault).to_contain_text("Gõ sai nhiều lần")


def opened_and_filled(page: Page) -> None:
    """Opened from far down the list, filled, seen at every size, commented and noted."""
    expect(page.get_by_text("Máy của giám khảo Danh Thị Lan")).to_be_visible()
    # opened from far down the list, the name stands on top at every size
    page.set_viewport_size({"width": 360, "height": 640})
    page.evaluate(LETTERS, True)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.locator(".judge-row", has_text=LONG).click()
    in_sight(page, "opened from the list")
    expect(page.get_by_text("Gửi rồi vẫn sửa được đến khi tiết mục sau bắt đầu.")).to_be_visible()
    marked(page)
    expect(page.locator(".judge-saved")).to_have_text("✓ nháp đã lưu")
    every_size(page, "sheet")
    page.get_by_label("Lời nhận xét gửi gia đình").fill("Giọng hò rất ấm")
    page.locator("summary", has_text="Ghi chú riêng").click()
    page.get_by_label("Ghi chú riêng", exact=True).fill("nhớ so với nhà số 7")
    in_sight(page, "while typing")


def locked_and_sent(app: Flask, page: Page) -> None:
    """The judge locks the tablet, somebody else tries; without network."""
    context = page.context
    context.set_offline(True)
    page.get_by_role("button", name="Danh sách").click()
    expect(page.locator(".judge-row", has_text=LONG)).to_be_focused()
    shot(page, "list-360", whole=False)
    page.get_by_role("button", name="Khóa máy").click()
    expect(page.get_by_role("heading", name="Máy của giám khảo Danh Thị Lan")).to_be_visible()
    shot(page, "locked-360", whole=False)
    context.set_offline(False)
    wrong_pins(page)
    page.clock.install()
    page.clock.fast_forward(11_000)
    press(page, PIN)
    page.locator(".judge-row", has_text=LONG).click()
    expect(page.get_by_label("Lời nhận xét gửi gia đình")).to_have_value("Giọng hò rất ấm")
    expect(page.locator(".judge-total")).to_contain_text("104")
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.get_by_text("một trăm lẻ bốn điểm")).to_be_visible()
    expect(page.get_by_text("✓ đã vào sổ")).to_be_visible(timeout=20_000)
    assert sheets(app) == [(1, 104_000, False)]


def corrected_too_late(app: Flask, page: Page, panel: Panel) -> None:
    """Corrected in time; then the next act begins while the sheet lies open, and it is asked which family is meant."""
    context = page.context
    page.get_by_role("button", name="Sửa lại phiếu này").click()
    give(page, "Nội dung", "41")
    context.set_offline(True)
    with app.app_context():
        on_the_stage(panel, {1: now()})
    page.get_by_role("button", name="Gửi bản sửa").click()  # the tablet cannot know yet: the server says so
    context.set_offline(False)
    expect(page.locator("#notices")).to_contain_text("Tiết mục sau đã bắt đầu trước khi sửa", timeout=20_000)
    page.get_by_role("button", name="Đã hiểu").click()
    expect(page.locator("#notices")).to_be_empty()
    assert sheets(app) == [(1, 104_000, False)]
    page.goto("/judge")
    page.locator(".judge-row", has_text=LONG).click()
    page.get_by_role("dialog").get_by_role("button", name="Chấm tiếp phiếu đang mở").click()
    expect(page.get_by_text("Muốn sửa, báo thư ký kèm lý do.")).to_be_visible()
    expect(page.get_by_role("button", name="Gửi bản sửa")).to_have_count(0)
    with app.app_context():
        assert db.session.scalars(select(RefusedSheet.reason)).all() == ["next_act"]
        assert db.session.scalars(select(SheetComment.said)).all() == ["Giọng hò rất ấm"]


def corrected_by_the_secretary(app: Flask, page: Page, panel: Panel) -> None:
    """The secretary corrects with a reason, and this judge sees old and new."""
    form = {"judge": "B", "entry": "E000", "version": "1", "reason": "bấm nhầm 40 thay cho 14", "step": "confirm"}
    form |= {"mark-noi-dung": "14", "mark-dien-xuat": "30"} | {f"mark-c{place}": "8,5" for place in range(3, 7)}
    assert desk(app, panel, "secretary").post("/panel/tai-nang/correct", data=form).status_code == 303
    page.goto("/judge")
    expect(page.locator(".judge-row", has_text="thư ký đã sửa")).to_contain_text("78", timeout=20_000)
    page.locator(".judge-row", has_text=LONG).click()
    page.get_by_role("dialog").get_by_role("button", name="Chấm tiếp phiếu đang mở").click()
    told = page.get_by_role("alert").filter(has_text="Thư ký đã sửa phiếu này: 104 → 78")
    expect(told).to_contain_text("Nội dung 40 → 14. Lý do: bấm nhầm 40 thay cho 14. Lê Thư Ký")
    shot(page, "corrected-360", whole=False)


def given_to_another_judge(app: Flask, page: Page, panel: Panel) -> None:
    """The tablet is let in anew for another judge: nothing of the one before is on it. The stage moves on: which family is meant?"""
    page.get_by_role("button", name="Sửa lại phiếu này").click()
    give(page, "Nội dung", "26")
    page.locator("summary", has_text="Ghi chú riêng").click()
    page.get_by_label("Ghi chú riêng", exact=True).fill("chỉ của Lan")
    expect(page.locator(".judge-saved")).to_have_text("✓ nháp đã lưu")
    with app.app_context(), transaction():
        code = enrolment.make_enrolment_code(panel.festival_id, DeviceRole.JUDGE, panel.users["hung"], "").code
        (card,) = issue_cards([panel.users["hung"]], None)
    page.goto("about:blank")
    page.goto(f"/enrol#{code}")
    page.locator("#enrol button").click()
    page.locator("#enrolled a").click()
    press(page, card.digits + OTHER_PIN + OTHER_PIN)
    page.get_by_role("button", name="Mở máy", exact=True).click()
    expect(page.get_by_text("Máy của giám khảo Trần Văn Hùng")).to_be_visible()
    expect(page.locator(".judge-row", has_text="Danh Chung 1")).to_contain_text("chưa chấm")
    page.locator(".judge-row", has_text="Danh Chung 1").click()
    expect(page.locator(".judge-total")).to_contain_text("Còn thiếu")
    assert "chỉ của Lan" not in page.content()
    with app.app_context():
        on_the_stage(panel, {2: now()})
    page.evaluate("() => { dispatchEvent(new Event('online')); }")
    asked = page.get_by_role("dialog", name="Sân khấu đã sang tiết mục khác")
    expect(asked).to_contain_text("Trên sân khấu: Số 3. Gia đình ông Danh Chung 2")
    asked.get_by_role("button", name="Chuyển sang tiết mục trên sân khấu").click()
    expect(page.get_by_role("heading", name="Số 3. Gia đình ông Danh Chung 2")).to_be_focused()


def on_another_tablet(app: Flask, url: str, browser: Browser, page: Page, panel: Panel) -> None:
    """A begun sheet, then the tablet dies; the judge goes on with another one within the evening."""
    page.get_by_role("button", name="Danh sách").click()
    page.locator(".judge-row", has_text="Danh Chung 1").click()
    give(page, "Nội dung", "20")
    expect(page.locator(".judge-saved")).to_have_text("✓ nháp đã lưu")
    page.context.close()
    with app.app_context(), transaction():
        code = enrolment.make_enrolment_code(panel.festival_id, DeviceRole.JUDGE, panel.users["lan"], "").code
    fresh = browser.new_context(base_url=url, viewport={"width": 820, "height": 1180}, locale="vi-VN")
    other = fresh.new_page()
    other.goto(f"/enrol#{code}")
    other.locator("#enrol button").click()
    other.locator("#enrolled a").click()
    press(other, PIN)
    other.get_by_role("button", name="Mở máy", exact=True).click()
    expect(other.locator("#notices")).to_contain_text("Phiếu đã gửi từ máy kia có đủ ở đây. Phiếu viết dở")
    expect(other.locator(".judge-row", has_text=LONG)).to_contain_text("78")
    other.locator(".judge-row", has_text=LONG).click()
    other.get_by_role("dialog").get_by_role("button", name="Chấm tiếp phiếu đang mở").click()
    expect(other.get_by_label("Lời nhận xét gửi gia đình")).to_have_value("Giọng hò rất ấm")
    assert "nhớ so với nhà số 7" not in other.content(), "a private note is on the dead tablet alone"
    shot(other, "replaced-820", whole=False)
    with app.app_context():
        said = str(db.session.execute(select(Mutation.body, Mutation.detail)).all()) + str(
            db.session.scalars(select(ScoreSheet.note)).all()
        )
        assert "nhớ so với" not in said
        numbers = db.session.scalars(select(Device.number).where(Device.revoked_at.is_(None))).all()
        assert sorted(numbers) == [1, 2]
    other.get_by_role("button", name="Danh sách").click()
    other.locator(".judge-row", has_text="Danh Chung 1").click()
    marked(other, "25")
    other.get_by_role("button", name="Gửi phiếu").click()
    expect(other.get_by_text("✓ đã vào sổ")).to_be_visible(timeout=20_000)
    assert sheets(app) == [(2, 78_000, False), (1, 89_000, False)]
    given_to_another_judge(app, other, panel)
    fresh.close()


@pytest.mark.long
def test_an_evening_of_one_judge(app: Flask, live_server: Served, browser: Browser) -> None:
    with app.app_context():
        panel = cast(comments=True, corrections="next_act")
        many_criteria(panel)
        on_the_stage(panel, {0: now()})
    page = enrolled(app, panel, browser, live_server.url)
    opened_and_filled(page)
    locked_and_sent(app, page)
    corrected_too_late(app, page, panel)
    corrected_by_the_secretary(app, page, panel)
    on_another_tablet(app, live_server.url, browser, page, panel)
