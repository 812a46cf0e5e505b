"""What was typed into the forms of petitions: who, about what, when it was handed over, with which photo?"""

from __future__ import annotations

import re
from datetime import datetime

from flask import request
from flask_babel import gettext as _

from festival.core.clock import VIETNAM, local, now
from festival.core.numbers import typed_number
from festival.core.web.errors import BadInput
from festival.core.web.forms import form_choice
from festival.judging.paper.photos import readable
from festival.results.petition_desk.lodging import Lodged
from festival.results.petition_desk.subjects import typed_subject, with_entry
from festival.results.petitions.kinds import PetitionTitle
from festival.roster.models import Delegation

_MOMENT = re.compile(r"([0-9]{1,2})[:hg.]([0-9]{2})(?: +([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}))?)?")


def sent_photo() -> bytes | None:
    """The picture of the paper, made anew outside of any transaction; None where none was chosen. BadInput, TooLarge."""
    content = request.files["photo"].read() if "photo" in request.files else b""
    return readable(content) if content else None


def lodged_by_head(delegation: Delegation) -> Lodged:
    """From the delegation's own page."""
    subject = typed_subject(delegation, request.form.get("about", ""))
    title = form_choice("title", PetitionTitle)
    return Lodged(subject, title, request.form.get("words", ""), request.form.get("lodged_by", ""))


def lodged_on_paper(delegation: Delegation, photo: bytes | None) -> Lodged:
    """From the page of the staff."""
    form = request.form
    subject = with_entry(delegation, typed_subject(delegation, form.get("about", "")), form.get("entry", ""))
    received = typed_moment(form.get("received", ""))
    title = form_choice("title", PetitionTitle)
    return Lodged(subject, title, form.get("words", ""), form.get("lodged_by", ""), received, photo)


def typed_moment(text: str, field: str = "received") -> datetime | None:
    """`14:30` of today, or `14:30 15/6` and `14:30 15/6/2026`; None for nothing. BadInput."""
    typed = " ".join(text.split())
    if not typed:
        return None
    found = _MOMENT.fullmatch(typed)
    if found is not None:
        hour, minute, day, month, year = found.groups()
        today = local(now())
        try:
            days = int(year or today.year), int(month or today.month), int(day or today.day)
            return datetime(*days, int(hour), int(minute), tzinfo=VIETNAM)
        except ValueError:
            pass
    said = _("Giờ nhận chưa đọc được. Viết như 14:30, hoặc 14:30 15/6/2026.")
    raise BadInput(said if field == "received" else _("Giờ chưa đọc được. Viết như 21:30 15/6/2026."), field=field)


def seen_steps() -> int | None:
    """How many steps the page had shown."""
    return typed_number(request.form.get("seen", ""))
