"""Names, phones and dates as they come from phones, officers and Excel."""

import unicodedata
from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from festival.core.births import EXCEL_EPOCH, Birth, birth
from festival.core.names import fold, given_name, nfc, sort_key, spelling
from festival.core.phones import last_four, phone
from festival.core.sentence import Sentence

TODAY = date(2026, 11, 23)
A_MORNING = datetime(2014, 6, 14, 8)  # noqa: DTZ001 (Excel knows no time zones)
SYLLABLES = [
    "An", "Ân", "Ấn", "Bảo", "Đặng", "Dũng", "Hòa", "Hoà", "Khải", "Lê", "Mẫn", "Nguyễn", "Ơn", "Phước", "Quỳnh",
    "Sơn", "Thị", "Thủy", "Thuỷ", "Ước", "Văn", "Xuân", "Ý", "Yến", "Danh", "Thạch", "Kiều", "Đạt", "Bình", "Ngữ",
]  # fmt: skip
names = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Hòa", "hoa"),
        ("Hoà", "hoa"),
        ("Thủy", "thuy"),
        ("Thuỷ", "thuy"),
        ("ĐẶNG  THỊ\u00a0Ước ", "dang thi uoc"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Kiều Diễm"), "nguyen thi kieu diem"),
        ("Tr\u200bần", "tran"),
        ("", ""),
    ],
)
def test_fold_known_names(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
@example("İ")
@example("ﬃ ạ̈")
def test_fold_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(names)
def test_fold_and_key_do_not_see_the_form_of_unicode(name: str) -> None:
    decomposed = unicodedata.normalize("NFD", name)
    assert fold(decomposed) == fold(name) == fold(name.upper())
    assert sort_key(decomposed) == sort_key(name) == sort_key(name.upper())
    assert nfc(decomposed) == name
    assert spelling(decomposed) == spelling(name)


@given(st.text())
def test_nfc_is_stable(text: str) -> None:
    assert nfc(nfc(text)) == nfc(text)


def test_spelling_keeps_marks_but_not_the_place_of_the_tone() -> None:
    assert spelling("Hòa") == spelling("hoà") == "hoa1"
    assert spelling("Hoa") == "hoa0"
    assert spelling("Đặng Thủy") == spelling("đặng  thuỷ") == "đăng5 thuy2"
    assert spelling("Đạt") != spelling("Dạt")


def assert_in_order(ordered: list[str]) -> None:
    shuffled = ordered[1::2] + ordered[::2]
    assert sorted(shuffled, key=sort_key) == ordered


def test_sort_given_name_first_then_middle_then_family() -> None:
    ordered = ["Bình", "Trần Bình", "Nguyễn An Bình", "Lê Văn Bình", "Nguyễn Văn Bình", "Lê Thị Cúc"]
    assert_in_order(ordered)


def test_sort_follows_the_vietnamese_alphabet() -> None:
    ordered = [
        "An",
        "Ăn",
        "Ân",
        "Ba",
        "Cam",
        "Danh",
        "Dung",
        "Đan",
        "Em",
        "Êm",
        "Oanh",
        "Ông",
        "Ơn",
        "Phú",
        "Út",
        "Ưng",
    ]
    assert_in_order(ordered)


def test_sort_tones_none_huyen_hoi_nga_sac_nang() -> None:
    ordered = ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ", "Mai"]
    assert_in_order(ordered)


@given(st.lists(names))
def test_sort_key_is_digits_and_a_prefix_comes_first(listed: list[str]) -> None:
    for name in listed:
        assert sort_key(name).isdigit() and sort_key(name).isascii()
        assert sort_key(given_name(name)) <= sort_key(name)


def test_marks_of_direction_do_not_stay_in_a_name() -> None:
    assert nfc("\u202eDanh\u2069 Chung\u200f") == "Danh Chung"


def test_given_name_is_the_last_word() -> None:
    assert given_name("Nguyễn Thị Minh Khai ") == "Khai"
    assert given_name("Danh") == "Danh"


@pytest.mark.parametrize(
    "written",
    ["0912345678", "0912 345 678", "0912.345.678", "+84 912 345 678", "84912345678", "0084912345678", "+84 (0)912-345-678", "(+84) 912-345-678", "(0912) 345 678",
     912345678, 912345678.0, "912345678", "912345678.0", "9.12345678E8", "９１２３４５６７８", "\u202a0912 345 678\u202c", "\u200e+84 912 345 678"],
)  # fmt: skip
def test_phone_one_number_however_written(written: object) -> None:
    assert phone(written) == "0912345678"


def test_phone_landline() -> None:
    assert phone("0297 3 862 123") == "02973862123"
    assert phone(2973862123.0) == "02973862123"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (None, "phone_missing"), ("", "phone_missing"), (True, "phone_missing"), (float("nan"), "phone_missing"),
        (float("inf"), "phone_missing"), (91234567.5, "phone_missing"),
        ("không có", "phone_letters"), ("0912345678 / 0987654321", "phone_two"), ("0912345678, 0987654321", "phone_two"),
        ("0912345678 - 0987654321", "phone_two"), ("01691234567", "phone_old"), ("123", "phone_wrong"),
        ("0000000000", "phone_wrong"), ("09123456789", "phone_wrong"), ("+1 415 555 0100", "phone_abroad"),
        ("=1+1", "phone_letters"), (-912345678, "phone_letters"),
    ],
)  # fmt: skip
def test_phone_nonsense_is_refused_with_a_reason(written: object, code: str) -> None:
    outcome = phone(written)
    assert isinstance(outcome, Sentence) and outcome.code == code
    assert outcome.template and "%(" not in str(outcome)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none()))
