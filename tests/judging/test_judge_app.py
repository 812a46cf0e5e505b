"""The tablet in a real browser: taps, blank and zero, no network, two versions, the practice family."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from festival.accounts.actions import set_active
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices import enrolment
from festival.devices.activation.sealed_cards import issue_cards
from festival.devices.handlers import DeviceRole
from festival.devices.models import Mutation
from festival.judging.models import ScoreSheet
from tests.harness.served import Served
from tests.harness.waiting import wait_until
from tests.judging.panel_cast import Panel, cast, marks, send

KEPT_DRAFTS = """async () => {
  const { draftSubjects } = await import(document.querySelector('script[src*="judge/app.js"]').src.replace("judge/app.js", "judge/drafts.js"));
  return (await draftSubjects()).length > 0;
}"""
# What a release before kept of drafts and notes, in one copy; of a tablet that did not say whose it is, and of this one.
KEPT_BEFORE = """async () => {
  const base = document.querySelector('script[src*="judge/app.js"]').src;
  const { device } = await import(new URL("../device/enrol.js", base));
  const { code } = await device();
  await new Promise((done, wrong) => {
    const asked = indexedDB.open("festival-judge", 2);
    asked.onupgradeneeded = () => ["drafts", "notes"].forEach((name) => asked.result.createObjectStore(name));
    asked.onsuccess = () => {
      const tx = asked.result.transaction(["drafts", "notes"], "readwrite");
      tx.objectStore("drafts").put({ "noi-dung": 33000 }, "E000/1");
      tx.objectStore("drafts").put({ "dien-xuat": 22000 }, `${code}|E001/1`);
      tx.objectStore("notes").put({ text: "hát lạc giọng" }, `${code}|note:E000/1`);
      tx.oncomplete = () => { asked.result.close(); done(); };
      tx.onabort = wrong;
    };
  });
}"""
# As Chromium does with a log that was torn: everything beside the second copy is gone.
THROWN_AWAY = """async () => {
  for (const { name } of await indexedDB.databases()) {
    await new Promise((done, wrong) => { const asked = indexedDB.deleteDatabase(name); asked.onsuccess = done; asked.onerror = wrong; });
  }
}"""
DATABASES = "async () => (await indexedDB.databases()).map(({ name }) => name)"
PIN = "271828"
TABLET = {"width": 820, "height": 1180}


def enrolled(app: Flask, panel: Panel, browser: Browser, url: str, who: str = "lan") -> Page:
    """A tablet of this judge with its running order on the screen."""
    with app.app_context(), transaction():
        code = enrolment.make_enrolment_code(panel.festival_id, DeviceRole.JUDGE, panel.users[who], "").code
        (card,) = issue_cards([panel.users[who]], None)
    context = browser.new_context(base_url=url, viewport=TABLET, locale="vi-VN")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/enrol#{code}")
    page.locator("#enrol button").click()
    page.locator("#enrolled a").click()
    open_with(page, card.digits)
    expect(page.get_by_role("heading", name="Gia đình tài năng")).to_be_visible()
    return page


def open_with(page: Page, card: str) -> None:
    """By the sealed card and a PIN of one's own; finger by finger on the keys it is done in test_sheet_on_the_tablet."""
    for box, typed in (("#card", card), ("#pin", PIN), ("#again", PIN)):
        page.locator(box).fill(typed)
    page.get_by_role("button", name="Mở máy", exact=True).click()


def press(page: Page, digits: str) -> None:
    """One finger on the big keys; a full box goes over to the next."""
    for digit in digits:
        page.locator(".judge-pad").get_by_role("button", name=digit, exact=True).click()


def give(page: Page, criterion: str, whole: str, part: str | None = None) -> None:
    """At most two taps on the grid."""
    page.locator(".judge-criterion", has_text=criterion).click()
    page.get_by_role("group", name="Số điểm").get_by_role("button", name=whole, exact=True).click()
    if part is not None:
        page.get_by_role("group", name="Phần lẻ").get_by_role("button", name=part, exact=True).click()


def sheets(app: Flask) -> list[tuple[int, int | None, bool]]:
    with app.app_context():
        rows = db.session.execute(
            select(ScoreSheet.version, ScoreSheet.total_milli, ScoreSheet.conflict).order_by(ScoreSheet.id)
        ).all()
        return [tuple(row) for row in rows]  # type: ignore[misc]


