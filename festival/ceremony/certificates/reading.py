"""What was typed on the page of the layout, field by field, or what is wrong with each of them? Pure."""

from __future__ import annotations

from collections.abc import Mapping

from festival.ceremony.certificates.layout import (
    ALIGNMENTS,
    FARTHEST_SHIFT,
    FIELDS,
    LONGEST_TEXT,
    NOTHING,
    PAPERS,
    TEXTS,
    TOO_LONG,
    UNKNOWN,
    WRONG_NUMBER,
    WRONG_SHIFT,
    WRONG_SIZE,
    CertificateLayout,
    LinePlace,
    place_fault,
    tenths,
)
from festival.ceremony.certificates.layout import LARGEST_PT as LARGEST
from festival.ceremony.certificates.layout import SMALLEST_PT as SMALLEST
from festival.core.sentence import Sentence

Typed = Mapping[str, str]


def read_layout(typed: Typed) -> CertificateLayout | dict[str, Sentence]:
    """The layout, or the faults by name of field."""
    faults: dict[str, Sentence] = {}
    paper = typed.get("paper", "")
    if paper not in PAPERS:
        faults["paper"] = UNKNOWN.filled()
        paper = "a4-wide"
    shifts = {name: _length(typed, name, faults) for name in ("shift_x", "shift_y")}
    for name, shift in shifts.items():
        if name not in faults and abs(shift) > FARTHEST_SHIFT:
            faults[name] = WRONG_SHIFT.filled(n=FARTHEST_SHIFT // 10)
    texts = {name: " ".join(typed.get(name, "").split()) for name in TEXTS}
    faults |= {name: TOO_LONG.filled(n=LONGEST_TEXT) for name, text in texts.items() if len(text) > LONGEST_TEXT}
    places = {field: _place(typed, field, paper, faults) for field in FIELDS}
    if not (places["name"].used and places["award"].used):
        faults.setdefault("name-used", NOTHING.filled())
    if faults:
        return faults
    overprint = typed.get("overprint", "") == "y"
    return CertificateLayout(paper, overprint, shifts["shift_x"], shifts["shift_y"], texts, places)


def _length(typed: Typed, name: str, faults: dict[str, Sentence]) -> int:
    length = tenths(typed.get(name, ""))
    if length is None:
        faults[name] = WRONG_NUMBER.filled()
    return length or 0


def _place(typed: Typed, field: str, paper: str, faults: dict[str, Sentence]) -> LinePlace:
    x, y, width = (_length(typed, f"{field}-{part}", faults) for part in ("x", "y", "width"))
    size = typed.get(f"{field}-size_pt", "").strip()
    if not (size.isascii() and size.isdigit() and len(size) < 4):
        faults[f"{field}-size_pt"] = WRONG_SIZE.filled(least=SMALLEST, most=LARGEST)
        size = str(SMALLEST)
    align = typed.get(f"{field}-align", "")
    if align not in ALIGNMENTS:
        faults[f"{field}-align"] = UNKNOWN.filled()
    place = LinePlace(x, y, width, int(size), align, typed.get(f"{field}-used", "") == "y")
    fault = place_fault(place, paper)
    if fault is not None and not any(name.startswith(f"{field}-") for name in faults):
        faults[f"{field}-x"] = fault
    return place
