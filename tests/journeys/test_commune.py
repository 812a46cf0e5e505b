"""A commune's contest of seven teams, from an empty database to the published result, in browsers and without a command.

One laptop, on which organiser, officer and secretary have a window each, and two phones of two judges; the third judge
marks on paper and the secretary types the sheets. Everybody comes in by the square on their card. One contest is marked
tap by tap on both phones; their sheets of the two others, which are marked alike, are given to the door that phones send to.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from festival.accounts.first_link import first_link
from festival.core.clock import today
from festival.core.transaction import reading
from tests.harness.person import Person, Tally, device
from tests.harness.served import Served
from tests.harness.waiting import wait_until
from tests.journeys.sent import send_all

TEAMS = [f"Xã Vĩnh Hòa {number}" for number in range(1, 8)]
FAMILIES = [
    ("Danh Chung", "Thị Ngọc Sà Phol"),
    ("Trần Văn Út", "Lâm Thị Mỹ Dung"),
    ("Quách Tuấn Kiệt", "Huỳnh Thị Ánh Nguyệt"),
    ("Lê Văn Được", "Thị Sà Rươl"),
    ("Phan Hữu Nghĩa", "Ngô Thị Lài"),
    ("Tô Hoài Nam", "Kiên Thị Sen"),
    ("Bùi Văn Lực", "Đỗ Thị Hạnh"),
]
HEADS = [head for head, _spouse in FAMILIES]
PASSWORD = "hoa sen đỏ nở"
CHAIR, SECOND, THIRD, SECRETARY, OFFICER = "Danh Thị Chủ", "Trần Văn Hùng", "Lâm Thị Mỹ", "Lê Minh Thư", "Mai Thị Cán"
PINS = {CHAIR: "271828", SECOND: "314159"}
JUDGED = "Chào hỏi, giới thiệu tủ sách gia đình + Gia đình đọc sách + Gia đình tài năng"
PEOPLE = f"""{CHAIR}; trưởng ban giám khảo; {JUDGED}
{SECOND}; giám khảo; {JUDGED}
{THIRD}; giám khảo; {JUDGED}
{SECRETARY}; thư ký; {JUDGED} + Gia đình hiểu nhau
{OFFICER}; công chức; {" + ".join(TEAMS)}"""
TAPPED, COUNTED, SENT = "chao-hoi", "hieu-nhau", ("doc-sach", "tai-nang")
TITLE, CRITERIA = "Chào hỏi", ("Nội dung", "Phong cách", "Sáng tạo")  # as a judge's phone says
CONTESTS = ("chao-hoi", "doc-sach", COUNTED, "tai-nang")
SESSIONS = (("7:30", "8:30"), ("9:00", "10:30"), ("10:45", "11:45"), ("13:30", "15:00"))


@dataclass
class Story:
    """The machines, who sits at them, and what was done."""

    browser: Browser
    url: str
    tally: Tally = field(default_factory=Tally)
    cards: dict[str, str] = field(default_factory=dict)  # name → what the square on the card says

    def laptop(self, who: str) -> Person:
        return device(self._context(1440, 900), who, self.tally)

    def phone(self, who: str) -> Person:
        return device(self._context(360, 740, has_touch=True, is_mobile=True), who, self.tally)

    def _context(self, width: int, height: int, **settings: object) -> BrowserContext:
        screen = {"width": width, "height": height}
        return self.browser.new_context(base_url=self.url, viewport=screen, locale="vi-VN", **settings)  # type: ignore[arg-type]


@pytest.mark.long
def test_a_communes_contest_from_an_empty_database_to_the_published_result(
    app: Flask, live_server: Served, browser: Browser
) -> None:
    story = Story(browser, live_server.url)
    tally = story.tally
    organiser = story.laptop("Ban Tổ chức")
    with app.app_context(), reading():
        link = first_link()
    assert link is not None
    with tally.part("setting up"):
        set_up(organiser, urlsplit(link).path)
        bring_people(organiser, story)
    with tally.part("coming in"):
        officer, secretary = come_in(story.laptop(OFFICER), story), come_in(story.laptop(SECRETARY), story)
        chair, second = come_in(story.phone(CHAIR), story), come_in(story.phone(SECOND), story)
    with tally.part("seven families"):
        organiser.press("Tổng quan").press("Định giờ nhận đăng ký").press("Mở ngay bây giờ")
        expect(said(organiser)).to_have_text("Đã mở: Nhận đăng ký.")
        register(officer)
        approve(organiser)
    with tally.part("draw and plan"):
        plan(organiser)
    with tally.part("marks"):
        for judge in (chair, second):
            open_phone(judge, organiser)
            mark(judge)
        for contest in SENT:
            send_all(app, contest, PINS, HEADS)
        type_sheets(secretary)
        count_answers(secretary)
    with tally.part("results"):
        for number, contest in enumerate(CONTESTS, start=1):
            lock_and_sign(secretary, contest, f"0{number}/BB-BGK", organiser)
        for contest in CONTESTS:
            publish(organiser, contest)
        sign_whole(organiser)
    read_by_the_public(second)
    print(f"\nactions: {tally.parts}; heaviest pages: {sorted(tally.pages.values())[-3:]}")
    tally.hold()
    assert tally.parts["setting up"] < 60


def said(person: Person) -> Locator:
    return person.page.locator("main [role=status]").first


def seen(picture: Locator) -> str:
    """What the camera of a phone reads from a square on paper or on a screen; the part of an address behind the host."""
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.screenshot())))
    address = urlsplit(code.text)
    return f"{address.path}#{address.fragment}"


def set_up(organiser: Person, link: str) -> None:
    page = organiser.page
    organiser.open(link).fill("Họ và tên", "Nguyễn Thị Thu Hà").fill("Tên đăng nhập", "bantochuc")
    organiser.fill("Mật khẩu", PASSWORD).fill("Nhập lại mật khẩu", PASSWORD).key("Enter")
    organiser.fill("Tên ngày hội", "Hội thi Gia đình đọc sách xã Vĩnh Hòa Hưng Bắc")
    day = today()
    organiser.fill("Ngày khai mạc", f"{day.day}/{day.month}/{day.year}")
    organiser.fill("Cơ quan tổ chức", "Ủy ban nhân dân xã Vĩnh Hòa Hưng Bắc")
    organiser.fill("Địa điểm", "Hội trường Ủy ban nhân dân xã").tick("Đây là hội thi cấp xã").key("Enter")
    organiser.fill("Dán danh sách", "\n".join(TEAMS)).press("Xem trước").press("Lưu và sang bước 3")
    pack = page.locator("section.card").filter(has_text="Hội thi cấp xã: bảy đội")
    organiser.press("Dùng bộ này", within=pack)
    expect(page.get_by_role("heading", name="4 phần thi đã chọn")).to_be_visible()
    organiser.press("Xong, xem tổng hợp")
    expect(page.get_by_text("Ngày hội hiện hành")).to_be_visible()


def bring_people(organiser: Person, story: Story) -> None:
    organiser.press("Tạo tài khoản cho cán bộ").press("Dán danh sách").fill("Danh sách", PEOPLE).press("Xem trước")
    organiser.press("Ghi 5 tài khoản")
    cards = organiser.page.locator(".sign-in-card")
    expect(cards).to_have_count(5)
    story.cards = {card.locator("h2").inner_text(): seen(card.locator(".qr")) for card in cards.all()}
    organiser.press("Quay lại")


def come_in(person: Person, story: Story) -> Person:
    """By the card; whoever will mark or lock with a PIN is asked for one at once."""
    page = person.page
    person.open(story.cards[person.who]).fill("Mật khẩu mới", PASSWORD + person.who)
    person.fill("Nhập lại mật khẩu", PASSWORD + person.who).press("Lưu mật khẩu và đăng nhập")
    if pin := PINS.get(person.who):
        page.wait_for_url("**/account#pin-change")
        typed = page.locator("#pin-change input:not([type=hidden])")
        for at, text in enumerate((PASSWORD + person.who, pin, pin)):
            person.fill(typed.nth(at), text)
        person.press("Đặt mã PIN")
        expect(said(person)).to_have_text("Đã đặt mã PIN mới.")
    else:
        page.wait_for_url("**/delegation" if person.who == OFFICER else "**/panel")
    return person


def register(officer: Person) -> None:
    page = officer.page
    for number, (team, names) in enumerate(zip(TEAMS, FAMILIES, strict=True)):
        if number:
            officer.click(page.get_by_role("link", name="Đoàn dự thi").first)
        officer.click(page.get_by_role("link", name="Mở danh sách gia đình").nth(number))
        expect(page.get_by_role("heading", level=1)).to_have_text(team)
        officer.press("Thêm gia đình").fill("Số điện thoại của gia đình", f"091234560{number}")
        officer.unfold("Phiếu đồng ý")
        for at, (name, relation) in enumerate(zip(names, ("đại diện", "vợ"), strict=True)):

            def box(key: str, at: int = at) -> Locator:
                return page.locator(f"[name=members-{at}-{key}]")

            officer.fill(box("name"), name).fill(box("relation"), relation)
            if not at:  # of a wife the word says it
                officer.choose(box("sex"), "Nam")
            officer.fill(box("birth"), "14/6/1984").tick(box("signed"))
            for contest in box("contests").all():
                officer.tick(contest)
        officer.press("Lưu các gia đình").press("Gửi 1 gia đình đủ hồ sơ")
        expect(said(officer)).to_contain_text("Đã gửi 1 gia đình đến Ban Tổ chức.")


def approve(organiser: Person) -> None:
    page = organiser.page
    organiser.click(page.get_by_role("link", name="Đăng ký", exact=True).first)
    organiser.click(page.get_by_role("link", name=f"Gia đình ông {HEADS[0]}").first)
    for number, head in enumerate(HEADS):
        if number:
            organiser.press("Hồ sơ chờ tiếp theo")
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Gia đình ông {head}")
        organiser.click(page.get_by_role("button", name="Duyệt", exact=True))
        expect(said(organiser)).to_contain_text(f"Đã duyệt Gia đình ông {head}")


def plan(organiser: Person) -> None:
    page = organiser.page
    organiser.press("Bốc thăm và lịch thi")
    for contest in CONTESTS:
        organiser.click(page.locator(f"main a[href$='/{contest}/draw']")).unfold("số gieo")
        organiser.fill("Số gieo", "26112026").press("Tính thứ tự").press("Xác nhận thứ tự này")
        expect(said(organiser)).to_have_text("Đã ghi thứ tự vào sổ.")
        organiser.press("Bốc thăm và lịch thi")
    organiser.fill("Tên", "Hội trường Ủy ban nhân dân xã").press("Thêm sân khấu")
    expect(said(organiser)).to_have_text("Đã thêm sân khấu.")
    for at, (begins, ends) in enumerate(SESSIONS):
        if at:
            organiser.choose(page.locator("#contest"), page.locator("#contest option").nth(at).inner_text())
        organiser.fill("Từ giờ", begins).fill("Đến giờ", ends).press("Thêm buổi thi")
        expect(said(organiser)).to_have_text("Đã thêm buổi thi.")
        expect(page.get_by_role("link", name="Sửa, dời, bỏ")).to_have_count(at + 1)
    organiser.unfold("Xếp lịch tự động").click(page.get_by_role("button", name="Xếp lịch", exact=True))
    expect(said(organiser)).to_contain_text("Đã xếp 28 tiết mục")
    organiser.unfold("Công bố lịch thi").click(page.get_by_role("button", name="Công bố", exact=True))
    expect(said(organiser)).to_have_text("Đã công bố lịch thi phiên bản 1.")


def open_phone(judge: Person, organiser: Person) -> None:
    """The phone becomes the judge's tablet by the square on the laptop, and opens by the judge's own PIN."""
    page, office = judge.page, organiser.page
    organiser.press("Thiết bị").tick(office.locator("[name=role][value=judge]"))
    organiser.choose(office.locator("[name=user_id]"), judge.who).press("Tạo mã gắn máy")
    judge.open(seen(office.locator("main svg.qr"))).press("Gắn máy")
    expect(page.locator("#enrolled")).to_contain_text("Giám khảo")
    judge.press("Bắt đầu")
    for digit in PINS[judge.who]:
        judge.click(page.locator(".judge-pad").get_by_role("button", name=digit, exact=True))
    judge.click(page.get_by_role("button", name="Mở máy", exact=True))


def points(at: int, others: int = 0) -> str:
    """Of the first criterion, or with the others: half a point less from family to family, so the order is that of the list."""
    return str((8 - at) / 2 + others).replace(".0", "").replace(".", ",")


def mark(judge: Person) -> None:
    page = judge.page
    judge.click(page.get_by_role("link", name=TITLE).or_(page.get_by_role("button", name=TITLE)).first)
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    for at, head in enumerate(HEADS):
        judge.click(page.locator(".judge-row", has_text=head))
        for criterion, given in zip(CRITERIA, (points(at), "3", "2"), strict=True):
            judge.click(page.locator(".judge-criterion", has_text=criterion))
            judge.click(page.get_by_role("group", name="Số điểm").get_by_role("button", name=given, exact=True))
        judge.press("Gửi phiếu")
        expect(page.get_by_text("✓ đã vào sổ")).to_be_visible()
        judge.press("Về danh sách")


def to_contest(person: Person, contest: str) -> None:
    """From any page of the laptop, by its menu."""
    menu = "Ban giám khảo" if person.who == SECRETARY else "Kết quả và trao giải"
    person.click(person.page.get_by_role("link", name=menu).first)
    person.click(person.page.locator(f"main a[href='/panel/{contest}']").first)
    person.page.wait_for_url(f"**/panel/{contest}")


def type_sheets(secretary: Person) -> None:
    """The third judge has no phone: seven paper slips of one contest. In the two others that judge is absent."""
    page = secretary.page
    to_contest(secretary, TAPPED)
    for at, head in enumerate(HEADS):
        secretary.click(page.get_by_role("row").filter(has_text=head).locator("a[href*='judge=C']"))
        expect(page.locator("[name^=mark-]")).to_have_count(3)  # all() does not wait for the page
        for criterion, given in zip(page.locator("[name^=mark-]").all(), (points(at), "3", "2"), strict=True):
            secretary.fill(criterion, given)
        secretary.fill("Tổng điểm ghi trên phiếu", points(at, 5))
        secretary.fill("Lý do thư ký nhập thay", "Chỉ có hai điện thoại: nhập theo phiếu giấy đã ký.")
        secretary.press("Ghi phiếu giấy")
        expect(said(secretary)).to_have_text("Đã ghi phiếu giấy của giám khảo C.")
    expect(page.locator("main")).to_contain_text("Đủ phiếu. Có thể khóa điểm.")


def count_answers(secretary: Person) -> None:
    to_contest(secretary, COUNTED)
    secretary.press("Nhập kết quả cả bảng")
    for at, head in enumerate(HEADS):
        secretary.fill(f"Kết quả của Gia đình ông {head}", str(10 - at))
    secretary.press("Ghi cả bảng")
    expect(said(secretary)).to_have_text("Đã ghi 7 ô.")


def lock_and_sign(secretary: Person, contest: str, number: str, organiser: Person) -> None:
    """Chair and secretary lock on the laptop, the chair by PIN; the minutes are printed, signed on paper, their number typed."""
    page: Page = secretary.page
    to_contest(secretary, contest)
    for box, text in (
        ("#lock-chair", "danh.thi.chu"),
        ("#lock-chair-password", PINS[CHAIR]),
        ("#lock-secretary", "le.minh.thu"),
        ("#lock-secretary-password", PASSWORD + SECRETARY),
    ):
        secretary.fill(page.locator(box), text)
    if contest in SENT:
        secretary.fill("Lý do khóa khi còn thiếu", "Giám khảo C vắng mặt.")
    secretary.click(page.locator("form[action$='/lock'] button[type=submit]"))
    expect(said(secretary)).to_contain_text("Đã khóa điểm.")
    if contest == TAPPED:
        expect(page.locator("main")).to_contain_text(
            "Phần thi có phiếu giấy: kiểm tra ranh giới trước khi ký biên bản."
        )
        type_again(organiser, contest)
        secretary.choose("Tiết mục", f"Gia đình ông {HEADS[1]}").press("Ghi giải chuyên đề")
    print_minutes(secretary)
    page.wait_for_url(f"**/panel/{contest}")
    secretary.fill("Số biên bản", number).press("Biên bản đã ký")
    expect(said(secretary)).to_contain_text("Biên bản đã ký, ")


def type_again(organiser: Person, contest: str) -> None:
    """Before the signature somebody who has not typed the slips of paper types those beside a border of prizes again."""
    page = organiser.page
    to_contest(organiser, contest)
    organiser.click(page.get_by_role("link", name="Kiểm tra ranh giới").first)
    organiser.fill("Các mặt xúc xắc đã gieo", "3125466123").press("Rút phiếu")
    expect(said(organiser)).to_have_text("Đã rút các phiếu cần gõ lại.")
    waiting = page.get_by_role("row").filter(has_text="chưa gõ lại")
    for left in range(waiting.count(), 0, -1):
        expect(waiting).to_have_count(left)
        at = next(at for at, head in enumerate(HEADS) if head in waiting.first.inner_text())
        organiser.click(waiting.first.get_by_role("link"))
        expect(page.locator("[name^=mark-]")).to_have_count(3)
        for criterion, given in zip(page.locator("[name^=mark-]").all(), (points(at), "3", "2"), strict=True):
            organiser.fill(criterion, given)
        organiser.fill("Tổng điểm ghi trên phiếu", points(at, 5)).press("So với điểm đã khóa")
    expect(page.locator("main")).to_contain_text("Đã kiểm tra xong, không còn phiếu nào lệch.")


def print_minutes(person: Person) -> None:
    """The sheet is kept, its page leads to it, and back."""
    person.press("Xem và in để ký").press("In để ký")
    expect(person.page.get_by_role("link", name="Mở tờ đã in (PDF)")).to_be_visible()
    person.press("Quay lại")


def two_people(organiser: Person, form: Locator) -> None:
    """The organiser by password, the chair of a commune's contest by PIN."""
    for name, text in (("password", PASSWORD), ("second", "danh.thi.chu"), ("second_password", PINS[CHAIR])):
        organiser.fill(form.locator(f"[name={name}]"), text)
    organiser.click(form.locator("button[type=submit]"))