def test_a_judge_marks_offline_and_chooses_between_two_versions(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    with app.app_context():
        panel = cast()
    page = enrolled(app, panel, browser, live_server.url)
    expect(page.get_by_text("Đã chấm 0 trên 2 tiết mục. Giám khảo B.")).to_be_visible()
    expect(page.locator(".judge-row", has_text="Danh Chung 2")).to_be_disabled()  # tied to this unit

    # the practice family: a zero asks once, nothing leaves the tablet
    page.locator(".judge-row", has_text="Gia đình mẫu").click()
    expect(page.get_by_role("button", name="Gửi phiếu")).to_be_disabled()
    give(page, "Nội dung", "0")
    give(page, "Diễn xuất", "45", "45,25")
    page.get_by_role("button", name="Gửi phiếu").click()
    page.get_by_role("dialog").get_by_role("button", name="Để tôi sửa").click()
    page.get_by_role("button", name="Gửi phiếu").click()
    page.get_by_role("dialog").get_by_role("button", name="Đúng, cho 0 điểm").click()
    expect(page.get_by_text("bốn mươi lăm phẩy hai mươi lăm điểm")).to_be_visible()
    expect(page.get_by_text("không tính ở đâu cả")).to_be_visible()
    page.get_by_role("button", name="Về danh sách").click()

    # no network: stored on the tablet, sent when the network is back
    page.context.set_offline(True)
    page.locator(".judge-row", has_text="Danh Chung 0").click()
    give(page, "Nội dung", "40", "40,5")
    page.get_by_role("button", name="Bàn phím số").click()
    page.locator(".judge-criterion", has_text="Diễn xuất").click()
    for key in ("3", "9", "dấu phẩy", "3"):
        page.locator(".judge-pad").get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="Nhận điểm này").click()
    expect(page.get_by_text("Điểm lẻ theo bước 0,25").first).to_be_visible()
    page.locator(".judge-pad").get_by_role("button", name="Xóa một số").click()
    for key in ("2", "5"):
        page.locator(".judge-pad").get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="Nhận điểm này").click()
    expect(page.locator(".judge-total")).to_contain_text("79,75")
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.get_by_text("bảy mươi chín phẩy bảy mươi lăm điểm")).to_be_visible()
    expect(page.get_by_text("✓ đã lưu trên máy")).to_be_visible()
    expect(page.get_by_text("○ máy chủ đã nhận")).to_be_visible()
    assert sheets(app) == []
    page.context.set_offline(False)
    expect(page.get_by_text("✓ đã vào sổ")).to_be_visible(timeout=20_000)
    assert sheets(app) == [(1, 79_750, False)]

    # meanwhile another version came in; the correction from here waits for the judge's choice
    page.context.set_offline(True)
    with app.app_context():
        send(panel.message("lan", 0, marks(50_000, 50_000), base=1))
    page.get_by_role("button", name="Sửa lại phiếu này").click()
    give(page, "Nội dung", "41")
    page.get_by_role("button", name="Gửi bản sửa").click()
    page.context.set_offline(False)
    expect(page.get_by_text("Phiếu này có hai bản khác nhau.")).to_be_visible(timeout=20_000)
    expect(page.locator(".judge-differs")).to_have_count(4)
    # a finger that taps twice has chosen once, and is not told of a sheet nobody takes
    page.locator(".card", has_text="Bản gửi sau").get_by_role("button", name="Giữ bản này").dblclick()
    expect(page.get_by_text("✓ đã vào sổ")).to_be_visible(timeout=20_000)
    assert sheets(app) == [(3, 80_250, False)]
    expect(page.locator("#notices")).to_be_empty()
    with app.app_context():
        assert db.session.query(Mutation).filter_by(kind="sheet.resolve").count() == 1
    with app.app_context():
        subjects = db.session.scalars(select(Mutation.subject)).all()
        assert set(subjects) == {"E000/1"}
    page.context.close()


