"""A quiz on the ground in a real browser, offline: one tap a question, the page closed in the middle, put right, seen by the head."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from festival.contests.models import Contest, ResultKind
from festival.core.database import db
from festival.core.transaction import transaction
from festival.judging.models import Measure
from tests.harness.looks import shots
from tests.harness.served import Served
from tests.harness.waiting import wait_until
from tests.judging.panel_cast import Panel, cast
from tests.judging.test_ground_browser import button, enrolled

ASKED = [
    *({"code": str(number), "points": 10, "seconds": 3600} for number in range(1, 5)),
    {"code": "vd", "points": 30, "minus": 15, "name": "Về đích"},
    *({"code": str(number), "points": 5, "package": 1, "package_s": 1} for number in (6, 7)),
]

KEPT = """async () => {
  const { allBegun } = await import(document.querySelector('script[src*="ground/app.js"]').src.replace("ground/app.js", "device/begun.js"));
  return [...(await allBegun("ground")).values()].map((each) => each.answers);
}"""


def tapped(page: Page, letters: str) -> None:
    for each in letters:
        page.locator(f'[data-hand="tap:{each}"]').click()


def sum_is(page: Page, points: int) -> None:
    expect(page.locator("#ground-sum")).to_have_text(f"{points} điểm")


def stored(app: Flask, panel: Panel) -> list[tuple[str, str | None, int | None]]:
    with app.app_context():
        rows = db.session.scalars(select(Measure).order_by(Measure.entry_id))
        return [(each.entry.code, each.answers, each.value) for each in rows]


def one_tap_a_question(page: Page) -> None:
    """Closed in the middle, by keyboard, a package whose time is over, one put right."""
    expect(page.get_by_role("heading", name="Câu 1 trên 7")).to_be_visible()
    expect(page.locator("#ground-left")).to_have_text("3600 giây")
    button(page, "Tính giờ")
    expect(page.locator("#ground-left")).to_contain_text("còn 3")
    tapped(page, "rrw")
    sum_is(page, 20)
    shots(page, "asking")
    wait_until(lambda: "rrw----" in page.evaluate(KEPT), "the last tap lies on the device")
    page.reload()
    # closed in the middle: what was tapped is there, and the keyboard goes on at the next question
    expect(page.get_by_role("heading", name="Câu 4 trên 7")).to_be_visible()
    sum_is(page, 20)
    page.locator('[data-hand="tap:r"]').focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Câu 5 trên 7: Về đích")).to_be_visible()
    expect(page.locator('[data-hand="tap:r"]')).to_be_focused()
    tapped(page, "w")
    sum_is(page, 15)
    button(page, "Tính giờ")
    expect(page.locator("#ground-left")).to_have_text("hết giờ")
    button(page, "Dừng: 2 câu còn lại là bỏ qua")
    button(page, "Bỏ các câu đã bấm, làm lại từ đầu")
    page.get_by_role("dialog").get_by_role("button", name="Quay lại").click()
    # the third was right after all
    button(page, "Câu 3: sai")
    tapped(page, "r")
    sum_is(page, 25)


def page_of_other_devices(page: Page, url: str) -> None:
    """It says which ones, and what this one is."""
    page.goto("/judge")
    expect(page.locator("#turned-away")).to_have_text(
        "Trang vừa mở dành cho máy của giám khảo; máy này là máy 1, Sân cỏ. "
        "Mở trang làm việc của máy này, hoặc xin mã mới để gắn lại."
    )
    shots(page, "turned-away")
    page.get_by_role("link", name="Mở trang làm việc").click()
    expect(page).to_have_url(f"{url}/ground")


def stranger(browser: Browser, url: str) -> None:
    """A phone that is no device yet."""
    page = browser.new_context(base_url=url, locale="vi-VN").new_page()
    page.goto("/ground")
    expect(page.locator("#turned-away")).to_have_text(
        "Trang vừa mở dành cho máy ở sân; máy này chưa gắn vào ngày hội. Xin văn phòng mã gắn máy rồi gõ vào đây."
    )
    page.goto("/enrol")
    expect(page.locator("#turned-away")).to_be_hidden()
    page.context.close()


def test_a_team_is_asked_offline_and_nothing_tapped_is_lost(app: Flask, live_server: Served, browser: Browser) -> None:
    with app.app_context():
        panel = cast()
    page = enrolled(app, panel, browser, live_server.url)
    with app.app_context(), transaction():
        asked = {"result_kind": ResultKind.ANSWERS, "questions": ASKED, "unit_label": "điểm", "best_possible": 80}
        db.session.execute(update(Contest).where(Contest.id == panel.sport_id).values(**asked))
    page.reload()
    # first the list kept on the phone is shown, then the one with the questions: its sign tells which
    row = page.locator(".judge-row", has_text="Ném bóng vào rổ")
    expect(row.locator(".judge-number")).to_have_text("?")
    row.click()
    expect(page.get_by_text("Đã ghi 0 trên 3 tiết mục.")).to_be_visible()
    page.context.set_offline(True)
    button(page, "Ghi tiếp: 1. Gia đình ông Danh Chung 0")
    button(page, "Ghi kết quả")

    one_tap_a_question(page)
    shots(page, "all-tapped")
    button(page, "Ghi kết quả: 25 điểm")
    expect(page.get_by_text("✓ đã lưu trên máy")).to_be_visible()
    expect(page.get_by_text("Đúng 4, sai 1, bỏ qua 2 trên 7 câu.")).to_be_visible()
    shots(page, "noted")
    button(page, "Đội trưởng xem và xác nhận")
    expect(page.get_by_text("hai mươi lăm điểm")).to_be_visible()
    shots(page, "head")
    button(page, "✓ Đúng, đội đồng ý")
    assert stored(app, panel) == []

    # the next team is half asked when the network is back: that waits on the device, the other result goes
    button(page, "Tiếp theo: Gia đình ông Danh Chung 1")
    button(page, "Ghi kết quả")
    tapped(page, "rr")
    page.context.set_offline(False)
    button(page, "‹ Quay lại")
    expect(page.get_by_role("button", name="Đang ghi dở: ghi tiếp")).to_be_visible()
    button(page, "‹ Quay lại")
    page.locator(".judge-row", has_text="Danh Chung 0").click()
    expect(page.get_by_text("✓ đã vào sổ")).to_be_visible(timeout=20_000)
    assert stored(app, panel) == [("S000", "rrrrwpp", 25)]
    page_of_other_devices(page, live_server.url)
    page.context.close()
    stranger(browser, live_server.url)
