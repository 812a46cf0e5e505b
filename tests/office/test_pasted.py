"""Is a pasted list of people read as people write it, and does each line get the fate it should?"""

from __future__ import annotations

import pytest

from festival.office.people.fates import list_fates, login_of_name
from festival.office.people.found import AccountThere, FoundLine, LineFate, PanelThere, PeopleGround, SeatThere
from festival.office.people.pasted import pasted_lines

WORDS = {
    "giam khao": "judge",
    "truong ban giam khao": "chair",
    "thu ky": "secretary",
    "can bo": "officer",
    "mc": "mc",
    "ban to chuc": "organiser",
}


def account(user_id: int, login: str, name: str, phone: str = "", *, active: bool = True) -> AccountThere:
    return AccountThere(user_id, login, name, phone, active, frozenset(), frozenset())


def ground(*accounts: AccountThere, size: int = 3, seats: tuple[SeatThere, ...] = ()) -> PeopleGround:
    return PeopleGround(
        accounts,
        {"HD": "Đoàn huyện Hòn Đất", "KL": "Đoàn huyện Kiên Lương", "KG": "Đoàn thành phố Rạch Giá"},
        (
            PanelThere("nau-an", "Thi nấu ăn", True, True, size, seats),
            PanelThere("da-bong", "Đá bóng vào lưới", False, True, 0),
            PanelThere("xong", "Thời trang", True, False, 3),
        ),
        WORDS,
    )


def fates(text: str, there: PeopleGround | None = None) -> list[FoundLine]:
    return list_fates(pasted_lines(text), there or ground())


def said(each: FoundLine) -> str:
    return " ".join(map(str, each.said))


@pytest.mark.parametrize(
    "line",
    [
        "Trần Thị Mai\tCán bộ\tHòn Đất\t0912 345 678\tmai.hd",
        "12\tTrần Thị Mai\tcan bo\tĐoàn huyện Hòn Đất\t+84 912 345 678\tmai.hd",
        "3. Trần Thị Mai; CÁN BỘ; HD; mai.hd; 0912.345.678",
        "- Trần Thị Mai, cán bộ, hòn đất, 0912345678, mai.hd",
        '"Trần  Thị Mai"\t"Cán bộ"\t"Hòn Đất"\t"0912345678"\t"Mai.HD"',
    ],
)
def test_one_person_however_the_line_is_written(line: str) -> None:
    (each,) = fates(line)
    assert (each.fate, each.line.name, each.roles, each.delegations, each.phone, each.login) == (
        LineFate.NEW, "Trần Thị Mai", ("officer",), ("HD",), "0912345678", "mai.hd",
    ), said(each)  # fmt: skip


def test_a_dash_and_blank_lines_and_headings() -> None:
    found = fates("Họ và tên\tVai trò\n\n  \n1) Danh Chung - giám khảo B - Thi nấu ăn\n\t\t\n")
    assert [(each.line.number, each.line.name, each.seats[0].letter) for each in found] == [(4, "Danh Chung", "B")]


def test_logins_have_no_marks_and_are_numbered_when_taken() -> None:
    assert login_of_name("Đặng Thị Thuỷ-Tiên", set()) == "dang.thi.thuy.tien"
    assert login_of_name("Nguyễn Văn An", {"nguyen.van.an", "nguyen.van.an2"}) == "nguyen.van.an3"
    assert login_of_name("ស្រី", set()) == "nguoi.dung"
    found = fates(
        "Nguyễn An; MC; ; 0912345678\nNguyễn Ân; MC\nNguyễn An; MC; ; 0912345679", ground(account(1, "x", "X"))
    )
    assert [(each.fate, each.login) for each in found] == [
        (LineFate.NEW, "nguyen.an"), (LineFate.NEW, "nguyen.an2"), (LineFate.NEW, "nguyen.an3"),
    ]  # fmt: skip


def test_doubles_joined_and_two_of_one_name() -> None:
    found = fates(
        "Nguyễn An; giám khảo; Thi nấu ăn; 0912345678\n"
        "NGUYỄN AN; Giám khảo; thi nấu ăn; 0912 345 678\n"
        "Nguyễn An; MC; ; 0912345678\n"
        "Nguyễn An; MC\n"
        "Lê Hòa; MC\n"
        "Lê Hoà; MC\n"
        "Lê Hoa; MC\n"
        "Lê Hòa; MC; ; 0987654321"
    )
    assert [(each.line.number, each.fate, each.of) for each in found] == [
        (1, LineFate.NEW, None),
        (2, LineFate.DOUBLED, 1),
        (3, LineFate.JOINED, 1),
        (4, LineFate.UNCLEAR, None),
        (5, LineFate.NEW, None),
        (6, LineFate.DOUBLED, 5),
        (7, LineFate.NEW, None),
        (8, LineFate.UNCLEAR, None),
    ]
    assert "Trùng tên với dòng 1" in said(found[3])


