"""In a real browser: an officer types six families and pastes six, by the keyboard alone, as rows on a desk and as cards on a phone."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.roster.models import Family, FamilyState, Person
from tests.harness.looks import shot
from tests.harness.served import Served
from tests.house import reach
from tests.registration.conftest import World

KEYS_A_MINUTE = 200  # forty words a minute, five keys a word
SIX = [
    ["Danh Chung", "Thạch Thị Sa Rươl", "Danh Minh Khôi", "Danh Thị Ngọc"],
    ["Trần Văn Kiểm", "Nguyễn Thị Hường", "Trần Gia Bảo", "Lê Thị Sáu"],
    ["Lâm Văn Tư", "Kim Thị Út", "Lâm Bé Ba", "Lâm Thị Chín"],
    ["Nguyễn Hoàng Đức", "Phạm Thị Quyên", "Nguyễn Ánh Dương", "Đỗ Thị Mười"],
    ["Thạch Sóc Kha", "Danh Thị Hà", "Thạch Ngọc Lan", "Danh Thị Sương"],
    ["Huỳnh Quốc Việt", "Võ Thị Tuyết", "Huỳnh Nhật Minh", "Huỳnh Văn Bảy"],
]
ROWS = (("đại diện", "1984"), ("vợ", "3/2/1986"), ("con", "2017"), ("mẹ", "1950"))


@pytest.fixture
def officer(world: World, context: BrowserContext, page: Page, live_server: Served) -> Iterator[Page]:
    """An officer's browser at the grid of new families; no address and no script fails."""
    with world.app.app_context(), transaction():
        token = open_sign_in(world.officer, 3).token
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/delegation/{world.hon_dat}/families/new")
    yield page
    assert broken == []


def telex(text: str) -> int:
    """How many keys a Vietnamese keyboard takes for a text: one more for each mark of a letter and each tone, and for a capital."""
    marks = sum(unicodedata.combining(mark) > 0 for mark in unicodedata.normalize("NFD", text))
    return len(text) + marks + sum(letter in "đĐ" for letter in text) + sum(letter.isupper() for letter in text)


