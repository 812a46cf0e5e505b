"""In a real browser: a sheet is printed, a name corrected by the keyboard, the new sheet signed; the name is proofed."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.core.transaction import transaction
from festival.proofing.names import ProofState
from tests.harness.looks import shots
from tests.harness.served import Served
from tests.house import reach
from tests.proofing.conftest import Reception


def test_a_name_is_corrected_by_keyboard_and_proofed(
    reception: Reception, context: BrowserContext, page: Page, live_server: Served
) -> None:
    with reception.app.app_context(), transaction():
        token = open_sign_in(reception.world.organiser, 3).token
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page.goto("/office/registrations")
    page.get_by_text("Việc khác", exact=True).click()
    page.get_by_role("link", name="Dò tên").click()
    reach.follow(page.get_by_role("link", name="Đoàn huyện Hòn Đất"))
    shots(page, "before")
    page.get_by_role("button", name="In bản dò tên").click()
    pdf = page.get_by_role("link", name="Mở tờ số 1 (PDF)").get_attribute("href")
    answer = context.request.get(f"{live_server.url}{pdf}")
    assert answer.headers["content-type"] == "application/pdf" and answer.body().startswith(b"%PDF")
    page.get_by_role("link", name="Gõ các tên đã sửa bằng bút").click()
    box = page.get_by_label("2. trưởng đoàn")
    box.focus()
    page.keyboard.press("Tab")  # to the next name of the paper, as nothing else stands between
    expect(page.get_by_label("4. Người đại diện")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("Nguyễn Thị Sa Rươn")
    shots(page, "typing")
    page.get_by_role("button", name="Lưu các tên đã sửa").click()
    expect(page.get_by_text("Đã sửa 1 tên.")).to_be_visible()
    expect(page.get_by_text("2 tên đã đổi từ khi in tờ này")).to_be_visible()
    shots(page, "differs")
    page.get_by_role("button", name="In tờ mới theo tên đã sửa").click()
    expect(page.get_by_role("link", name="Mở tờ số 2 (PDF)")).to_be_visible()
    page.get_by_label("Người ký (trưởng đoàn)").fill("Danh Trưởng")
    page.get_by_role("button", name="Tờ này đã ký").click()
    expect(page.get_by_text("Mọi tên của đoàn đã được trưởng đoàn dò và ký.")).to_be_visible()
    shots(page, "signed")
    page.goto("/office/names")
    shots(page, "index")
    assert reception.proof().state is ProofState.SIGNED
