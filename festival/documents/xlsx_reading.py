"""What stands in the cells of an Excel file that somebody hands in?

Reading never trusts the file: size, number of files inside, unpacked size and rows are bounded before anything is parsed,
and formulas count only by the value Excel saved with them.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from festival.core.names import fold, nfc
from festival.core.on_first_use import OnFirstUse
from festival.core.sentence import N_, Sentence

openpyxl, cell_names = map(OnFirstUse, ("openpyxl", "openpyxl.utils.cell"))

LARGEST_FILE_BYTES = 5 * 1024 * 1024

LARGEST_UNPACKED_BYTES = 64 * 1024 * 1024

MOST_PARTS = 500

MOST_ROWS = 5_000

LAST_SHEET_ROW = 20_000

MOST_COLUMNS = 80

HEADER_WITHIN = 20

_EXCEL_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

_SERIAL_SHIFT_1904 = 1462

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
class UnreadableFile:
    """The file as a whole cannot be taken."""

    reasons: tuple[Sentence, ...]


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


BROKEN = N_("Tệp Excel này bị hỏng hoặc không phải tệp .xlsx. Hãy mở bằng Excel, lưu lại rồi tải lên.", "file_broken")


def refuse_container(content: bytes) -> Sentence | None:
    """Whatever can be refused before any part is unpacked."""
    if not content:
        return N_("Tệp trống. Hãy chọn tệp Excel (.xlsx) đã điền.", "file_empty")
    if len(content) > LARGEST_FILE_BYTES:
        return N_(
            "Tệp lớn hơn %(mb)s MB. Hãy chép danh sách sang tệp mẫu mới, bỏ hình ảnh rồi tải lên lại.",
            "file_too_big",
            mb=LARGEST_FILE_BYTES // 1024**2,
        )
    if content.startswith(_OLD_EXCEL):
        return N_(
            "Tệp này là Excel kiểu cũ (.xls) hoặc có đặt mật khẩu. Hãy mở bằng Excel, chọn “Lưu thành” loại .xlsx, không mật khẩu.",
            "file_old_excel",
        )
    if not content.startswith(_EXCEL_ZIP):
        return N_("Đây không phải tệp Excel (.xlsx). Hãy tải tệp mẫu, điền vào rồi tải lên.", "file_not_excel")
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            inside = parts.infolist()
            if len(inside) > MOST_PARTS or sum(part.file_size for part in inside) > LARGEST_UNPACKED_BYTES:
                return N_(
                    "Tệp bung ra quá lớn nên không đọc. Hãy chép danh sách sang tệp mẫu mới rồi tải lên lại.",
                    "file_bomb",
                )
            if "[Content_Types].xml" not in parts.namelist() or "xl/workbook.xml" not in parts.namelist():
                return N_("Đây không phải tệp Excel (.xlsx). Hãy tải tệp mẫu, điền vào rồi tải lên.", "file_not_excel")
            for part in inside:
                # Reading stops at the declared size, so a lying header cannot unpack more than the bound above. An XML
                # document of Excel declares no entities; one that does means harm. Zeros removed also show UTF-16.
                if part.filename.endswith((".xml", ".rels")):
                    with parts.open(part) as opened:
                        if b"<!DOCTYPE" in opened.read(4096).replace(b"\0", b""):
                            return BROKEN
    except DAMAGE:
        return BROKEN
    return None


def grid_of(content: bytes, wanted: str, is_list: Callable[[Any], bool]) -> Grid | Sentence:
    """All cells with a value, and the merged ranges, of the sheet called `wanted`, else of the first that `is_list`.

    A Sentence when the sheet is too long.
    """
    values: Any = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    formulas: Any = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        names = [sheet.title for sheet in values.worksheets if sheet.sheet_state == "visible"]
        if not names:
            return N_("Tệp không có trang tính nào. Hãy dùng tệp mẫu.", "file_no_sheet")
        lists = [name for name in names if is_list(values[name])]
        name = next((name for name in names if fold(name) == fold(wanted)), (lists or names)[0])
        shown, written = values[name], formulas[name]
        shift = _SERIAL_SHIFT_1904 if values.epoch == openpyxl.utils.datetime.CALENDAR_MAC_1904 else 0
        grid = Grid(unread=[other for other in lists if other != name])
        with zipfile.ZipFile(BytesIO(content)) as parts:
            xml = parts.read(shown._worksheet_path)
        for found in re.finditer(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+\d+:[A-Z]+\d+)"', xml):
            left, top, right, bottom = cell_names.range_boundaries(found[1].decode("ascii"))
            grid.merged.append((left or 1, top or 1, right or 1, bottom or 1))
        for sheet in (shown, written):
            sheet.reset_dimensions()  # what the file says of its size is often wrong
        # Both are asked for one row more than allowed, to know that there is one.
        bounds = {"max_row": LAST_SHEET_ROW + 1, "max_col": MOST_COLUMNS}
        for row, (cells, sources) in enumerate(
            zip(shown.iter_rows(**bounds), written.iter_rows(**bounds), strict=False), 1
        ):
            if row > LAST_SHEET_ROW:
                return too_many_rows()
            read_cells = [_cell(cell, source, shift) for cell, source in zip(cells, sources, strict=False)]
            if any(cell.value is not None or cell.fault for cell in read_cells):
                grid.rows.append((row, read_cells))
            if len(grid.rows) > MOST_ROWS + HEADER_WITHIN:
                return too_many_rows()
        return grid
    finally:
        values.close()
        formulas.close()


def too_many_rows() -> Sentence:
    return N_(
        "Trang tính có hơn %(most)s dòng. Hãy chia thành nhiều tệp, hoặc chép danh sách sang tệp mẫu mới để bỏ dòng trống.",
        "file_too_many_rows",
        most=MOST_ROWS,
    )


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
        value = nfc(value)
        if not value:
            value = None
    if shift and isinstance(value, int | float) and not isinstance(value, bool) and value > 2200:
        value += shift
    return Cell(value)


_CELL_ERROR = N_("Ô đang báo lỗi (như #REF!). Hãy gõ lại giá trị vào ô.", "cell_error")


def column_letter(number: int) -> str:
    """1 → "A", as a person reads it on the sheet."""
    return str(cell_names.get_column_letter(number))
