"""Where does each line of a certificate stand on the paper, and what of what was typed can be printed? Pure.

A festival prints the whole certificate itself, or only the words onto forms it has bought (phôi); then every line has a
place that is put right with a ruler and a test sheet. Lengths are tenths of a millimetre, whole numbers, from the upper left corner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from festival.core.sentence import N_, Sentence

PAPERS = {"a4-wide": (2970, 2100), "a4": (2100, 2970), "a5-wide": (2100, 1480), "a3-wide": (4200, 2970)}
ALIGNMENTS = ("center", "left", "right")
SMALLEST_PT, LARGEST_PT = 8, 72
NARROWEST = 200
FARTHEST_SHIFT = 300
LONGEST_TEXT = 120
# What is the same on every certificate, as it is typed.
TEXTS = ("organ", "place_and_day", "signer_title", "signer_name")
_MILLIMETRES = re.compile(r"(-?)([0-9]{1,4})(?:[.,]([0-9]))?")


@dataclass(frozen=True, slots=True)
class LinePlace:
    """One line: its box and its letters; not `used`, it is not printed."""

    x: int
    y: int
    width: int
    size_pt: int
    align: str = "center"
    used: bool = True


@dataclass(frozen=True, slots=True)
class CertificateLayout:
    """All of it. `overprint`: only the words; the shift moves everything, for a printer that draws paper askew."""

    paper: str
    overprint: bool
    shift_x: int
    shift_y: int
    texts: Mapping[str, str]
    places: Mapping[str, LinePlace]

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


FIELDS = ("number", "name", "delegation", "award", "contest", "title", "place_and_day", "signer_title", "signer_name")
STANDARD_PLACES = {
    "number": LinePlace(200, 150, 700, 12, "left", used=False),
    "name": LinePlace(350, 850, 2270, 34),
    "delegation": LinePlace(350, 1030, 2270, 18),
    "award": LinePlace(350, 1160, 2270, 28),
    "contest": LinePlace(350, 1300, 2270, 18),
    "title": LinePlace(350, 1400, 2270, 14, used=False),
    "place_and_day": LinePlace(1650, 1500, 1100, 14),
    "signer_title": LinePlace(1650, 1590, 1100, 14),
    "signer_name": LinePlace(1650, 1880, 1100, 16),
}


def standard(organ: str, place: str) -> CertificateLayout:
    """Before anybody has written one: the whole certificate, on A4 across."""
    texts = {"organ": organ, "place_and_day": place, "signer_title": "TRƯỞNG BAN TỔ CHỨC", "signer_name": ""}
    return CertificateLayout("a4-wide", overprint=False, shift_x=0, shift_y=0, texts=texts, places=STANDARD_PLACES)


def layout_of(kept: Mapping[str, Any]) -> CertificateLayout:
    """The kept JSON read again."""
    places = {field: LinePlace(**kept["places"][field]) for field in FIELDS}
    return CertificateLayout(
        kept["paper"], kept["overprint"], kept["shift_x"], kept["shift_y"], dict(kept["texts"]), places
    )


def tenths(typed: str) -> int | None:
    """«12,5» millimetres are 125; None for what is no length."""
    found = _MILLIMETRES.fullmatch(typed.strip().replace("−", "-"))
    if found is None:
        return None
    length = int(found[2]) * 10 + int(found[3] or 0)
    return -length if found[1] else length


def written(length: int) -> str:
    """125 is «12,5»."""
    sign, rest = ("-" if length < 0 else ""), abs(length)
    return f"{sign}{rest // 10}" + (f",{rest % 10}" if rest % 10 else "")


WRONG_NUMBER = N_("ghi số mi-li-mét, ví dụ 12 hoặc 12,5")
OUTSIDE = N_("dòng chữ ra ngoài tờ giấy %(width)s × %(height)s mm")
TOO_NARROW = N_("bề rộng ít nhất %(n)s mm")
WRONG_SIZE = N_("cỡ chữ từ %(least)s đến %(most)s")
WRONG_SHIFT = N_("dịch nhiều nhất %(n)s mm")
TOO_LONG = N_("nhiều nhất %(n)s chữ")
UNKNOWN = N_("chọn một trong các mục trên trang")
NOTHING = N_("ít nhất tên và giải phải được in")


def place_fault(place: LinePlace, paper: str) -> Sentence | None:
    """Why a line cannot stand there; one that is not printed may stand anywhere."""
    width, height = PAPERS[paper]
    if not place.used:
        return None
    if not SMALLEST_PT <= place.size_pt <= LARGEST_PT:
        return WRONG_SIZE.filled(least=SMALLEST_PT, most=LARGEST_PT)
    if place.width < NARROWEST:
        return TOO_NARROW.filled(n=NARROWEST // 10)
    if place.x < 0 or place.y < 0 or place.x + place.width > width or place.y >= height:
        return OUTSIDE.filled(width=width // 10, height=height // 10)
    return None
