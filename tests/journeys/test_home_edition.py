"""The home edition in a real browser, by the clicks and keys of persons: from an empty database to the published programme.

Fifteen delegations of Kiên Giang, six contests, three days. What the organiser does to set it up stays under 250 actions; every page is
light, and none is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import zxingcpp
from flask import Flask
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from festival.accounts.first_link import first_link
from festival.accounts.models import User
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.registration import decisions, registering
from festival.registration import outcomes as registration_outcomes
from festival.roster import families as roster_families
from festival.roster import outcomes, views
from festival.roster import rules as roster_rules
from festival.roster.models import Delegation, Family, Origin
from tests.harness.person import Person, Tally
from tests.journeys.conftest import Visit
from tests.journeys.scene import household

MOST_ACTIONS = 250
BY_EXCEL = 2  # officers whose whole way is walked in a browser
PASSWORD = "sóng biển Hòn Đất"
TITLE = "Ngày hội Gia đình tiêu biểu tỉnh Kiên Giang lần thứ IV năm 2024"
UNITS = (
    "Rạch Giá", "Hà Tiên", "Phú Quốc", "Kiên Lương", "Hòn Đất", "Tân Hiệp", "Châu Thành", "Giồng Riềng", "Gò Quao",
    "An Biên", "An Minh", "Vĩnh Thuận", "Kiên Hải", "U Minh Thượng", "Giang Thành",
)  # fmt: skip
SURNAMES = ("Danh", "Thị", "Trần", "Lê", "Huỳnh", "Quách", "Lâm", "Mai", "Võ", "Phan", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
TALENT, CLOTHES, COOKING = "Gia đình tài năng", "Biểu diễn trang phục về gia đình", "Thi nấu ăn «Khéo tay cuối tuần»"
BASKET, GOAL, BADMINTON = "Ném bóng vào rổ", "Đá bóng vào cầu môn", "Cầu lông nam nữ phối hợp"
CONTESTS = (TALENT, CLOTHES, COOKING, BASKET, GOAL, BADMINTON)
STAGE, HALL, YARD = "Sân khấu Trung tâm Văn hóa", "Nhà thi đấu đa năng", "Khu ẩm thực"
# contest, stage, day, from, until, what it is called; what the form proposes is left as it is
SESSIONS = (
    (TALENT, STAGE, "14/6/2024", "19:00", "22:00", "tối thứ sáu"),
    (TALENT, STAGE, "15/6/2024", "13:30", "17:00", "chiều thứ bảy"),
    (CLOTHES, STAGE, "15/6/2024", "19:00", "21:30", ""),
    (COOKING, YARD, "15/6/2024", "7:30", "11:30", ""),
    (BASKET, HALL, "14/6/2024", "7:30", "9:30", ""),
    (GOAL, HALL, "14/6/2024", "9:30", "11:30", ""),
    (BADMINTON, HALL, "16/6/2024", "7:00", "12:00", ""),
)


def people_of_the_list() -> str:
    """What the organiser has in a spreadsheet: officers with their delegations, three panels of five, two secretaries."""
    officers = [f"{SURNAMES[at]} Văn Cán {unit}; công chức; {unit}" for at, unit in enumerate(UNITS)]
    judges = []
    for place, contest in enumerate((TALENT, CLOTHES, COOKING)):
        for at in range(5):
            role = "giám khảo" if at else "trưởng ban giám khảo"
            judges.append(f"{SURNAMES[5 * place + at]} Minh Khảo; {role}; {contest}")
    secretaries = [
        f"Lê Minh Thư; thư ký; {TALENT} + {CLOTHES} + {COOKING}",
        f"Phan Thị Ký; thư ký; {BASKET} + {GOAL} + {BADMINTON}",
    ]
    return "\n".join([*officers, *judges, *secretaries])


@dataclass
class Story:
    """Who takes part, and what they counted together."""

    app: Flask
    visit: Visit
    tally: Tally = field(default_factory=Tally)

    def comes(self, screen: str, who: str) -> Person:
        """Somebody with a device of their own."""
        return Person(self.visit(screen, who).page, who, self.tally)


def asked(person: Person, words: str, yes: str) -> Person:
    """A button that asks once more before it does anything."""
    person.click(person.page.locator("summary", has_text=words).first)
    return person.click(person.page.get_by_role("dialog").get_by_role("button", name=yes, exact=True))


def said(person: Person, words: str) -> Person:
    """What the page says after a step."""
    expect(person.page.locator("main")).to_contain_text(words)
    return person


def menu(person: Person, words: str) -> Person:
    """A line of the list at the side of every page."""
    return person.press(words, within=person.page.get_by_role("navigation", name="Danh mục"))


def the_rules(organiser: Person, link: str) -> None:
    """First link, first account, three steps."""
    page = organiser.page
    organiser.open(link).here("Nguyễn Thị Thu Hà")  # the first field has the focus
    organiser.fill("Tên đăng nhập", "bantochuc").fill("Mật khẩu", PASSWORD).fill("Nhập lại mật khẩu", PASSWORD)
    organiser.press("Tạo tài khoản và đăng nhập")
    page.wait_for_url("**/office/setup/new")
    organiser.here(TITLE).fill("Ngày khai mạc", "14/6/2024").fill("Ngày bế mạc", "16/6/2024")
    organiser.fill("Cơ quan tổ chức", "Sở Văn hóa và Thể thao tỉnh Kiên Giang").fill(
        "Địa điểm", "Trung tâm Văn hóa tỉnh"
    )
    organiser.press("Lưu và sang bước 2")
    page.wait_for_url("**/who*")
    organiser.press("Nạp danh sách có sẵn")
    said(organiser, "Đã nạp").choose("Đơn vị cấp trên", "Tỉnh Kiên Giang").press("Hiện các đơn vị")
    organiser.tick("Tất cả 15 đơn vị").press("Xem trước")
    said(organiser, "Xem trước: thêm 15 đoàn").press("Lưu và sang bước 3")
    page.wait_for_url("**/contests*")
    pack = page.locator(".card", has_text="Ném bóng vào rổ").filter(has=page.get_by_role("button", name="Dùng bộ này"))
    organiser.press("Dùng bộ này", within=pack)
    said(organiser, "6 phần thi đã chọn")


def own_rules(organiser: Person) -> None:
    """Two contests are changed by hand, and the whole festival has a prize of its own."""
    page = organiser.page
    organiser.press(f"Sửa, {TALENT}").fill(page.locator("#scoring\\.delta"), "12,5").press("Lưu phần thi")
    said(organiser, "Đã lưu phần thi").press("Thi những gì", within=page.get_by_role("navigation", name="Đang ở"))
    organiser.press(f"Sửa, {CLOTHES}").fill(page.locator("#criteria\\.1\\.name"), "Phong thái, trình diễn").press(
        "Lưu phần thi"
    )
    said(organiser, "Đã lưu phần thi")
    menu(organiser, "Lập ngày hội").press("Giải toàn đoàn và giải phụ")
    organiser.fill("Giải phụ thứ 5", "Gia đình vượt đường xa nhất").press("Lưu")
    said(organiser, "Đã lưu")


def people(organiser: Person) -> list[str]:
    """Everybody's account at once; what the square on each card says."""
    page = organiser.page
    menu(organiser, "Tài khoản").press("Dán danh sách")
    organiser.fill("Danh sách", people_of_the_list()).press("Xem trước")
    said(organiser, "Sẽ tạo 32 tài khoản").press("Ghi 32 tài khoản")
    cards = page.locator(".sign-in-card")
    expect(cards).to_have_count(32)
    codes = [read_square(cards.nth(at)) for at in range(len(UNITS))]
    organiser.press("Quay lại")
    return codes


