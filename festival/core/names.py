"""How are people's names, phones and birth dates of Vietnam read, compared and put in order?

Names: stored NFC; called and sorted by the given name, the last word; searched without tone marks, vowel
marks and case, with đ = d, so that Hòa and Hoà, typed on a phone or pasted decomposed from another system, are
one name. The alphabet is a ă â b c d đ e ê … x y, the tones are none, huyền, hỏi, ngã, sắc, nặng (the order of the
dictionaries and of Unicode's locale data; office macros use another one). Phones follow the ten-digit plan of
2018. Dates are day/month/year; an older person may know the year only.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from festival.core.sentence import N_, Sentence

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Combining grave, hook above, tilde, acute, dot below: huyền, hỏi, ngã, sắc, nặng.
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_VOWEL_MARKS = {"\u0302", "\u0306", "\u031b"}
# Zero-width characters, and the marks of direction that phones put around a number copied from their contacts.
_INVISIBLE = dict.fromkeys(
    (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
_PLACE = {letter: f"{place:02d}" for place, letter in enumerate(ALPHABET, start=12)}
_PLACE |= {digit: f"{place:02d}" for place, digit in enumerate("0123456789", start=2)}

MOBILE_PREFIXES = ("03", "05", "07", "08", "09")
OLD_MOBILE = re.compile(r"01[2689]\d{8}")
EARLIEST_YEAR = 1900
LONGEST_NAME = 80
_NO_LETTERS_OF_A_NAME = re.compile(r"[\d<>{}=@#%^*|\\/\[\]_+~\x00-\x1f]")
# Day 1 of the serial numbers of Excel is 1/1/1900, and it believes in a 29/2/1900; beyond March 1900 this holds.
EXCEL_EPOCH = date(1899, 12, 30)
_LAST_SERIAL = 2_958_465


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth date, or only its year (`month` and `day` are then None)."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def date(self) -> date | None:
        """The whole date, where it is known."""
        return date(self.year, self.month, self.day) if self.month and self.day else None

    def __str__(self) -> str:
        return f"{self.day}/{self.month}/{self.year}" if self.month else str(self.year)


# ---------------------------------------------------------------- names


def nfc(text: str) -> str:
    """The form that is stored: NFC, no invisible characters, single spaces, none at the ends."""
    clean = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return unicodedata.normalize("NFC", " ".join(clean.split()))


def fold(text: str) -> str:
    """The form that is searched: `Thuỷ`, `thủy` and `THUY` are all `thuy`; đ is d. Folding twice changes nothing."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(
        letter for letter in decomposed.translate(_INVISIBLE) if not "\u0300" <= letter <= "\u036f"
    ).replace("đ", "d")
    return " ".join(unicodedata.normalize("NFC", plain).split())


def spelling(text: str) -> str:
    """The form two names are the same person's name in: marks count, case and place of the tone do not.

    Each word is its letters (ă, ê, đ … kept) and the number of its tone: `Hòa` and `Hoà` give `hoa1`, `Hoa` gives `hoa0`.
    """
    return " ".join(f"{letters}{tone}" for letters, tone in map(_letters_and_tone, nfc(text).split()))


def name_fault(value: object) -> Sentence | None:
    """Why this is no person's name; None when it is one. The same sentence by form, JSON and Excel."""
    if value is None or value == "":
        return N_("Chưa ghi họ và tên.", "no_name")
    if not isinstance(value, str) or not any(letter.isalpha() for letter in value):
        return N_("“%(text)s” không phải họ và tên. Hãy ghi họ tên có dấu.", "bad_name", text=str(value)[:40])
    if _NO_LETTERS_OF_A_NAME.search(value):
        return N_("Họ và tên “%(text)s” có số hoặc ký hiệu lạ. Hãy chỉ ghi chữ.", "bad_name", text=value[:40])
    return too_long(value, LONGEST_NAME)


def too_long(text: str, most: int) -> Sentence | None:
    """Why a text does not fit; None when it does."""
    if len(text) <= most:
        return None
    return N_("Dài quá %(most)s ký tự. Hãy rút gọn.", "cell_too_long", most=most)


def given_name(name: str) -> str:
    """What the person is called by: the last word."""
    return nfc(name).rpartition(" ")[2]


def sort_key(name: str) -> str:
    """A text of digits that puts names in Vietnamese order: given name, then middle, then family name.

    Digits only, so that every database and every locale sorts it the same way. A word is two digits a letter,
    `00`, and one digit for the tone; `00` also ends each part, so that a shorter name comes first.
    """
    words = nfc(name).split()
    parts = [words[-1:], words[1:-1], words[:1] if len(words) > 1 else []]
    return "".join("".join(map(_word_key, part)) + "00" for part in parts)


def _word_key(word: str) -> str:
    letters, tone = _letters_and_tone(word)
    return "".join(_PLACE.get(letter) or f"99{ord(letter):07d}" for letter in letters) + f"00{tone}"


def _letters_and_tone(word: str) -> tuple[str, int]:
    """`Thuỷ` → (`thuy`, 2), `Đặng` → (`đăng`, 5): the letters of the alphabet and the tone of the syllable."""
    tone = 0
    kept = []
    for mark in unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).casefold()):
        if mark in TONES:
            tone = TONES[mark]
        elif mark in _VOWEL_MARKS or not "\u0300" <= mark <= "\u036f":
            kept.append(mark)
    return unicodedata.normalize("NFC", "".join(kept)), tone


# ---------------------------------------------------------------- phones


