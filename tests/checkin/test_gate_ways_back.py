"""A family at the gate in parts, out and in again, let in by mistake and taken back, refused and forced: in a real browser.

The camera hands its readings over as it does (`held_up`); what it sees is tested in test_gate_app.py.
"""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from festival.checkin.models import Admission, Scan
from festival.checkin.purposes.models import GatePurpose, GateSetting, GateWindow
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.models import Mutation
from festival.passes import tokens
from festival.passes.models import Pass
from festival.roster.models import Family, Person
from tests.checkin import test_gate_app
from tests.checkin.test_gate_app import CHUNG, HOA, enrol, held_up

fair, quiet = test_gate_app.fair, test_gate_app.quiet
HOUR = 3_600_000


def named(app, fair) -> None:
    """The organiser has named purposes: a meal that is over, a present for guests; the lead has exits scanned."""
    at = int(time.time() * 1000)
    with app.app_context(), transaction():
        entry = GatePurpose(
            festival_id=fair.festival_id,
            code="entry",
            name="Vào cổng",
            kind="entry",
            every="day",
            again=True,
            position=1,
        )
        meal = GatePurpose(
            festival_id=fair.festival_id, code="com", name="Bữa ăn", kind="meal", every="hours", again=False, position=2
        )
        gift = GatePurpose(
            festival_id=fair.festival_id, code="qua", name="Quà", kind="gift", every="once", again=False,
            classes=["guest"], position=3,
        )  # fmt: skip
        db.session.add_all([entry, meal, gift, GateSetting(festival_id=fair.festival_id, exits=True, countdown_s=0)])
        db.session.flush()
        hours = {"opens_ms": at - 3 * HOUR, "closes_ms": at - HOUR}
        db.session.add(GateWindow(purpose_id=meal.id, code="trua", name="Cơm trưa", **hours))


def inside(app) -> dict[str, bool]:
    """Whoever is let in → whether gone out and not back."""
    with app.app_context():
        rows = db.session.execute(
            select(Person.name, Admission.outside)
            .join(Admission, Admission.person_id == Person.id)
            .where(~Admission.annulled)
        )
        return {row.name: row.outside for row in rows}


def scans(app) -> list[tuple[str, str, bool, bool, int]]:
    """(purpose, way, forced, undone, people) of every scan that counts or did."""
    with app.app_context():
        rows = db.session.scalars(select(Scan).order_by(Scan.seq))
        return [(row.purpose, row.way, row.forced, row.undone, len(row.persons) or row.unnamed) for row in rows]


def booked(page: Page) -> None:
    expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")


def choose(page: Page, purpose: str = "", way: str = "") -> None:
    """The purpose, also one that is closed now, as when it closes under the hand; in, out, or only looking."""
    if page.locator("#verdict").is_visible():
        page.get_by_role("button", name="Xong").click()
    if purpose:
        page.locator("#purpose").evaluate(
            "(list, code) => { list.value = code; list.dispatchEvent(new Event('change')); }", purpose
        )
    if way:
        page.locator("#way").get_by_label(way, exact=True).check()


def reason(page: Page, usual: str) -> None:
    page.locator("#why").get_by_label(usual).check()
    page.locator("#why-send").click()


def back_stays(page: Page, fair) -> None:
    """The phone's Back takes a verdict that waits off the screen, also the next one; nothing is written."""
    for _again in range(2):
        held_up(page, fair.codes[CHUNG])
        expect(page.locator("#verdict")).to_be_visible()
        page.go_back()
        expect(page.locator("#verdict")).to_be_hidden()
        assert page.url.endswith("/gate")


def in_parts(page: Page, fair) -> None:
    """Three of a family, then the fourth, then nobody is left."""
    word = page.locator("#verdict-word")
    # the countdown is off, so also a pass the camera has read waits for the tap
    held_up(page, fair.codes[CHUNG])
    expect(page.locator("#verdict-number")).to_have_text("4")
    page.get_by_role("checkbox", name="Danh Minh Khang").uncheck()
    expect(page.locator("#verdict-number")).to_have_text("3")
    size = "(part) => parseFloat(getComputedStyle(part).fontSize)"
    assert page.locator("#verdict-number").evaluate(size) >= 3 * word.evaluate(size) - 0.5
    held_up(page, fair.codes[HOA])
    expect(page.locator("#verdict-name")).to_have_text(CHUNG)
    page.get_by_role("button", name="Ghi 3 người").click()
    booked(page)
    held_up(page, fair.codes[CHUNG])
    expect(page.locator("#verdict-text")).to_have_text("Đã vào trước: 3 người.")
    page.get_by_role("button", name="Ghi 1 người").click()
    booked(page)
    held_up(page, fair.codes[CHUNG])
    expect(word).to_have_text("Vừa cho vào")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "warn")
    page.get_by_role("button", name="Xong").click()


GONE = {"Danh Chung": False, "Thị Ngọc Ánh": True, "Danh Minh Khang": True, "Thị Hòa": False}


def out_and_in_again(page: Page, app, fair) -> None:
    """Two of them go out, and come back."""
    word = page.locator("#verdict-word")
    # two go out; a look tells so and writes nothing; they come back green
    choose(page, way="Ra")
    held_up(page, fair.codes[CHUNG])
    page.get_by_role("checkbox", name="Danh Chung").uncheck()
    page.get_by_role("checkbox", name="Thị Hòa").uncheck()
    page.get_by_role("button", name="Ghi 2 người ra").click()
    booked(page)
    assert inside(app) == GONE
    choose(page, way="Chỉ xem")
    held_up(page, fair.codes[CHUNG])
    expect(word).to_have_text("Đã ghi 2 trên 4 người")
    expect(page.locator('#verdict-people [data-there="true"] b')).to_have_text(["Danh Chung", "Thị Hòa"])
    page.get_by_role("button", name="Xong").click()
    choose(page, way="Vào")
    held_up(page, fair.codes[CHUNG])
    expect(word).to_have_text("Mời vào lại")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "good")
    page.get_by_role("button", name="Ghi 2 người").click()
    booked(page)
    assert inside(app) == dict.fromkeys(GONE, False)