def read_square(shown: Locator) -> str:
    """As the camera of a phone reads it from paper."""
    seen = zxingcpp.read_barcodes(Image.open(BytesIO(shown.locator(".qr").screenshot())))
    return str(seen[0].text)


def the_places(organiser: Person) -> None:
    """Three stages, and when each contest is on."""
    page = organiser.page
    menu(organiser, "Bốc thăm và lịch thi")
    for name in (STAGE, HALL, YARD):
        organiser.fill(page.locator("#add-stage").get_by_label("Tên", exact=True), name).press("Thêm sân khấu")
        expect(page.locator("#add-stage")).to_contain_text(name)
    form = page.locator("#add-session")
    for at, (contest, stage, day, begins, ends, label) in enumerate(SESSIONS, start=1):
        for words, option in (("Phần thi", contest), ("Sân khấu", stage)):
            chosen = form.get_by_label(words)
            if chosen.locator("option:checked").inner_text() != option:
                organiser.choose(chosen, option)
        for words, typed in (("Ngày", day), ("Từ giờ", begins), ("Đến giờ", ends), ("Tên buổi", label)):
            box = form.get_by_label(words)
            if box.input_value() != typed:
                organiser.fill(box, typed)
        organiser.press("Thêm buổi thi", within=form)
        expect(page.locator("article[id^=session-]")).to_have_count(at)