def test_a_tablet_is_opened_by_its_judge_and_tells_of_a_second_one(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    with app.app_context():
        panel = cast()
    with app.app_context(), transaction():
        code = enrolment.make_enrolment_code(panel.festival_id, DeviceRole.JUDGE, panel.users["lan"], "").code
        (card,) = issue_cards([panel.users["lan"]], None)
    context = browser.new_context(base_url=live_server.url, viewport=TABLET, locale="vi-VN")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/enrol#{code}")
    page.locator("#enrol button").click()
    page.locator("#enrolled a").click()
    open_it = page.get_by_role("button", name="Mở máy", exact=True)
    said = page.locator("#activate-error")
    # nothing of the festival's people is on the screen or on the tablet
    expect(page.get_by_label("Mười số trên thẻ niêm phong")).to_be_focused()
    page.goto("/judge")
    expect(page).to_have_url(re.compile("/activate$"))
    assert "Danh Chung" not in page.content()
    press(page, "0000000000" + PIN + "271829")
    open_it.click()
    expect(said).to_have_text("Hai lần gõ mã PIN khác nhau. Gõ lại.")
    press(page, PIN)
    open_it.click()
    expect(said).to_have_text("Mười số trên thẻ chưa đúng, hoặc thẻ đã dùng. Còn 9 lần.")
    # with a keyboard, and without network first
    page.get_by_label("Mười số trên thẻ niêm phong").fill(f"{card.digits[:3]} {card.digits[3:6]} {card.digits[6:]}")
    for box in ("#pin", "#again"):
        page.locator(box).fill(PIN)
    context.set_offline(True)
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Mở máy cần có mạng")
    context.set_offline(False)
    open_it.click()
    expect(page.get_by_text("Đã chấm 0 trên 2 tiết mục. Giám khảo B.")).to_be_visible()
    expect(page.locator("#notices")).to_be_empty()
    # a second tablet of the same judge wants the PIN alone, and the first one hears of it
    with app.app_context(), transaction():
        second = enrolment.make_enrolment_code(panel.festival_id, DeviceRole.JUDGE, panel.users["lan"], "").code
    other_context = browser.new_context(base_url=live_server.url, viewport=TABLET, locale="vi-VN")  # type: ignore[arg-type]
    other = other_context.new_page()
    other.goto(f"/enrol#{second}")
    other.locator("#enrol button").click()
    other.locator("#enrolled a").click()
    expect(other.get_by_label("Mã PIN sáu số của ông/bà")).to_be_focused()
    press(other, PIN)
    other.get_by_role("button", name="Mở máy", exact=True).click()
    expect(other.locator("#notices")).to_contain_text("máy 1")
    expect(page.locator("#notices")).to_contain_text(
        "Có máy khác cũng đang chấm bằng tên ông/bà: máy 2", timeout=30_000
    )
    # shut out: the names leave the screen
    with app.app_context(), transaction():
        set_active(panel.users["lan"], False)
    expect(page.get_by_text("Máy này không còn dùng để chấm")).to_be_visible(timeout=30_000)
    assert "Danh Chung" not in page.content()
    context.close()
    other_context.close()


def test_a_draft_survives_and_the_keyboard_alone_is_enough(app: Flask, live_server: Served, browser: Browser) -> None:
    with app.app_context():
        panel = cast()
    page = enrolled(app, panel, browser, live_server.url, "hung")
    page.locator(".judge-row", has_text="Danh Chung 1").click()
    give(page, "Nội dung", "30")
    wait_until(lambda: page.evaluate(KEPT_DRAFTS), "the draft on the tablet")
    page.reload()
    expect(page.locator(".judge-row", has_text=re.compile("đang viết dở"))).to_be_visible()
    page.locator(".judge-row", has_text="Danh Chung 1").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".judge-total")).to_contain_text("Còn thiếu: Diễn xuất")
    page.keyboard.press("ArrowDown")
    # a key stays under the hand while its sheet is drawn anew; one that is at its end leaves it on the criterion
    page.get_by_role("group", name="Số điểm").get_by_role("button", name="49", exact=True).focus()
    page.keyboard.press("Enter")
    for _step in range(3):
        page.get_by_role("button", name="Thêm 0,25").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Thêm 0,25")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".judge-value")).to_have_text("50")
    expect(page.locator(".judge-criterion[aria-current]")).to_be_focused()
    page.get_by_role("button", name="Xóa", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".judge-value")).to_have_text("—")
    expect(page.locator(".judge-criterion[aria-current]")).to_be_focused()
    page.get_by_role("group", name="Số điểm").get_by_role("button", name="20", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Gửi phiếu").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("✓ đã vào sổ")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Về danh sách").click()
    page.locator(".judge-row", has_text="Danh Chung 0").click()
    page.get_by_role("button", name="Không chấm tiết mục này").click()
    page.get_by_role("dialog").get_by_role("button", name="Đến muộn").click()
    expect(page.get_by_text("✓ đã vào sổ")).to_be_visible(timeout=20_000)
    assert sorted(sheets(app), key=str) == [(1, 50_000, False), (1, None, False)]
    with app.app_context():
        assert db.session.scalar(select(func.count(Mutation.mid))) == 2
    page.context.close()


