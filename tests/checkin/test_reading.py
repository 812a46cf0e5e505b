"""Is every pass read, however it is held up: by a keyboard scanner, from a photo, on the numeric pad, as a phone number?"""

from __future__ import annotations

import random
from base64 import b64decode
from io import BytesIO
from itertools import cycle
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import inspect, select

from festival.checkin.models import Scan
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.models import Mutation
from festival.editions.models import Festival, Unit
from festival.passes import code, tokens
from festival.passes.models import Pass
from festival.roster.models import Delegation
from tests.checkin import test_gate_app
from tests.checkin.camera import held_together, on_a_screen
from tests.checkin.keyboard_scanner import KEYBOARDS, KeyboardScanner
from tests.checkin.test_gate_app import CHUNG, HOA, enrol
from tests.devices.kit import Phone, enrolment
from tests.harness.node import run_node_tests

# What is read does not depend on the database.
pytestmark = pytest.mark.either_database
fair, quiet = test_gate_app.fair, test_gate_app.quiet
HERE = Path(__file__).resolve().parent
ANH_DUC = "Gia đình ông Nguyễn Hoàng Anh Đức"
BOXES = ("#by-hand-code", "#by-hand-text")


def test_the_browsers_rules_of_reading():
    run_node_tests(HERE / "scanner_burst.test.mjs")
    run_node_tests(HERE / "reading.test.mjs")


def skip(page: Page) -> None:
    """Leave the verdict, and what was typed."""
    page.get_by_role("button", name="Bỏ qua").click()
    for box in BOXES:
        page.locator(box).evaluate("(box) => { box.value = ''; }")


def a_scanner_is_read_wherever_the_focus_is(page: Page, codes: dict[str, str]) -> None:
    scanner, name = KeyboardScanner(page), page.locator("#verdict-name")
    # before anybody has pressed "Bắt đầu quét"; the button that has the focus is not pressed by the scanner's Enter
    page.locator("#start-button").focus()
    scanner.scan(codes[CHUNG])
    expect(name).to_have_text(CHUNG)
    expect(page.locator("#start")).to_be_visible()
    skip(page)
    # Vietnamese typing is on, and a name stands half typed in the search
    page.locator("#open-by-hand").click()
    page.locator("#by-hand-text").fill("danh")
    scanner.scan(codes[HOA], "composing", end="Tab")
    expect(name).to_have_text(HOA)
    expect(page.locator("#by-hand")).to_be_hidden()
    assert [page.locator(box).input_value() for box in BOXES] == ["", "danh"]
    skip(page)
    # a list of choices chooses nothing
    page.locator("#purpose").focus()
    scanner.scan(codes[CHUNG], "shifted", end="Tab")
    expect(name).to_have_text(CHUNG)
    expect(page.locator("#purpose")).to_have_value("entry")
    # a window without anything typed makes room
    page.locator("#open-history").evaluate("(button) => button.click()")
    scanner.scan(codes[HOA], "vietnamese", end="")
    expect(page.locator("#history")).to_be_hidden()
    expect(page.locator("#held-pass")).to_have_text("Thẻ vừa quét đang chờ. Xong thẻ này, thẻ ấy tự hiện.")
    expect(name).to_have_text(CHUNG)  # the history has stopped the countdown: it waits for the tap
    page.get_by_role("button", name="Bỏ qua").click()
    expect(name).to_have_text(HOA)
    expect(page.locator("#held-pass")).to_be_hidden()
    skip(page)


def what_is_no_pass_is_told_and_leaves_no_text(page: Page, code: str) -> None:
    scanner, word = KeyboardScanner(page), page.locator("#verdict-word")
    torn = code[:-1] + str((int(code[-1]) + 1) % 10)
    for text, place, words in (
        (torn, "#by-hand-text", "Mã bị sai hoặc rách"),
        (code[:20] + code[21:], "#by-hand-code", "Mã bị sai hoặc rách"),  # a key was lost on the way
        ("8935001234567", "", "Không phải thẻ của ngày hội"),
    ):
        if place:
            page.locator("#open-by-hand").click()
            page.locator(place).focus()
        scanner.scan(text, "composing")
        expect(word).to_have_text(words)
        assert [page.locator(box).input_value() for box in BOXES] == ["", ""]
        page.get_by_role("button", name="Xong").click()