def registration_opens(organiser: Person) -> None:
    """One phase, from the first page."""
    menu(organiser, "Tổng quan").press("Nhận đăng ký").press("Mở ngay bây giờ")
    said(organiser, "Đang mở")


def family_of(at: int) -> list[dict[str, str]]:
    """Father, mother and a daughter of ten, in every contest; badminton is for the parents."""
    surname, unit = SURNAMES[at], UNITS[at]
    father, mother, child = f"{surname} Văn Thuận", f"Mai Thị Hòa {surname}", f"{surname} Mai Gia Hân"
    every = {f"Thi: {name}": "x" for name in CONTESTS}
    head = {"Gia đình số": "1", "Đã ký phiếu đồng ý": "x"} | every
    return [
        head | {"Họ và tên": father, "Quan hệ với người đại diện": "Người đại diện", "Giới tính": "Nam", "Ngày sinh": "14/6/1984",
                "Số điện thoại": f"09123456{at:02d}", "Địa chỉ": f"khu phố 1, {unit}"},
        head | {"Họ và tên": mother, "Quan hệ với người đại diện": "Vợ hoặc chồng", "Giới tính": "Nữ", "Ngày sinh": "3/2/1986"},
        head | {"Họ và tên": child, "Quan hệ với người đại diện": "Con", "Giới tính": "Nữ", "Ngày sinh": "9/1/2014",
                "Cha, mẹ hoặc người giám hộ đồng ý": mother, "Trẻ từ 7 tuổi đồng ý": "x", f"Thi: {BADMINTON}": ""},
    ]  # fmt: skip


def filled(template: Path, people: list[dict[str, str]]) -> Path:
    """The officer's own work in Excel."""
    book = load_workbook(template)
    sheet = book["Danh sách"]
    heads = next(row for row in sheet.iter_rows() if row[0].value == "Gia đình số")
    places = {str(cell.value): cell.column for cell in heads if cell.value}
    for at, person in enumerate(people, start=int(heads[0].row or 0) + 1):
        for heading, value in person.items():
            sheet.cell(at, places[heading], value)
    path = template.with_name(f"da-dien-{template.name}")
    book.save(path)
    return path


def brings_a_family(officer: Person, code: str, at: int, folder: Path) -> None:
    """A password of one's own, the file of the delegation filled in, read back and sent."""
    page = officer.page
    officer.open(urlsplit(code).path).fill("Mật khẩu mới", PASSWORD).fill("Nhập lại mật khẩu", PASSWORD)
    officer.press("Lưu mật khẩu và đăng nhập")
    said(officer, UNITS[at]).press("Nhập từ Excel")
    with page.expect_download() as coming:
        officer.press("Tải tệp mẫu Excel")
    template = folder / f"{at}.xlsx"
    coming.value.save_as(template)
    officer.pick_file("Tệp Excel", filled(template, family_of(at))).press("Xem trước")
    officer.press("Xác nhận ghi 1 gia đình").press("Gửi 1 gia đình đủ hồ sơ")
    said(officer, "Đã gửi")


def approved(organiser: Person, families: int) -> None:
    """One family after another."""
    menu(organiser, "Đăng ký").click(organiser.page.locator("tbody th a").first)
    for left in reversed(range(families)):
        organiser.click(organiser.page.get_by_role("button", name="Duyệt", exact=True))
        said(organiser, "Đã duyệt")
        if left:
            organiser.press("Hồ sơ chờ tiếp theo")


