"""Is the day that was typed of a paper one, and how are missing papers told in one line?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _

from festival.core.births import Birth, birth
from festival.core.clock import today
from festival.core.web.errors import BadInput
from festival.core.web.i18n import say
from festival.papers.scans.needed import PaperLack


def paper_day(typed: str) -> date | None:
    """None for an empty box: the day follows. BadInput for what is no day."""
    if not typed.strip():
        return None
    read = birth(typed, today())
    if isinstance(read, Birth) and read.date is not None:
        return read.date
    raise BadInput(_("Ghi ngày trên văn bản như 14/6/2026, không sau hôm nay; chưa có thì để trống."), field="day")


def listed(lacking: Iterable[PaperLack]) -> str:
    """What is missing."""
    return "; ".join(say(each.words) for each in lacking)