def taken_back(page: Page, app, fair) -> None:
    """From the verdict, and from the history."""
    word = page.locator("#verdict-word")
    # the return is taken back from the verdict: both are outside again, here and on the server
    page.get_by_role("button", name="Hoàn tác").click()
    page.locator("#why-send").click()
    expect(page.locator("#why-error")).to_contain_text("Chọn một lý do")
    reason(page, "Nhầm gia đình")
    expect(word).to_have_text("Đã hoàn tác")
    booked(page)
    assert inside(app) == GONE
    held_up(page, fair.codes[CHUNG])
    expect(word).to_have_text("Mời vào lại")
    page.get_by_role("button", name="Bỏ qua").click()

    # the other family was let in by a slip: the history names whom, and takes them back
    held_up(page, fair.codes[HOA])
    page.get_by_role("button", name="Ghi 2 người").click()
    booked(page)
    page.locator("#open-history").click()
    newest = page.locator("#history-list li").first
    expect(newest).to_contain_text("Trương Mỹ Hoa, Lâm Quốc Đạt")
    newest.get_by_role("button", name="Hoàn tác").click()
    reason(page, "Chạm nhầm")
    expect(newest).to_contain_text("đã hoàn tác: Chạm nhầm")
    expect(newest.get_by_role("button", name="Hoàn tác")).to_have_count(0)
    page.get_by_role("button", name="Đóng").click()
    held_up(page, fair.codes[HOA])
    expect(word).to_have_text("Mời vào")
    page.get_by_role("button", name="Bỏ qua").click()


def refused_and_forced(page: Page, fair) -> None:
    """What the rule refuses is let in with a reason only."""
    word = page.locator("#verdict-word")
    # outside the hours, and for a present that is not theirs: refused in words, let in only with a reason
    choose(page, purpose="com")
    held_up(page, fair.codes[HOA])
    expect(word).to_have_text("Ngoài giờ")
    expect(page.locator("#verdict-text")).to_have_text(re.compile(r"^Cơm trưa đã đóng lúc \d+ giờ( \d\d)?"))
    page.get_by_role("button", name="Vẫn ghi").click()
    page.get_by_role("button", name="Vẫn ghi: 2 người").click()
    reason(page, "Trưởng cổng cho phép")
    booked(page)
    choose(page, purpose="qua")
    held_up(page, fair.codes[HOA])
    expect(word).to_have_text("Không thuộc diện này")
    page.get_by_role("button", name="Xong").click()

    # a card nobody knows: three people, and why
    choose(page, purpose="entry")
    held_up(page, "2" + "0" * 38 + "1" + "001")
    page.get_by_role("button", name="Cho vào", exact=True).click()
    page.get_by_role("button", name="Thêm một người").click()
    page.get_by_role("button", name="Thêm một người").click()
    reason(page, "Khách của ban tổ chức")
    booked(page)
    expect(page.locator("#refused")).to_be_hidden()


def test_a_family_in_parts_out_and_in_again_taken_back_and_forced(app, fair, quiet):
    named(app, fair)
    page = quiet.new_page()
    enrol(page, app, fair)
    page.locator("#start").evaluate("(start) => { start.hidden = true; }")
    back_stays(page, fair)
    in_parts(page, fair)
    out_and_in_again(page, app, fair)
    taken_back(page, app, fair)
    refused_and_forced(page, fair)
    assert scans(app) == [
        ("entry", "in", False, False, 3),
        ("entry", "in", False, False, 1),
        ("entry", "out", False, False, 2),
        ("entry", "in", False, True, 2),
        ("entry", "in", False, True, 2),
        ("com", "in", True, False, 2),
        ("entry", "in", True, False, 3),
    ]
    with app.app_context():
        kept = [body for (body,) in db.session.execute(select(Mutation.body).order_by(Mutation.seq))]
    assert [body["why"] for body in kept if "why" in body] == ["closed", "other_class"]


def test_a_card_issued_anew_is_let_in_by_force_and_counts_its_people(app, fair, quiet):
    page = quiet.new_page()
    enrol(page, app, fair)
    with app.app_context(), transaction():
        family = db.session.scalars(select(Family).where(Family.name == HOA)).one()
        db.session.execute(update(Pass).where(Pass.family_id == family.id).values(replaced_at=now()))
        values = tokens.new_pass_values("family", family.id, 2)
        db.session.add(Pass(festival_id=fair.festival_id, family_id=family.id, issue=2, issued_at=now(), **values))
    page.reload()
    expect(page.locator("#age")).to_contain_text("5 thẻ")
    expect(page.locator("#network")).to_have_text("Có mạng")
    quiet.set_offline(True)
    held_up(page, fair.codes[HOA])
    expect(page.locator("#verdict-word")).to_have_text("Thẻ đã được cấp lại")
    page.get_by_role("button", name="Vẫn cho vào").click()
    expect(page.locator("#why-hint")).to_contain_text("Cả gia đình được tính")
    page.locator("#why-text").fill("Để quên thẻ mới ở nhà")
    page.locator("#why-send").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã lưu trên máy")
    quiet.set_offline(False)
    booked(page)
    assert inside(app) == {"Trương Mỹ Hoa": False, "Lâm Quốc Đạt": False}
    assert scans(app) == [("entry", "in", True, False, 2)]
