"""What stands in the cells of an Excel file that somebody hands in?

Runs in the process of `workbook_process`, never in the server. Reading still does not trust the file: parts, unpacked size,
sheets, cells, merges, styles, texts and rows are counted before anything is parsed, and formulas count only by the value
Excel saved with them. Strict Open XML (ISO/IEC 29500 part 1) is read like the usual kind: only its namespaces differ.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from festival.core.names import fold
from festival.core.old_fonts import arriving
from festival.core.sentence import N_, Sentence
from festival.core.text import clean, cut
from festival.documents.on_first_use import OnFirstUse
from festival.documents.workbook_refusals import (
    BROKEN,
    MOST_ROWS,
    TOO_LARGE,
    kind_of_head,
    kind_of_parts,
    too_many,
    too_many_rows,
)

openpyxl, cell_names = map(OnFirstUse, ("openpyxl", "openpyxl.utils.cell"))

LARGEST_UNPACKED_BYTES = 64 * 1024 * 1024

MOST_PARTS = 500

MOST_SHEETS = 60

MOST_CELLS = 600_000

MOST_MERGES = 10_000

MOST_STYLES = 10_000

MOST_TEXTS = 200_000

MOST_CHARACTERS = 8_000_000

LONGEST_CELL = 4_000  # longer than any text of ours may be: what is cut is refused by its column

LAST_SHEET_ROW = 20_000

MOST_COLUMNS = 80

HEADER_WITHIN = 20

_SERIAL_SHIFT_1904 = 1462
# What can be a day of Excel's: a smaller number is a year, a larger one a telephone.
_SERIALS = (2_200, 2_958_465)

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")

DAMAGE = (
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sheet is meant: the one of this name, else the first with a row that has a heading out of each group."""

    name: str
    headings: tuple[frozenset[str], ...]  # folded


@dataclass(slots=True)
class Cell:
    value: Any = None
    fault: Sentence | None = None


@dataclass(slots=True)
class Grid:
    """The cells of one sheet, the value of a formula being the one saved with it."""

    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # min column, min row, max column, max row
    unread: list[str] = field(default_factory=list)  # other sheets that look like lists of people


def grid_of(content: bytes, wanted: Wanted) -> Grid | Sentence:
    """All cells with a value, and the merged ranges, of the wanted sheet; a Sentence when the file cannot be taken."""
    try:
        refused = kind_of_head(content) or _counted(content)
        return refused or _grid(_plain(content), wanted)
    except MemoryError:
        return TOO_LARGE
    except DAMAGE:
        # A damaged workbook breaks the library in many ways; all of them mean the same to whoever sent it.
        return BROKEN


def _counted(content: bytes) -> Sentence | None:
    """Whatever can be refused before any part is parsed. Counting looks for bytes, which costs less than unpacking them."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        inside = parts.infolist()
        if len(inside) > MOST_PARTS or sum(part.file_size for part in inside) > LARGEST_UNPACKED_BYTES:
            return TOO_LARGE
        refused = kind_of_parts(parts)
        if refused is not None:
            return refused
        for part in inside:
            if not part.filename.endswith((".xml", ".rels")):
                continue
            # Reading stops at the declared size, so a lying header cannot unpack more than the bound above. An XML document
            # of Excel declares no entities; one that does means harm. Zeros removed also show UTF-16.
            xml = parts.read(part)
            if b"<!DOCTYPE" in xml[:4096].replace(b"\0", b"") or b"<!ENTITY" in xml:
                return BROKEN
            for element, most, words in _COUNTS:
                if (found := _how_many(xml, element)) > most:
                    return too_many(words, found, most)
    return None


_COUNTS = (
    (b"mergeCell", MOST_MERGES, N_("ô gộp (merge)")),
    (b"xf", MOST_STYLES, N_("kiểu ô (style)")),
    (b"sheet", MOST_SHEETS, N_("trang tính")),
    (b"c", MOST_CELLS, N_("ô")),
    (b"si", MOST_TEXTS, N_("ô có chữ")),
)


def _how_many(xml: bytes, element: bytes) -> int:
    return sum(
        xml.count(before + element + after)
        for before in (b"<", b":")
        for after in (b" ", b">", b"/", b"\n", b"\r", b"\t")
    )


def _plain(content: bytes) -> bytes:
    """The same file with the namespaces of the usual kind."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        if _STRICT.search(parts.read("xl/workbook.xml")) is None:
            return content
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as usual:
            for part in parts.infolist():
                usual.writestr(
                    part.filename, _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", parts.read(part))
                )
        return out.getvalue()


