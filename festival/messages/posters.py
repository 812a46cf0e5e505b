"""What hangs at the gate and the stages: where the programme is, to be read by eye and by a phone's camera, and whom to call."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from config import Config
from festival.core.qr import matrix
from festival.core.web.i18n import day
from festival.documents import paper
from festival.editions.models import Festival

TEMPLATE = "messages/poster.typ"


def poster_pdf(festival: Festival, size: str) -> bytes:
    """The poster on A4 or A3; the smaller one is the same, drawn smaller."""
    return paper.pdf(TEMPLATE, poster_values(festival, size))


def poster_values(festival: Festival, size: str) -> dict[str, Any]:
    """What stands on it."""
    config: Config = current_app.config["FESTIVAL"]
    address = f"{config.public_url}/programme"
    days = day(festival.starts_on)
    if festival.ends_on != festival.starts_on:
        days += f" – {day(festival.ends_on)}"
    return {
        "size": size,
        "name": festival.name,
        "theme": festival.theme,
        "when": ", ".join(each for each in (days, festival.venue) if each),
        "lead": _("Chương trình, lượt thi, kết quả"),
        "hint": _("Mở máy ảnh của điện thoại, đưa vào mã này"),
        "address": address.removeprefix("https://").removeprefix("http://"),
        "modules": len(matrix(address, "M")),
        "runs": _runs(address),
        "help": _("Cần giúp: %(line)s", line=festival.help_line) if festival.help_line else "",
        "organiser": festival.organiser,
    }


def _runs(address: str) -> list[tuple[int, int, int]]:
    """The dark stretches of the code: row, first module, how many."""
    found = []
    for y, row in enumerate(matrix(address, "M")):
        x = 0
        for dark, stretch in groupby(row):
            many = len(list(stretch))
            if dark:
                found.append((y, x, many))
            x += many
    return found
