"""How are kinds of purposes, and how often somebody may come, called on the screen?"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.checkin.purposes.models import PurposeEvery, PurposeKind

KIND_WORDS: dict[PurposeKind, LazyString] = {
    PurposeKind.ENTRY: _l("Vào cổng"),
    PurposeKind.MEAL: _l("Bữa ăn"),
    PurposeKind.CARD: _l("Nhận thẻ"),
    PurposeKind.GIFT: _l("Nhận quà"),
    PurposeKind.ROOM: _l("Phòng nghỉ"),
}
# What a festival has of itself is called in the reader's language; a name the organiser wrote is nobody's to translate.
STANDARD_WORDS: dict[str, LazyString] = {
    "Vào cổng": KIND_WORDS[PurposeKind.ENTRY],
    "Bữa ăn": KIND_WORDS[PurposeKind.MEAL],
    "Nhận thẻ": KIND_WORDS[PurposeKind.CARD],
}
EVERY_WORDS: dict[PurposeEvery, LazyString] = {
    PurposeEvery.DAY: _l("Mỗi ngày một lần"),
    PurposeEvery.ONCE: _l("Một lần cho cả ngày hội"),
    PurposeEvery.HOURS: _l("Một lần trong mỗi khung giờ"),
}


def called(name: str) -> str:
    """A purpose's name on a page."""
    return str(STANDARD_WORDS.get(name, name))
