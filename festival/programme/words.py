"""In which words does the public read a day, a kind of contest, a standing of the festival?"""

from __future__ import annotations

import re
from datetime import date, datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.core.clock import local

WEEKDAYS = (_l("Thứ hai"), _l("Thứ ba"), _l("Thứ tư"), _l("Thứ năm"), _l("Thứ sáu"), _l("Thứ bảy"), _l("Chủ nhật"))

KIND_WORDS: dict[str, LazyString] = {
    "rubric": _l("Ban giám khảo chấm điểm theo tiêu chí"),
    "count": _l("Đếm số lượt đạt"),
    "time": _l("Bấm giờ"),
    "match": _l("Đấu loại trực tiếp"),
    "answers": _l("Đếm số câu trả lời đúng"),
    "sum": _l("Cộng kết quả các phần thi khác"),
}


def weekday(on: date | datetime) -> LazyString:
    """The day's name in Vietnam: Thứ sáu."""
    return WEEKDAYS[(local(on) if isinstance(on, datetime) else on).weekday()]


PHONE = re.compile(r"(?:\+84|0)(?:[ .\-]?\d){8,10}(?!\d)")


def dialled(text: str) -> list[tuple[str, str]]:
    """The text in pieces, each with the number that a tap calls; "" for what is no number."""
    pieces, end = [], 0
    for found in PHONE.finditer(text):
        pieces += [(text[end : found.start()], ""), (found[0], re.sub(r"[^+\d]", "", found[0]))]
        end = found.end()
    return [each for each in [*pieces, (text[end:], "")] if each[0]]
