"""The day changes at 3 in the morning, the phone's clock is set back, two gates meet the same family without a network, a
phone is revoked, the phone's disk is full: in a real browser."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from festival.accounts.roles import Role
from festival.checkin.merge import day_window
from festival.checkin.models import Admission, Scan
from festival.checkin.purposes.models import GateSetting
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.models import Device, DeviceNote, Mutation
from festival.roster.models import Person
from tests.checkin.test_gate_app import CHUNG, HOA, PHONE, enrol, held_up
from tests.devices.kit import open_fair
from tests.devices.test_office import post, signed_in, text_of
from tests.harness.waiting import wait_until

pytestmark = pytest.mark.either_database

DUC = "Gia đình ông Nguyễn Hoàng Anh Đức"


@pytest.fixture
def fair(app):
    """Nothing writes itself: every reading waits for the tap, however slow the machine."""
    made = open_fair(app)
    with app.app_context(), transaction():
        db.session.add(GateSetting(festival_id=made.festival_id, exits=False, countdown_s=0))
    return made


SET_CLOCK = """(by) => { window.theClock ??= Date.now.bind(Date); Date.now = () => window.theClock() + by; }"""


def set_clock(page: Page, to: datetime) -> None:
    """Somebody sets the phone's clock, or the night goes on."""
    page.evaluate(SET_CLOCK, int(to.timestamp() * 1000 - time.time() * 1000))


def let_in(page: Page, code: str, many: int) -> None:
    """Held up, green, written by the tap."""
    held_up(page, code)
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "good")
    page.get_by_role("button", name=f"Ghi {many} người").click()
    expect(page.locator("#verdict-level")).to_have_text(re.compile("Đã lưu trên máy|Đã vào sổ"))


def windows(app) -> set[tuple[str, str]]:
    """Whose first member is in, on which day."""
    with app.app_context():
        rows = db.session.execute(
            select(Person.name, Admission.day_window)
            .join(Admission, Admission.person_id == Person.id)
            .where(~Admission.annulled)
        )
        return {(row.name, row.day_window) for row in rows}


def three_in_the_morning() -> datetime:
    """The last one in Vietnam: both sides of it have been."""
    day = datetime.fromisoformat(day_window(now())).replace(tzinfo=UTC)
    return day + timedelta(hours=3) - timedelta(hours=7)


def test_the_night_the_clock_and_a_revoked_phone(app, fair, context):
    """Without a network: before three and after three are two days; a clock set back dates by itself only what it must."""
    page = context.new_page()
    enrol(page, app, fair)
    context.set_offline(True)
    expect(page.locator("#network")).to_have_text("Mất mạng, vẫn quét được")
    three = three_in_the_morning()
    set_clock(page, three - timedelta(minutes=5))
    let_in(page, fair.codes[CHUNG], 4)
    held_up(page, fair.codes[CHUNG])
    expect(page.locator("#verdict-word")).to_have_text("Vừa cho vào")
    set_clock(page, three + timedelta(minutes=5))
    let_in(page, fair.codes[CHUNG], 4)  # another day: green again, nothing to be undone
    set_clock(page, three - timedelta(hours=2))  # set back in the middle
    let_in(page, fair.codes[HOA], 2)
    context.set_offline(False)
    expect(page.locator("#level-saved")).to_have_text("0")
    days = [day_window(three - timedelta(minutes=5)), day_window(three)]
    assert windows(app) == {
        *((name, day) for name in ("Danh Chung", "Thị Ngọc Ánh", "Danh Minh Khang", "Thị Hòa") for day in days),
        ("Trương Mỹ Hoa", days[0]),
        ("Lâm Quốc Đạt", days[0]),
    }
    expect(page.locator("#refused")).to_be_hidden()
    # The phone has heard what time it is: from now on its entries are right, though its clock is not.
    before = time.time() * 1000
    let_in(page, fair.codes[DUC], 3)
    wait_until(lambda: ("Nguyễn Hoàng Anh Đức", days[1]) in windows(app))
    with app.app_context():
        last = db.session.scalars(select(Scan).order_by(Scan.seq.desc())).first()
        jumps = db.session.scalars(select(DeviceNote.kind).where(DeviceNote.kind == "clock_jump")).all()
    assert last is not None and abs(last.at_ms - before) < 5 * 60_000
    assert jumps == ["clock_jump"]
    it_is_revoked(page, app, fair)


def it_is_revoked(page: Page, app, fair) -> None:
    """What it has read meanwhile is kept for the lead, who lets them in; the list on the phone is gone."""
    page.context.set_offline(True)
    held_up(page, fair.delegation_code)
    page.get_by_role("button", name="Ghi 3 người").click()  # who was not in today: a family and the driver
    expect(page.locator("#verdict-level")).to_have_text("Đã lưu trên máy")
    with app.app_context(), transaction():
        db.session.scalars(select(Device)).one().revoked_at = now()
    page.context.set_offline(False)
    expect(page.locator("#revoked")).to_be_visible()
    expect(page.locator("#age")).to_contain_text("0 thẻ")
    with app.app_context():
        kept = db.session.scalars(select(Mutation).where(Mutation.reason == "revoked", Mutation.kind == "scan")).one()
    lead = signed_in(app, "truong-cong", Role.GATE_LEAD)
    assert "Gửi từ máy đã thu hồi" in text_of(lead.get("/office/gates"))
    fields = {"choice": "let_in", "reason": "máy mất rồi tìm lại", "was": "0"}
    assert post(lead, f"/office/gates/aside/{kept.mid}", fields, page="/office/gates").status_code == 302
    assert any(name == "Châu Văn Tài" for name, _day in windows(app))


def test_two_gates_without_a_network_and_the_same_family_are_one_incident(app, fair, browser, live_server):
    """Both let the family in green; the lead finds one thing to ask about, takes one reading back and closes it."""
    gates = []
    for station in ("Cổng 1", "Cổng 2"):
        phone = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="vi-VN")
        page = phone.new_page()
        enrol(page, app, fair, station)
        phone.set_offline(True)
        gates.append(page)
    for page in gates:
        expect(page.locator("#network")).to_have_text("Mất mạng, vẫn quét được")
        let_in(page, fair.codes[CHUNG], 4)
    for page in reversed(gates):  # the second is heard first
        page.context.set_offline(False)
        expect(page.locator("#level-saved")).to_have_text("0")
    expect(gates[0].locator("#verdict")).to_have_attribute(
        "data-tone", "good"
    )  # it was the first, whoever was heard first
    lead = signed_in(app, "truong-cong", Role.GATE_LEAD)
    shown = lead.get("/office/gates").get_data(as_text=True)
    assert len(re.findall(r'name="incident"', shown)) == 1
    words = text_of(lead.get("/office/gates"))
    assert re.search(r"Máy 1, Cổng 1, .* Máy 2, Cổng 2, ", words)
    with app.app_context():
        at_second = db.session.scalars(select(Scan.mid).where(Scan.gate == "Cổng 2")).one()
    undone = post(
        lead, f"/office/gates/scans/{at_second}/undo", {"reason": "đọc lại thẻ cũ"}, page="/office/gates/scans"
    )
    assert undone.status_code == 302
    assert "Không có lượt trùng nào chưa kết" in text_of(lead.get("/office/gates"))
    assert len(windows(app)) == 4
    for page in gates:
        page.context.close()
