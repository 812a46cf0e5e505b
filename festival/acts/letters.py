"""Which letter does a family get about its act? That something is asked and still missing.

A family reads it in the language in which it registered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask_babel import force_locale
from flask_babel import gettext as _

from festival.core.post.mail import language_of, send_mail
from festival.editions.models import Festival
from festival.roster.models import Family

if TYPE_CHECKING:
    from festival.acts.queries import ActLine


def send_act_reminder(family: Family, festival: Festival, link: str, lines: Sequence[ActLine]) -> None:
    """What is missing of which act, and the family's own link."""
    with force_locale(language_of(family.email)):
        send_mail(
            family.email,
            _("Tiết mục của gia đình còn thiếu thông tin"),
            "act_reminder.txt",
            about=family.code,
            family=family,
            festival=festival,
            link=link,
            lines=lines,
        )