def others_bring_theirs(app: Flask) -> None:
    """The other delegations do the same, without a browser: the programme that follows is that of all fifteen."""
    with app.app_context(), transaction():
        rules = roster_rules.rules_of(the_festival())
        every = tuple(db.session.scalars(select(Contest.code).order_by(Contest.position)))
        organiser = db.session.scalars(select(User.id).where(User.login == "bantochuc")).one()
        for at, delegation in enumerate(db.session.scalars(select(Delegation).order_by(Delegation.position))):
            if db.session.scalar(select(Family.id).where(Family.delegation_id == delegation.id)):
                continue
            name = SURNAMES[at]
            home = household(f"09876543{at:02d}", (f"{name} Văn Lành", f"Lê Thị Ngọc {name}", f"{name} Gia Bảo"), every)
            made = registering.register_family(rules, delegation, home, Origin.OFFICER, submit=True)
            assert isinstance(made, registration_outcomes.Registered)
            item = views.view(roster_families.family_by_code(made.code), rules)
            assert isinstance(decisions.approve(rules, item, item.family.version, organiser), outcomes.Done)


def drawn(organiser: Person) -> None:
    """Registration is closed; one contest is drawn by hand at the meeting, the others from a seed."""
    page = organiser.page
    menu(organiser, "Tổng quan").press("Nhận đăng ký")
    asked(organiser, "Đóng ngay bây giờ", "Đóng")
    for contest in CONTESTS:
        menu(organiser, "Bốc thăm và lịch thi").press(f"Bốc thăm, {contest}")
        if contest == TALENT:
            expect(page.locator(".draw-number")).to_have_count(len(UNITS))
            for at, box in enumerate(page.locator(".draw-number").all()):
                organiser.fill(box, str((4 * at) % 15 + 1))
            organiser.press("Đọc lại")
        else:
            organiser.click(page.locator("summary", has_text="Bốc thăm bằng số gieo")).fill("Số gieo", "20240610-0900")
            organiser.press("Tính thứ tự")
        organiser.press("Xác nhận thứ tự này")
        said(organiser, "Đã bốc thăm")


def published(organiser: Person) -> None:
    """The plan of the whole, without anybody in two places, for everybody to read."""
    menu(organiser, "Bốc thăm và lịch thi")
    asked(organiser, "Xếp lịch tự động", "Xếp lịch")
    said(organiser, "tiết mục, không ai phải ở hai nơi cùng lúc")
    asked(organiser, "Công bố lịch thi", "Công bố")
    said(organiser, "Đã công bố lịch thi phiên bản 1")


@pytest.mark.long
def test_the_home_edition_is_set_up_by_clicks_and_keys(app: Flask, visit: Visit, tmp_path: Path) -> None:
    story = Story(app, visit)
    with app.app_context(), reading():
        link = first_link()
    assert link is not None
    organiser, tally = story.comes("desk", "Ban Tổ chức"), story.tally
    with tally.part("rules"):
        the_rules(organiser, urlsplit(link).path)
        own_rules(organiser)
    with tally.part("people"):
        codes = people(organiser)
    with tally.part("timetable"):
        the_places(organiser)
    with tally.part("registration"):
        registration_opens(organiser)
    set_up = tally.actions
    with tally.part("officers"):
        for at in range(BY_EXCEL):
            brings_a_family(story.comes("phone", UNITS[at]), codes[at], at, tmp_path)
    with tally.part("approving"):
        approved(organiser, BY_EXCEL)
    others_bring_theirs(app)
    with tally.part("draw"):
        drawn(organiser)
    with tally.part("programme"):
        published(organiser)
    story.comes("narrow", "khán giả").open("/programme")
    print(
        f"\nset up in {set_up} actions; all: {tally.actions} {tally.parts}; heaviest {max(tally.pages.values())} bytes"
    )
    assert set_up < MOST_ACTIONS
    tally.hold()
    assert tally.actions - tally.parts["officers"] < MOST_ACTIONS, (
        "the organiser's own, with the draw and the programme"
    )
    with app.app_context(), reading():
        festival = db.session.scalars(select(Festival)).one()
        assert len(db.session.scalars(select(Delegation.id)).all()) == len(UNITS)
        assert db.session.scalars(select(Contest.name).order_by(Contest.position)).all() == list(CONTESTS)
        talent, clothes = (contest for contest in festival.ruleset["contests"][:2])
        assert (talent["scoring"]["delta"], clothes["criteria"][1]["name"]) == (12.5, "Phong thái, trình diễn")
        assert festival.ruleset["special_prizes"][-1] == {"name": "Gia đình vượt đường xa nhất"}