def another_festival(app) -> str:
    """A family's card of last year, in the same house."""
    with app.app_context(), transaction():
        now_held = db.session.scalars(select(Festival)).one()
        kept = {each.key: getattr(now_held, each.key) for each in inspect(Festival).column_attrs}
        before = Festival(**kept | {"id": None, "code": "thu-2023", "name": "Ngày hội thử 2023"})
        db.session.add(before)
        db.session.flush()
        unit_id = db.session.scalars(select(Unit.id)).first()
        sent = {"code": "truoc", "name": "Đoàn năm trước", "families_min": 0, "families_max": 9}
        delegation = Delegation(festival_id=before.id, unit_id=unit_id, **sent)
        db.session.add(delegation)
        db.session.flush()
        card = Pass(
            festival_id=before.id,
            delegation_id=delegation.id,
            issue=1,
            issued_at=now(),
            **tokens.new_pass_values("delegation", delegation.id, 1),
        )
        db.session.add(card)
        return tokens.qr_text(card)


def test_a_phone_learns_the_passes_of_other_festivals_once(app, fair):
    phone = Phone(app.test_client(), enrolment(app, fair))

    def ask(content):
        headers = {"Authorization": f"Bearer {phone.token}"}
        return phone.client.post("/api/v1/checkin/elsewhere", json=content, headers=headers)

    assert ask({"mark": ""}).json["festivals"] == []
    foreign = another_festival(app)
    told = ask({"mark": ""}).json
    [other] = told["festivals"]
    beginning = code.list_id(code.decode(foreign))[:10]
    assert (other["name"], b64decode(other["passes"]).hex()) == ("Ngày hội thử 2023", beginning)
    assert ask({"mark": told["mark"]}).json == {"mark": told["mark"], "festivals": None}
    assert ask({}).status_code == 400


def a_pass_of_another_festival_is_called_so(page: Page, foreign: str) -> None:
    """Without a network, too; nothing is asked and nobody let in."""
    expect(page.locator("#level-received")).to_have_text("2")  # the two codes before: nothing of theirs waits any more
    page.context.set_offline(True)
    KeyboardScanner(page).scan(foreign)
    expect(page.locator("#verdict-word")).to_have_text("Thẻ của ngày hội khác")
    expect(page.locator("#verdict-text")).to_contain_text("Ngày hội thử 2023")
    page.get_by_role("button", name="Xong").click()
    expect(page.locator("#level-saved")).to_have_text("1")  # kept with its reason
    page.context.set_offline(False)


def a_person_types(page: Page, typed: str) -> None:
    """On the pad, and with the keyboard, however quick: nothing is taken away."""
    page.locator("#open-by-hand").click()
    pad = page.get_by_role("group", name="Bàn phím số")
    for digit in "09" + typed.replace(" ", "")[:-1]:
        pad.get_by_role("button", name=digit, exact=True).click()
        if digit == "9" and page.locator(BOXES[0]).input_value() == "09":
            pad.get_by_role("button", name="Xóa số cuối").click()
            pad.get_by_role("button", name="Xóa hết").click()
    assert page.locator(BOXES[0]).input_value() == typed[:-1]
    pad.get_by_role("button", name=typed[-1], exact=True).click()
    expect(page.locator("#by-hand-said")).to_have_text("Tìm thấy 1 thẻ. Chọn một.")
    page.locator(BOXES[1]).focus()
    expect(pad).to_be_hidden()
    page.keyboard.type("danh chung")
    page.keyboard.press("Enter")
    expect(page.locator("#by-hand-said")).to_have_text("Tìm thấy 1 thẻ. Chọn một.")
    assert page.locator(BOXES[1]).input_value() == "danh chung"
    for spelling, words in (("+84 (0)912-000-000", ""), ("0912.345.678", "Không thẻ nào có số điện thoại này")):
        page.locator(BOXES[0]).fill(spelling)
        page.keyboard.press("Enter")
        expect(page.locator("#by-hand-error")).to_contain_text(words)
        expect(page.locator("#by-hand-found li")).to_have_count(0 if words else 1)