def test_who_has_an_account_is_known_and_never_guessed() -> None:
    there = ground(
        account(1, "an", "Nguyễn An", "0912345678"),
        account(2, "hoa", "Lê Hòa"),
        account(3, "hoa2", "Lê Hòa"),
        account(4, "lan", "Trần Lan", active=False),
    )
    found = [
        fates(line, there)[0]
        for line in (
            "Nguyễn An; MC",
            "Nguyễn An; MC; ; 0909999999",
            "Lê Hòa; MC",
            "Lê Hòa; giám khảo; Thi nấu ăn; hoa2",
            "Trần Lan; MC",
            "Người Khác; MC; ; an",
        )
    ]
    assert [(each.fate, each.user_id) for each in found] == [
        (LineFate.KNOWN, 1),
        (LineFate.NEW, None),
        (LineFate.UNCLEAR, None),
        (LineFate.KNOWN, 3),
        (LineFate.UNCLEAR, None),
        (LineFate.UNCLEAR, None),
    ], [said(each) for each in found]
    assert "hoa, hoa2" in said(found[2])
    assert "đang khóa" in said(found[4])
    assert "đã là của Nguyễn An" in said(found[5])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Danh Chung", "Chưa ghi vai trò"),
        ("Danh Chung; nhạc sĩ", "“nhạc sĩ” không phải vai trò"),
        ("Danh Chung 2; MC", "có số hoặc ký hiệu lạ"),
        ("Danh Chung; MC; Hòn Đất", "không gắn với đoàn hay phần thi"),
        ("Danh Chung; cán bộ; Hà Tiên", "Không có đoàn hay phần thi nào tên “Hà Tiên”"),
        ("Danh Chung; cán bộ; huyện", "có thể là nhiều đoàn"),
        ("Danh Chung; giám khảo; Thời trang", "đã khóa điểm"),
        ("Danh Chung; giám khảo; Đá bóng vào lưới", "chỉ cần thư ký"),
        ("Danh Chung; MC; ; 12", "không phải số điện thoại"),
        ("Danh Chung; MC; ; tên đăng", "không phải số điện thoại"),
    ],
)
def test_what_is_not_understood_says_what_to_do(line: str, why: str) -> None:
    (each,) = fates(line)
    assert each.fate is LineFate.UNCLEAR
    assert why in said(each)


def test_seats_fill_up_along_the_list_with_named_letters_kept() -> None:
    found = fates(
        "An Một; giám khảo; Thi nấu ăn\nAn Hai; giám khảo A; Thi nấu ăn\nAn Ba; trưởng ban giám khảo; nấu ăn (C)\n"
        "An Bốn; giám khảo; Thi nấu ăn\nAn Năm; thư ký; Thi nấu ăn\nAn Sáu; thư ký; Thi nấu ăn"
    )
    assert [(each.fate, [(wish.seat, wish.letter) for wish in each.seats]) for each in found[:3]] == [
        (LineFate.NEW, [("member", "B")]),
        (LineFate.NEW, [("member", "A")]),
        (LineFate.NEW, [("chair", "C")]),
    ]
    assert [each.fate for each in found[3:]] == [LineFate.UNCLEAR, LineFate.NEW, LineFate.UNCLEAR]
    assert "đã đủ 3 người: B An Một, A An Hai, C An Ba." in said(found[3])
    assert "đã có thư ký: An Năm" in said(found[5])


def test_who_sits_there_already_gets_no_second_seat() -> None:
    there = ground(account(7, "mai", "Mai"), seats=(SeatThere(7, "Mai", "member", "A"),))
    same, other = (fates(line, there)[0] for line in ("Mai; giám khảo; Thi nấu ăn", "Mai; thư ký; Thi nấu ăn"))
    assert (same.fate, same.seats) == (LineFate.KNOWN, ())
    assert (other.fate, "đã có ghế" in said(other)) == (LineFate.UNCLEAR, True)


def test_who_joins_a_line_that_is_not_understood_is_not_understood() -> None:
    found = fates("Mai; nhạc sĩ; ; 0912345678\nMai; MC; ; 0912345678")
    assert [each.fate for each in found] == [LineFate.UNCLEAR, LineFate.NEW]
    full = ground(size=1, seats=(SeatThere(9, "Ai", "member", "A"),))
    found = fates("Mai; giám khảo; Thi nấu ăn; 0912345678\nMai; MC; ; 0912345678", full)
    assert [each.fate for each in found] == [LineFate.UNCLEAR, LineFate.UNCLEAR]
