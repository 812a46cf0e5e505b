"""Is a bus of thirty received at the desk without a network, with its receipt, and put right again?"""

from __future__ import annotations

import re
from time import monotonic

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from festival.checkin.handouts.queries import handouts_of
from festival.checkin.handouts.standing import handed
from festival.checkin.models import Admission
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices.handlers import DeviceRole
from festival.roster.models import Delegation
from tests.devices.kit import enrolment, open_fair
from tests.harness.waiting import wait_until

pytestmark = pytest.mark.either_database

BUS = {f"Gia đình bà Thị Kim Phượng {n}": [f"Danh Văn {n}{letter}" for letter in "ABCDE"] for n in range(1, 6)}
BUS["Gia đình ông Nguyễn Hoàng Anh Đức"] = ["Nguyễn Hoàng Anh Đức", "Lê Thị Thùy Dung", "Nguyễn An", "Nguyễn Bình"]


def arrive(page: Page, app, fair) -> None:
    """The desk's tablet is enrolled and lands on its own page."""
    page.goto(f"/enrol#{enrolment(app, fair, DeviceRole.DESK, 'Bàn tiếp đón')}")
    page.get_by_role("button", name="Gắn máy").click()
    page.get_by_role("link", name="Bắt đầu").click()
    page.wait_for_url("**/desk")
    expect(page.locator("#age")).to_contain_text("1 đoàn")
    assert page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()


def books(app, fair) -> tuple[dict[str, int], dict[str, int]]:
    """How many people are in and how many have their card, and what was handed over, by the server."""
    with app.app_context(), reading():
        held = handed(each for of in handouts_of(fair.festival_id).values() for each in of)
        counted = select(Admission.purpose, func.count()).where(~Admission.annulled).group_by(Admission.purpose)
        return dict(db.session.execute(counted).all()), held


def without_network(page: Page, app, fair) -> None:
    """The desk has its list, and then no network any more."""
    with app.app_context(), transaction():
        db.session.execute(update(Delegation).values(head_name="Lâm Văn Sáu"))
    arrive(page, app, fair)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#network")).to_have_text("Mất mạng, vẫn ghi được")


def test_a_bus_without_network_with_receipt_counted_again_and_undone(app, context):
    fair = open_fair(app, BUS)
    page = context.new_page()
    without_network(page, app, fair)
    begun = monotonic()
    page.keyboard.type(fair.delegation_code)  # a keyboard scanner, whatever has the hand
    page.keyboard.press("Enter")
    expect(page.locator("#opened-name")).to_have_text("Đoàn huyện Hòn Đất")
    expect(page.locator("#search")).to_have_value("")
    expect(page.locator("#write-said")).to_have_text("30 người đến, giao 30 thẻ, 1 cờ")
    page.get_by_role("checkbox", name="Gia đình ông Nguyễn Hoàng Anh Đức").uncheck()  # comes later
    page.get_by_role("button", name="Từng người, Gia đình bà Thị Kim Phượng 1").click()
    page.get_by_role("checkbox", name="Danh Văn 1E").uncheck()
    expect(page.locator("#write-said")).to_have_text("25 người đến, giao 25 thẻ, 1 cờ")
    page.locator("#item-meal-now").fill("7S")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator("#write-error")).to_have_text("Phiếu ăn: ghi một số từ 0 đến 5000.")
    page.locator("#item-meal-now").fill("75")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator("#paper-level")).to_have_text("Đã lưu trên máy")
    print(f"a bus of thirty: {monotonic() - begun:.1f} s, three taps and one number")
    receipt = page.locator("#receipt")
    expect(receipt).to_contain_text("Đã đến: 25 trên 30 người.")
    expect(receipt.locator("tfoot td")).to_have_text(["25", "75", "1", "0", ""])
    expect(receipt).to_contain_text("Lâm Văn Sáu")
    page.get_by_role("button", name="Về đoàn này").click()
    expect(page.locator("#write-said")).to_have_text("5 người đến, giao 5 thẻ")
    page.get_by_role("button", name="Xem biên bản").click()
    expect(page.locator("#print")).to_be_visible()  # the paper is drawn: what follows does not wait
    page.emulate_media(media="print")
    assert (receipt.is_visible(), page.locator("#print").is_visible()) == (True, False)
    page.emulate_media(media="screen")
    page.reload()  # the tablet was switched off: it knows all the same
    page.get_by_role("button", name="Đoàn huyện Hòn Đất").click()
    expect(page.locator("#opened-said")).to_have_text("25 trên 30 người đã đến")
    page.go_back()  # the phone's own "back" leads to the list, not out of the desk
    page.get_by_role("button", name="Đoàn huyện Hòn Đất").click()
    expect(page.locator("#opened-said")).to_have_text("25 trên 30 người đã đến")
    expect(page.locator("#write-said")).to_have_text("5 người đến, giao 5 thẻ")
    counted_again(page)
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(receipt.locator("tfoot td")).to_have_text(["30", "75", "1", "0", ""])
    assert books(app, fair)[0] == {}
    page.get_by_role("button", name="Hoàn tác lượt này").click()
    page.get_by_label("Lý do").fill("chưa đến, chỉ mới báo")
    page.get_by_role("button", name="Hoàn tác", exact=True).click()
    expect(page.locator("#opened-said")).to_have_text("25 trên 30 người đã đến")
    context.set_offline(False)
    expect(page.locator("#level-saved")).to_have_text("0")
    assert books(app, fair) == ({"entry": 25, "card": 25}, {"card": 24, "meal": 75, "flag": 1, "number": 0})
    expect(page.locator("#refused")).to_be_hidden()
    the_cards_go_back(page, app, fair)


def the_cards_go_back(page: Page, app, fair) -> None:
    """With the handing-over go the readings of those who got a card by it; who came has come all the same."""
    page.get_by_role("button", name=re.compile("^Bỏ lượt này, .*Lâm Văn Sáu")).click()
    page.get_by_label("Lý do").fill("giao nhầm đoàn")
    page.get_by_role("button", name="Bỏ lượt này", exact=True).click()
    expect(page.locator("#came li")).to_have_count(1)
    wait_until(lambda: books(app, fair) == ({"entry": 25}, {"card": 0, "meal": 0, "flag": 0, "number": 0}))


def counted_again(page: Page) -> None:
    """One card less than was written; who the next cards are for is then not said by their number."""
    page.get_by_role("button", name="Sửa số").click()
    page.locator("#item-card-again").fill("24")
    page.get_by_role("button", name="Ghi số này").click()
    expect(page.locator("#reason-error")).to_contain_text("Ghi lý do")
    page.get_by_label("Lý do").fill("đếm lại")
    page.get_by_role("button", name="Ghi số này").click()
    expect(page.locator("#handings li")).to_contain_text("24 thẻ, 75 phiếu ăn, 1 cờ")
    expect(page.locator("#write-said")).to_have_text("5 người đến, giao 6 thẻ")
    # six cards for five people: nobody knows whose the sixth is
    expect(page.locator("#card-said")).to_contain_text("không ghi ai nhận thẻ")
    expect(page.locator("#came li")).to_have_count(2)
    expect(page.locator("#came li").first).to_contain_text("25 người nhận thẻ")