def test_what_was_begun_is_kept_twice_and_comes_over_from_a_release_before(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    with app.app_context():
        panel = cast()
    page = enrolled(app, panel, browser, live_server.url, "hung")
    page.evaluate(KEPT_BEFORE)
    page.reload()
    expect(page.locator(".judge-row", has_text=re.compile("đang viết dở"))).to_have_count(2)
    assert "festival-judge" not in page.evaluate(DATABASES)
    page.locator(".judge-row", has_text="Danh Chung 0").click()
    expect(page.get_by_label("Ghi chú riêng", exact=True)).to_have_value("hát lạc giọng")
    give(page, "Diễn xuất", "41")
    expect(page.locator(".judge-saved")).to_have_text("✓ nháp đã lưu")
    # the browser throws the first copy away: not a mark of it is lost
    page.goto("/sign-in")
    page.evaluate(THROWN_AWAY)
    page.goto("/judge")
    expect(page.locator(".judge-row", has_text=re.compile("đang viết dở"))).to_have_count(2)
    page.locator(".judge-row", has_text="Danh Chung 0").click()
    expect(page.locator(".judge-total")).to_contain_text("74")
    expect(page.get_by_label("Ghi chú riêng", exact=True)).to_have_value("hát lạc giọng")
    # what was sent is no draft any more, in neither copy
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.get_by_text("✓ đã vào sổ")).to_be_visible(timeout=20_000)
    page.goto("/sign-in")
    page.evaluate(THROWN_AWAY)
    page.goto("/judge")
    expect(page.locator(".judge-row", has_text=re.compile("đang viết dở"))).to_have_count(1)
    page.context.close()


def test_news_take_neither_the_tap_nor_the_focus_from_the_list(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    with app.app_context():
        panel = cast()
    page = enrolled(app, panel, browser, live_server.url, "hung")
    row = page.locator(".judge-row", has_text="Danh Chung 1")
    row.focus()
    # the same judge's other tablet sends a sheet: this list must say so, and the one row stays in hand
    with app.app_context():
        send(panel.message("hung", 0, marks(50_000, 50_000)))
    page.evaluate("() => { dispatchEvent(new Event('online')); }")
    expect(page.locator(".judge-row", has_text="Danh Chung 0")).to_contain_text("đã chấm")
    expect(row).to_be_focused()
    # news without a change leave the very elements in place
    here = row.element_handle()
    with page.expect_response(lambda answer: "/sync/state" in answer.url):
        page.evaluate("() => { dispatchEvent(new Event('online')); }")
    page.wait_for_timeout(300)
    assert here is not None and here.evaluate("(node) => node.isConnected && node === document.activeElement")
    page.context.close()


def test_a_long_list_is_folded_and_stays_as_the_judge_left_it(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    with app.app_context():
        panel = cast(entries=40)
        send(*(panel.message("hung", at, marks(40_000, 40_000)) for at in range(25)))
    page = enrolled(app, panel, browser, live_server.url, "hung")
    folds = page.locator("details.fold")
    expect(folds.locator("summary")).to_have_text(["số 1–25 · đã chấm 25/25", "số 26–40 · đã chấm 0/15"])
    # only the part with the next sheet lies open
    expect(page.locator(".judge-row[data-entry^=E]:visible")).to_have_count(15)
    folds.first.locator("summary").press("Enter")
    expect(page.locator(".judge-row[data-entry^=E]:visible")).to_have_count(40)
    # news draw the list again; what was opened stays open
    with app.app_context():
        send(panel.message("hung", 30, marks(40_000, 40_000)))
    page.evaluate("() => { dispatchEvent(new Event('online')); }")
    expect(folds.last.locator("summary")).to_have_text("số 26–40 · đã chấm 1/15", timeout=30_000)
    expect(page.locator(".judge-row[data-entry^=E]:visible")).to_have_count(40)
    page.context.close()