def publish(organiser: Person, contest: str) -> None:
    page = organiser.page
    to_contest(organiser, contest)
    organiser.fill(page.locator("form[action$='/decide'] [name=number]"), "11/QĐ-BTC").press("Ghi quyết định")
    organiser.fill(page.locator("form[action$='/release'] [name=names_reason]"), "Bảy đội cùng xã, đã biết tên nhau")
    organiser.fill(
        page.locator("form[action$='/release'] [name=papers_reason]"), "Xã chưa có máy quét, bản ký giữ ở bàn thư ký"
    )
    two_people(organiser, page.locator("form[action$='/release']"))
    last = page.locator("form[action$='/publish']")
    organiser.fill(last.locator("[name=password]"), PASSWORD).click(last.locator("button[type=submit]"))
    expect(said(organiser)).to_have_text("Đã công bố kết quả.")


def sign_whole(organiser: Person) -> None:
    page = organiser.page
    organiser.press("Kết quả và trao giải").press("Mở giải toàn đoàn")
    print_minutes(organiser)
    form = page.locator("form[action$='/whole-delegation/sign']")
    organiser.fill(form.locator("[name=number]"), "05/BB-BTC")
    organiser.fill(form.locator("[name=papers_reason]"), "Xã chưa có máy quét, bản ký giữ ở bàn thư ký")
    two_people(organiser, form)
    expect(said(organiser)).to_contain_text("Biên bản toàn đoàn đã ký, 7 giải được ghi nhận.")


def read_by_the_public(phone: Person) -> None:
    """The address of the contest, as a poster gives it, on a phone."""
    shown = phone.page.locator("main")

    def whole_is_there() -> bool:
        phone.open("/results")
        return "Giải toàn đoàn" in shown.inner_text()

    wait_until(whole_is_there, "the page drawn anew: it is from a snapshot of some seconds")
    lines = shown.inner_text().split("\n")
    at = lines.index("Giải toàn đoàn")
    assert lines[at + 1 : at + 6] == ["Nhất", TEAMS[0], "Nhì", TEAMS[1], TEAMS[2]]
    for contest in ("Chào hỏi, giới thiệu tủ sách gia đình", *JUDGED.split(" + ")[1:], "Gia đình hiểu nhau"):
        at = lines.index(contest)
        assert lines[at + 1 : at + 3] == ["Nhất", f"Gia đình ông {HEADS[0]}{TEAMS[0]}"], contest
    at = lines.index("Gia đình chào hỏi ấn tượng nhất")
    assert lines[at + 1] == f"Gia đình ông {HEADS[1]}{TEAMS[1]}"
    for hidden in (THIRD, "9,167"):
        assert not any(hidden in line for line in lines)
