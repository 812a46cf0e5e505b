"""How is a pasted list of people read: which line says what?

Pure. One person a line, as Excel, a letter or a chat gives it: name; role; delegation or contest; then phone and login in
any order. Cells stand apart by tabs, semicolons, commas or a dash between spaces, whichever the line has first. Numbers
in front, bullets, quotation marks, blank lines and a line of headings are no people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from festival.core.names import fold, nfc

MOST_LINES = 100
LONGEST_LINE = 500
HEADINGS = frozenset({"ho va ten", "ho ten", "ten", "stt", "name", "full name"})
_SEPARATORS = ("\t", ";", ",")
_DASH = re.compile(r"\s+[-–—]\s+")
_IN_FRONT = re.compile(r"^\s*(?:\d{1,3}\s*[.)]|[-–—•*+])\s*")
_WITHIN = re.compile(r"\s*[+/&,;]\s*|\s+và\s+")


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One line with its cells; `number` counts all lines, also blank ones, as an editor does."""

    number: int
    text: str
    name: str
    role: str = ""
    place: str = ""
    contact: tuple[str, ...] = ()


def pasted_lines(text: str) -> list[PastedLine]:
    """The people of a pasted text, in its order."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = _cells(line[:LONGEST_LINE])
        if not any(cells) or fold(cells[0]) in HEADINGS:
            continue
        name, role, place, *contact = [*cells, "", "", ""][: max(len(cells), 3)]
        found.append(PastedLine(number, line.strip(), name, role, place, tuple(each for each in contact if each)))
    return found


def parts(cell: str) -> list[str]:
    """What stands in one cell: "giám khảo + thư ký", "Nấu ăn, Thời trang"."""
    return [part for part in (nfc(each) for each in _WITHIN.split(cell)) if part]


def _cells(line: str) -> list[str]:
    separator = next((each for each in _SEPARATORS if each in line), None)
    if separator == "\t":
        cells = line.split("\t")
        if len(cells) > 1 and re.fullmatch(r"\s*\d{1,3}\s*[.)]?\s*", cells[0]):
            cells = cells[1:]  # the running number of a table
    else:
        line = _IN_FRONT.sub("", line)
        cells = line.split(separator) if separator else _DASH.split(line)
    return [nfc(_unquoted(cell)) for cell in cells]


def _unquoted(cell: str) -> str:
    stripped = cell.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] == '"':
        return stripped[1:-1].replace('""', '"')
    return _IN_FRONT.sub("", stripped) if re.match(r"\s*\d{1,3}\s*[.)]\s", stripped) else stripped