class Typist:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def types(self, text: str) -> None:
        """A text, where the hand is."""
        self.page.keyboard.insert_text(text)
        self.keys += telex(text)

    def press(self, *keys: str) -> None:
        """Keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def to(self, cell: str) -> None:
        """The hand is in this cell now."""
        expect(self.page.locator(f"[id='{cell}']")).to_be_focused()


def test_six_families_are_typed_in_ten_minutes(world: World, officer: Page) -> None:
    """Phone, four people with relation, birth and a contest each: no mouse, and every row is where Enter leads."""
    typist = Typist(officer)
    officer.focus("#phone")
    for number, names in enumerate(SIX):
        before = f"f{number}-" if number else ""
        typist.to(f"{before}phone")
        typist.types(f"091234560{number}")
        typist.press("Tab")
        typist.types("Ấp Hòn Me")
        typist.press("Enter")
        for row, (name, (relation, birth)) in enumerate(zip(names, ROWS, strict=True)):
            typist.to(f"{before}members-{row}-name")
            typist.types(name)
            typist.press("Tab")
            typist.types(relation)
            typist.press("Tab")
            if row in (0, 2):  # the word says it of the others
                typist.press("n")
            typist.press("Tab")
            typist.types(birth)
            typist.press("Tab", "Space", "Enter")
        if number + 1 < len(SIX):
            typist.to(f"{before}members-4-name")
            typist.press("Enter")
    expect(officer.locator("fieldset[data-family='5'] .grid-line")).to_contain_text("Còn thiếu")
    shot(officer, "grid-typed-1440")
    expect(officer.locator(".grid-rows + .error, .grid-rows .error")).to_have_count(0)
    officer.focus("button[value=save]")
    typist.press("Enter")
    expect(officer.get_by_text("Đã lưu 6 gia đình")).to_be_visible()
    minutes = typist.keys / KEYS_A_MINUTE
    if out := os.environ.get("FIGURES"):
        Path(out).write_text(json.dumps({"keys": typist.keys, "minutes": round(minutes, 1)}), encoding="utf-8")
    assert minutes < 10, typist.keys
    with world.app.app_context(), reading():
        found = list(db.session.scalars(db.select(Person.name).order_by(Person.id)))
    assert sorted(found) == sorted(name for names in SIX for name in names)
    shot(officer, "families-1440")


def pasted(six: list[list[str]]) -> str:
    """Six families as cells of Excel, with the headings of the template."""
    heads = ["Gia đình số", "Họ và tên", "Quan hệ", "Giới tính", "Ngày sinh", "Số điện thoại", "Đã ký phiếu đồng ý",
             "Người giám hộ", "Trẻ đồng ý", "Thi: Gia đình tài năng"]  # fmt: skip
    lines = [heads]
    for number, names in enumerate(six):
        for row, (name, (relation, birth)) in enumerate(zip(names, ROWS, strict=True)):
            child = row == 2
            lines.append([
                str(number + 1), name, relation, "Nam" if row in (0, 2) else "Nữ", birth, "" if row else f"091234560{number}", "x",
                names[1] if child else "", "x" if child else "", "x",
            ])  # fmt: skip
    return "\n".join("\t".join(each) for each in lines)


def test_six_families_are_pasted_sent_and_printed_by_keyboard_and_seen_as_cards(world: World, officer: Page) -> None:
    officer.context.grant_permissions(["clipboard-read", "clipboard-write"])
    officer.evaluate("text => navigator.clipboard.writeText(text)", pasted(SIX))
    officer.focus("#members-0-name")
    officer.keyboard.press("Control+v")
    expect(officer.locator("#f5-members-3-name")).to_have_value("Huỳnh Văn Bảy")
    expect(officer.locator(".grid-line[data-tone=good]")).to_have_count(6)
    shot(officer, "grid-pasted-1440")
    # a paste is undone, and done again; a refresh finds it
    undo = officer.get_by_role("button", name="Hoàn tác: dán 6 gia đình, 24 người")
    undo.focus()
    officer.keyboard.press("Enter")
    expect(officer.locator("#f5-members-3-name")).to_have_count(0)
    officer.get_by_role("button", name="Làm lại: dán 6 gia đình, 24 người").press("Enter")
    expect(officer.locator("#f5-members-3-name")).to_have_value("Huỳnh Văn Bảy")
    officer.set_viewport_size({"width": 360, "height": 800})
    officer.reload()
    expect(officer.locator("#f5-members-3-name")).to_have_value("Huỳnh Văn Bảy")
    shot(officer, "grid-pasted-360")
    assert officer.evaluate("document.documentElement.scrollWidth") <= 360
    # what is wrong stands beside its cell while it is typed, and stays after Back
    officer.fill("#f2-members-2-birth", "31/2/2017")
    officer.focus("#f2-members-2-name")
    beside = officer.locator("[id='f2-members-2-birth-error']")
    expect(beside).to_have_text("Không có ngày 31/2/2017. Hãy xem lại.")
    reach.follow(officer.get_by_role("link", name="Đoàn huyện Hòn Đất"))
    officer.go_back()
    expect(officer.locator("#f2-members-2-birth")).to_have_value("31/2/2017")
    officer.fill("#f2-members-2-birth", "2017")
    officer.get_by_role("button", name="Lưu các gia đình").press("Enter")
    expect(officer.get_by_text("Đủ hồ sơ: 6 trên 6 gia đình").first).to_be_visible()
    shot(officer, "families-360")
    officer.set_viewport_size({"width": 1440, "height": 900})
    officer.get_by_role("button", name="Gửi 6 gia đình đủ hồ sơ").press("Enter")
    expect(officer.get_by_text("Đã gửi 6 gia đình đến Ban Tổ chức")).to_be_visible()
    with world.app.app_context(), reading():
        assert set(db.session.scalars(db.select(Family.state))) == {FamilyState.SUBMITTED}
    officer.get_by_role("link", name="Danh sách ký").press("Enter")
    officer.get_by_role("button", name="In danh sách để ký").press("Enter")
    expect(officer.get_by_role("link", name="Mở tờ PDF để in")).to_be_visible()
