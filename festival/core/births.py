"""How is a date or year of birth read, as it is said, typed or kept by Excel?"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from festival.core.names import INVISIBLE
from festival.core.sentence import N_, Sentence
from festival.core.text import cut

EARLIEST_YEAR = 1900

# Day 1 of the serial numbers of Excel is 1/1/1900, and it believes in a 29/2/1900; beyond March 1900 this holds.
EXCEL_EPOCH = date(1899, 12, 30)

_FIRST_SERIAL, _LAST_SERIAL = 3_654, 2_958_465


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


_NO_BIRTH = N_("Chưa có ngày sinh. Hãy ghi như 14/6/1984, hoặc chỉ năm sinh.", "birth_missing")


def birth(value: object, today: date) -> Birth | Sentence:
    """A birth date: 14/6/2024, 14-6-2024, 14062024, 2024-06-14, with a time of day or without; 6/1984 or 1984 is a year.

    A serial number of Excel counts only where the cell holds a number (`value` is one): typed, `20155` is a slip.
    """
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
    text = unicodedata.normalize("NFKC", value).translate(INVISIBLE).strip()
    if not text:
        return _NO_BIRTH
    return _from_text(text, today)


def _from_text(text: str, today: date) -> Birth | Sentence:
    text = re.sub(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$", "", text)
    if found := re.fullmatch(r"(\d{4})(?:\.0+)?", text):
        return _checked(int(found[1]), None, None, today)
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return _checked(int(found[1]), int(found[2]), int(found[3]), today)
    if found := re.fullmatch(r"(\d{2})(\d{2})(\d{4})", text):
        return _checked(int(found[3]), int(found[2]), int(found[1]), today)
    # 14/6/1984, 14 6 1984, ngày 14 tháng 6 năm 1984
    bare = " ".join(re.sub(r"\b(?:ngày|tháng|năm)\b", " ", unicodedata.normalize("NFC", text).casefold()).split())
    if re.fullmatch(r"\d{4}", bare):
        return _checked(int(bare), None, None, today)
    if (found := re.fullmatch(r"(\d{1,2})(?: |\s*[/.\-]\s*)(\d{4})", bare)) and 1 <= int(found[1]) <= 12:
        return _checked(int(found[2]), None, None, today)
    parts = re.split(r"\s*[/.\-]\s*|\s+", bare)
    if len(parts) == 3 and re.fullmatch(r"\d{1,2} \d{1,2} \d{4}", " ".join(parts)):
        return _checked(int(parts[2]), int(parts[1]), int(parts[0]), today)
    if len(parts) == 3 and re.fullmatch(r"\d{1,2} \d{1,2} \d{2}", " ".join(parts)):
        return N_("Năm sinh trong “%(text)s” cần đủ bốn chữ số, ví dụ 14/6/1984.", "birth_short_year", text=text)
    return _not_a_date(text)


def _from_number(number: int, today: date) -> Birth | Sentence:
    # Nobody alive was born before 1910 (serial 3654), so a number up to 2200 is a year, and one between is neither:
    # 2562 may be a Buddhist year.
    if number <= 2200:
        return _checked(number, None, None, today)
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
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
        text=cut(str(value), 40),
    )