def test_phone_gives_a_clean_number_or_a_reason(value: object) -> None:
    outcome = phone(value)
    if isinstance(outcome, str):
        assert outcome.isascii() and outcome.isdigit() and len(outcome) in (10, 11) and phone(outcome) == outcome
    else:
        assert str(outcome)


@pytest.mark.parametrize(
    "written",
    ["14/6/2014", "14-6-2014", "14.06.2014", "2014-06-14", "2014-06-14 00:00:00", date(2014, 6, 14),
     A_MORNING, 41804, 41804.0, 41804.5, " 14 / 6 / 2014 ", "14062014", "14/06/2014 00:00:00", "14-6-2014 7:30",
     "14 6 2014", "14 06  2014", "ngày 14/6/2014", "Ngày 14 tháng 6 năm 2014", "14 tha\u0301ng 6 na\u0306m 2014"],
)  # fmt: skip
def test_birth_one_day_however_written(written: object) -> None:
    assert birth(written, TODAY) == Birth(2014, 6, 14)


def test_birth_year_only() -> None:
    assert birth("1948", TODAY) == birth(1948, TODAY) == birth(1948.0, TODAY) == birth("năm 1948", TODAY) == Birth(1948)
    assert birth("6/1948", TODAY) == birth("06-1948", TODAY) == birth("tháng 6 năm 1948", TODAY) == Birth(1948)
    assert Birth(1948).date is None and str(Birth(1948)) == "1948" and str(Birth(1948, 6, 1)) == "1/6/1948"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (None, "birth_missing"), (" ", "birth_missing"), ("31/2/2014", "birth_no_such_day"), ("6/14/2014", "birth_no_such_day"),
        ("14/6/14", "birth_short_year"), ("1/1/2030", "birth_future"), (2027, "birth_future"), (1850, "birth_too_early"),
        (0, "birth_too_early"), ("hôm qua", "birth_unreadable"), (float("nan"), "birth_unreadable"), (1e309, "birth_unreadable"),
        (10**9, "birth_unreadable"), ("41804", "birth_unreadable"), ("20155", "birth_unreadable"), ("2562", "birth_future"),
        (2562, "birth_unreadable"), (3653, "birth_unreadable"), ("13/1984", "birth_unreadable"), ("31022014", "birth_no_such_day"), (-5, "birth_too_early"), (True, "birth_missing"),
    ],
)  # fmt: skip
def test_birth_nonsense_is_refused_with_a_reason(written: object, code: str) -> None:
    outcome = birth(written, TODAY)
    assert isinstance(outcome, Sentence) and outcome.code == code
    assert outcome.template and "%(" not in str(outcome)


@given(st.dates(min_value=date(1910, 1, 1), max_value=TODAY))
def test_birth_of_a_serial_number_is_that_of_the_date(day: date) -> None:
    serial = (day - EXCEL_EPOCH).days
    assert (
        birth(serial, TODAY)
        == birth(day, TODAY)
        == birth(day.isoformat(), TODAY)
        == Birth(day.year, day.month, day.day)
    )
    assert EXCEL_EPOCH + timedelta(days=serial) == day


@given(st.one_of(st.text(), st.integers(), st.floats()))
def test_birth_never_breaks(value: object) -> None:
    outcome = birth(value, TODAY)
    assert isinstance(outcome, Birth | Sentence)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("5678", "5678"), (" 56-78 ", "5678"), ("***5678", "5678"), ("56.7.8\u200b", "5678"), ("", None), ("567", None),
        # A code that is pasted by mistake holds four digits by chance: it is no guess, so it never closes a link.
        ("7A2B9C4D", None), ("05678", None), ("٥٦٧٨", None), ("567²", None), ("số 5678", None),
    ],
)  # fmt: skip
def test_the_last_four_digits_are_read_and_a_code_is_no_guess(typed: str, read: str | None) -> None:
    assert last_four(typed) == read