def heading_forms(value: Any) -> tuple[str, str]:
    """A heading folded, whole and without what stands in brackets or behind a colon or star."""
    if not isinstance(value, str):
        return "", ""
    return fold(value), fold(re.sub(r"\s*[(*:].*$", "", value))


def _is_list(sheet: Any, groups: Iterable[frozenset[str]]) -> bool:
    """Whether a sheet has a row of the headings with somebody under it; only its beginning is looked at."""
    headed = False
    for cells in sheet.iter_rows(max_row=HEADER_WITHIN, max_col=MOST_COLUMNS):
        if headed and any(cell.value is not None for cell in cells):
            return True
        forms = {form for cell in cells for form in heading_forms(cell.value)}
        headed = headed or all(forms & group for group in groups)
    return False


def _grid(content: bytes, wanted: Wanted) -> Grid | Sentence:
    values: Any = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    names = [sheet.title for sheet in values.worksheets if sheet.sheet_state == "visible"]
    if not names:
        return N_("Tệp không có trang tính nào. Hãy dùng tệp mẫu.", "file_no_sheet")
    lists = [name for name in names if _is_list(values[name], wanted.headings)]
    name = next((name for name in names if fold(name) == fold(wanted.name)), (lists or names)[0])
    shift = _SERIAL_SHIFT_1904 if values.epoch == openpyxl.utils.datetime.CALENDAR_MAC_1904 else 0
    grid = Grid(unread=[cut(clean(other), 80) for other in lists if other != name])
    with zipfile.ZipFile(BytesIO(content)) as parts:
        xml = parts.read(values[name]._worksheet_path)
    for found in re.finditer(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+\d+:[A-Z]+\d+)"', xml):
        left, top, right, bottom = cell_names.range_boundaries(found[1].decode("ascii"))
        grid.merged.append((left or 1, top or 1, right or 1, bottom or 1))
    if _FORMULA.search(xml) is None:  # most files: they are read once
        return _filled(grid, values[name], None, shift) or grid
    formulas: Any = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
    return _filled(grid, values[name], formulas[name], shift) or grid


_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def _filled(grid: Grid, shown: Any, written: Any, shift: int) -> Sentence | None:
    """Puts the rows into the grid; why it could not. `written` is the sheet with its formulas, None when it has none."""
    for sheet in filter(None, (shown, written)):
        sheet.reset_dimensions()  # what the file says of its size is often wrong
    # Both are asked for one row more than allowed, to know that there is one.
    bounds = {"max_row": LAST_SHEET_ROW + 1, "max_col": MOST_COLUMNS}
    characters = 0
    both: Iterable[tuple[Any, Any]] = ((cells, cells) for cells in shown.iter_rows(**bounds))
    if written is not None:
        both = zip(shown.iter_rows(**bounds), written.iter_rows(**bounds), strict=False)
    for row, (cells, sources) in enumerate(both, 1):
        if row > LAST_SHEET_ROW:
            return too_many_rows()
        read = [_cell(cell, source, shift) for cell, source in zip(cells, sources, strict=False)]
        if any(cell.value is not None or cell.fault for cell in read):
            grid.rows.append((row, read))
        characters += sum(len(cell.value) for cell in read if isinstance(cell.value, str))
        if len(grid.rows) > MOST_ROWS + HEADER_WITHIN:
            return too_many_rows()
        if characters > MOST_CHARACTERS:
            return TOO_LARGE
    return None


def _cell(shown: Any, source: Any, shift: int) -> Cell:
    value = shown.value
    if source.data_type == "f":
        if value is None:
            return Cell(
                None,
                N_(
                    "Ô là công thức chưa có kết quả. Hãy mở bằng Excel rồi lưu lại, hoặc gõ thẳng giá trị vào ô.",
                    "cell_formula",
                ),
            )
        if shown.data_type == "e":
            return Cell(None, _CELL_ERROR)
    elif shown.data_type == "e":
        return Cell(None, _CELL_ERROR)
    if isinstance(value, str):
        value = " ".join(arriving(cut(value, LONGEST_CELL)).split())
        if not value:
            value = None
    if shift and isinstance(value, int | float) and not isinstance(value, bool) and _SERIALS[0] < value <= _SERIALS[1]:
        value += shift
    return Cell(value)


_CELL_ERROR = N_("Ô đang báo lỗi (như #REF!). Hãy gõ lại giá trị vào ô.", "cell_error")


def column_letter(number: int) -> str:
    """1 → "A", as a person reads it on the sheet."""
    letters = ""
    while number > 0:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters
