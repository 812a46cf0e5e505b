"""Is what was typed of the letter good: its number, its day, who signed it?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from festival.core.text import line
from festival.core.web.errors import BadInput
from festival.core.web.i18n import day as day_words
from festival.papers.by_head import signer_named

LONGEST_NUMBER = 60
_DAY = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})")


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter by which a signed list came: as it stands on the paper."""

    number: str
    day: date
    signer: str


def typed_letter(number: str, day: str, signer: str, printed_on: date, today: date) -> Letter:
    """BadInput says which box, and what to write in it."""
    clean = line(number)
    if not clean:
        raise BadInput(_("Ghi số văn bản như trên giấy đã ký, ví dụ 12/DS-UBND."), field="number")
    if len(clean) > LONGEST_NUMBER:
        raise BadInput(_("Số văn bản dài quá %(n)s ký tự.", n=LONGEST_NUMBER), field="number")
    return Letter(clean, _day(day, printed_on, today), signer_named(signer))


def day_of(typed: str, wrong: str, field: str = "day") -> date:
    """A day as people write it, or as a picker sends it; BadInput with `wrong` otherwise."""
    found = _DAY.fullmatch(" ".join(typed.split()))
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(typed.strip())
    except ValueError as bad:
        raise BadInput(wrong, field=field) from bad


def _day(typed: str, printed_on: date, today: date) -> date:
    day = day_of(typed, _("Ghi ngày văn bản như 14/6/2026."))
    if day > today:
        raise BadInput(_("Ngày văn bản %(day)s chưa đến. Xem lại ngày trên giấy.", day=day_words(day)), field="day")
    if day < printed_on:
        words = _(
            "Ngày văn bản %(day)s trước ngày in tờ này (%(printed)s). Xem lại ngày, hoặc chọn đúng tờ đã ký.",
            day=day_words(day),
            printed=day_words(printed_on),
        )
        raise BadInput(words, field="day")
    return day