def a_photo_is_read(page: Page, codes: dict[str, str]) -> None:
    def choose(picture: Image.Image | bytes) -> None:
        content = picture if isinstance(picture, bytes) else _jpeg(picture)
        page.locator("#by-hand-photo").set_input_files({"name": "the.jpg", "mimeType": "image/jpeg", "buffer": content})

    told = page.locator("#by-hand-error")
    choose(b"no picture")
    expect(told).to_contain_text("Máy không mở được ảnh này")
    choose(Image.new("RGB", (900, 700), "gray"))
    expect(told).to_contain_text("Không thấy mã QR trong ảnh")
    choose(held_together([codes[CHUNG], codes[HOA]]))
    expect(told).to_contain_text("Ảnh có nhiều thẻ")
    choose(on_a_screen(codes[HOA]))
    expect(page.locator("#verdict-name")).to_have_text(HOA)
    expect(page.locator("#by-hand")).to_be_hidden()
    page.get_by_role("button", name="Ghi 2 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")


def _jpeg(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def test_a_pass_is_read_however_it_is_held_up(app, fair, quiet):
    foreign = another_festival(app)
    page = quiet.new_page()
    enrol(page, app, fair)
    a_scanner_is_read_wherever_the_focus_is(page, fair.codes)
    what_is_no_pass_is_told_and_leaves_no_text(page, fair.codes[CHUNG])
    a_pass_of_another_festival_is_called_so(page, foreign)
    a_person_types(page, fair.typed[CHUNG])
    a_photo_is_read(page, fair.codes)
    with app.app_context():
        bodies = list(db.session.scalars(select(Mutation.body).order_by(Mutation.seq)))
        held = [(each["how"], each.get("why")) for each in bodies if each["pass"]]
        assert held == [("scanner", "foreign"), ("photo", None)]
        assert list(db.session.scalars(select(Scan.how))) == ["photo"]


@pytest.mark.faults
def test_a_thousand_of_a_thousand_codes_of_a_keyboard_scanner_are_accepted(app, fair, quiet):
    """Every kind of keyboard, every end, every focus; no digit of a code stays in a field."""
    page = quiet.new_page()
    enrol(page, app, fair)
    scanner, chance, accepted, left = KeyboardScanner(page), random.Random(11), 0, []
    names = cycle([CHUNG, HOA, ANH_DUC])
    for _ in range(1000):
        name, keyboard = next(names), chance.choice(KEYBOARDS)
        focus = chance.choice(("nowhere", "purpose", "open-history", *BOXES))
        before = chance.choice(("", "danh", "12"))
        if focus in BOXES:
            page.locator("#open-by-hand").evaluate("(button) => button.click()")
            page.locator(focus).fill(before)
        elif focus != "nowhere":
            page.locator(f"#{focus}").focus()
        scanner.scan(fair.codes[name], keyboard, chance.choice(("Enter", "Tab", "")))
        expect(page.locator("#verdict-name")).to_have_text(name)
        accepted += 1
        if focus in BOXES and page.locator(focus).input_value() != before:
            left.append((keyboard, focus, before, page.locator(focus).input_value()))
        page.evaluate("document.querySelector('#by-hand-form').reset()")
        page.get_by_role("button", name="Bỏ qua").evaluate("(button) => button.click()")
    assert (accepted, left) == (1000, [])