def phone(value: object) -> str | Sentence:
    """A phone number as 0xxxxxxxxx, or why it is none. A number of Excel has lost its leading zero."""
    text = _phone_text(value)
    if not text:
        return _NO_PHONE
    if re.search(r"[;,/|]|\d\s*-\s*0\d{9}", text) and len(re.findall(r"\d", text)) > 11:
        return N_("Ô này có nhiều số điện thoại. Hãy ghi một số.", "phone_two")
    if not re.fullmatch(r"\+?[\d(][\d\s.()\-]*", text):
        return N_("Số điện thoại “%(phone)s” có chữ hoặc dấu lạ. Hãy chỉ ghi chữ số.", "phone_letters", phone=text[:40])
    digits = _national(text)
    if digits is None:
        return N_("Hãy ghi một số điện thoại của Việt Nam (0… hoặc +84…).", "phone_abroad")
    if OLD_MOBILE.fullmatch(digits):
        return N_("“%(phone)s” là số 11 chữ số cũ. Hãy ghi số mới có 10 chữ số.", "phone_old", phone=digits)
    if (len(digits) == 10 and digits.startswith(MOBILE_PREFIXES)) or (len(digits) == 11 and digits.startswith("02")):
        return digits
    return N_(
        "“%(phone)s” chưa đúng số điện thoại. Số di động có 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09.",
        "phone_wrong",
        phone=text[:40],
    )


def _phone_text(value: object) -> str:
    """What was typed, or a number of Excel (also one saved as text: `912345678.0`) without its fraction; '' for none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else ""
    text = unicodedata.normalize("NFKC", str(value)).translate(_INVISIBLE).strip()
    if re.fullmatch(r"\d{9,12}\.0+|\d\.\d{1,11}[eE]\+?\d{1,2}", text):
        return str(int(float(text)))
    return text


def _national(text: str) -> str | None:
    """The digits with a leading zero instead of the country's number; None for another country's."""
    plus = text.startswith("+")
    digits = re.sub(r"\D", "", text)
    if digits.startswith("0084"):
        digits, plus = digits[2:], True
    if digits.startswith("84") and (plus or len(digits) in (11, 12)):
        return "0" + digits[2:].removeprefix("0")
    if plus:
        return None
    return "0" + digits if not digits.startswith("0") and len(digits) in (9, 10) else digits


_NO_PHONE = N_("Chưa có số điện thoại. Hãy ghi số di động 10 chữ số.", "phone_missing")


# ---------------------------------------------------------------- dates

_NO_BIRTH = N_("Chưa có ngày sinh. Hãy ghi như 14/6/1984, hoặc chỉ năm sinh.", "birth_missing")


def birth(value: object, today: date) -> Birth | Sentence:
    """A birth date: 14/6/2024, 14-6-2024, 2024-06-14, a date or a serial number of Excel, or only a year."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _checked(value.year, value.month, value.day, today)
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return _NO_BIRTH
    if isinstance(value, float):
        # A serial number's fraction is the time of day.
        if not 0 < value <= _LAST_SERIAL:
            return _not_a_date(value)
        value = int(value)
    if isinstance(value, int):
        return _from_number(value, today)
    text = unicodedata.normalize("NFKC", value).translate(_INVISIBLE).strip()
    if not text:
        return _NO_BIRTH
    return _from_text(text, today)


def _from_text(text: str, today: date) -> Birth | Sentence:
    if re.fullmatch(r"\d{1,7}(\.0+)?", text):
        return _from_number(int(float(text)), today)
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+)?", text):
        return _checked(int(found[1]), int(found[2]), int(found[3]), today)
    # 14/6/1984, 14 6 1984, ngày 14 tháng 6 năm 1984
    bare = " ".join(re.sub(r"\b(?:ngày|tháng|năm)\b", " ", unicodedata.normalize("NFC", text).casefold()).split())
    if re.fullmatch(r"\d{4}", bare):
        return _from_number(int(bare), today)
    parts = re.split(r"\s*[/.\-]\s*|\s+", bare)
    if len(parts) == 3 and re.fullmatch(r"\d{1,2} \d{1,2} \d{4}", " ".join(parts)):
        return _checked(int(parts[2]), int(parts[1]), int(parts[0]), today)
    if len(parts) == 3 and re.fullmatch(r"\d{1,2} \d{1,2} \d{2}", " ".join(parts)):
        return N_("Năm sinh trong “%(text)s” cần đủ bốn chữ số, ví dụ 14/6/1984.", "birth_short_year", text=text)
    return _not_a_date(text)


def _from_number(number: int, today: date) -> Birth | Sentence:
    # Nobody alive was born before 1908, so a number up to 2200 is a year, and beyond it a serial number.
    if number <= 2200:
        return _checked(number, None, None, today)
    if number > _LAST_SERIAL:
        return _not_a_date(number)
    day = EXCEL_EPOCH + timedelta(days=number)
    return _checked(day.year, day.month, day.day, today)


def _checked(year: int, month: int | None, day: int | None, today: date) -> Birth | Sentence:
    if month is None or day is None:
        written, late = str(year), year > today.year
    else:
        written = f"{day}/{month}/{year}"
        try:
            late = date(year, month, day) > today
        except ValueError:
            return N_("Không có ngày %(text)s. Hãy xem lại.", "birth_no_such_day", text=written)
    if late:
        return N_("Ngày sinh %(text)s ở sau hôm nay. Hãy xem lại.", "birth_future", text=written)
    if year < EARLIEST_YEAR:
        return N_(
            "Năm sinh %(text)s quá xa. Hãy ghi từ năm %(least)s trở lại đây.",
            "birth_too_early",
            text=written,
            least=EARLIEST_YEAR,
        )
    return Birth(year, month, day)


def _not_a_date(value: object) -> Sentence:
    return N_(
        "Không đọc được ngày sinh “%(text)s”. Hãy ghi như 14/6/1984, hoặc chỉ năm sinh.",
        "birth_unreadable",
        text=str(value)[:40],
    )
