"""What does a file of people outside families say, row by row, and which cell is wrong? Nothing is written here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from festival.badges.excel.columns import BY_KEY, HEADINGS, INFORMATION, SHEET_NAME
from festival.badges.excel.fates import BadgeRow, CellFault
from festival.badges.people import TypedOutsider, read
from festival.core.names import fold
from festival.core.sentence import N_, Sentence
from festival.core.text import cut
from festival.documents.workbook_refusals import MERGED_OVER, MOST_ROWS, UnreadableFile, too_many_rows
from festival.documents.workbooks import read_workbook
from festival.documents.xlsx_reading import (
    HEADER_WITHIN,
    MOST_COLUMNS,
    Cell,
    Grid,
    Wanted,
    column_letter,
    heading_forms,
)

NAME_HEADINGS = frozenset(heading for heading, key in HEADINGS.items() if key == "name")
WANTED = Wanted(SHEET_NAME, (NAME_HEADINGS,))
NO_HEADER = N_(
    "Không tìm thấy dòng tiêu đề có cột “Họ và tên”. Hãy dùng tệp mẫu và giữ nguyên dòng tiêu đề.", "file_no_header"
)
NO_PEOPLE = N_("Dưới dòng tiêu đề chưa có ai. Hãy điền mỗi người một dòng.", "file_no_people")

Chosen = Callable[[str], tuple[str | None, str]]
"""What the words of the class's cell ("" for an empty one) mean: (class, code of an own one); None when unknown."""


def read_file(
    content: bytes, folder: Path, chosen: Chosen, today: date, festival_on: date
) -> tuple[list[BadgeRow], list[Sentence]] | UnreadableFile:
    """The people of a file, read by the guarded process, and remarks that stop nothing."""
    grid = read_workbook(content, WANTED, folder)
    return grid if isinstance(grid, UnreadableFile) else rows_of(grid, chosen, today, festival_on)


def rows_of(
    grid: Grid, chosen: Chosen, today: date, festival_on: date
) -> tuple[list[BadgeRow], list[Sentence]] | UnreadableFile:
    """The people in the cells of a sheet."""
    found = _header(grid)
    if isinstance(found, UnreadableFile):
        return found
    header_row, places, remarks = found
    if not _refuse_merged(grid, header_row, sorted(places.values())):
        return UnreadableFile((MERGED_OVER,))
    rows = [
        _row(row, cells, places, chosen, today, festival_on)
        for row, cells in grid.rows
        if row > header_row and any(_used(cells, place) for place in places.values())
    ]
    if len(rows) > MOST_ROWS:
        return UnreadableFile((too_many_rows(),))
    if not rows:
        return UnreadableFile((NO_PEOPLE,))
    unread = [
        N_(
            "Trang tính “%(sheet)s” không được đọc: mỗi tệp chỉ đọc một trang. Hãy chép các dòng sang trang “%(list)s”.",
            "sheet_unread",
            sheet=cut(other, 60),
            list=SHEET_NAME,
        )
        for other in grid.unread
    ]
    return rows, [*unread, *remarks]


def _header(grid: Grid) -> tuple[int, dict[str, int], list[Sentence]] | UnreadableFile:
    """The row of headings, the place of each column we know, and which columns are not used."""
    for row, cells in grid.rows:
        if row > HEADER_WITHIN:
            break
        if not any(_key(cell) == "name" for cell in cells):
            continue
        places: dict[str, int] = {}
        remarks = []
        for place, cell in enumerate(cells):
            key = _key(cell)
            if key is not None and key not in places:
                places[key] = place
            elif isinstance(cell.value, str) and fold(cell.value) not in INFORMATION:
                remarks.append(
                    N_(
                        "Cột “%(heading)s” (cột %(letter)s) không dùng đến nên được bỏ qua.",
                        "column_unused",
                        heading=cut(cell.value, 60),
                        letter=column_letter(place + 1),
                    )
                )
        return row, places, remarks
    return UnreadableFile((NO_HEADER,))


def _key(cell: Cell) -> str | None:
    if not isinstance(cell.value, str):
        return None
    whole, bare = heading_forms(cell.value)
    return HEADINGS.get(whole) or HEADINGS.get(bare)


def _refuse_merged(grid: Grid, header_row: int, used: Sequence[int]) -> bool:
    """A merged cell is a fault of each of its rows: nobody knows whose value it is. False: merges over each other without end."""
    by_row = dict(grid.rows)
    numbers = [row for row, _cells in grid.rows]
    touched = 0
    for left, top, right, bottom in grid.merged:
        columns = [place for place in used if left - 1 <= place < right]
        rows = numbers[bisect_left(numbers, max(top, header_row + 1)) : bisect_right(numbers, bottom)]
        touched += len(rows) * len(columns)
        if touched > MOST_ROWS * MOST_COLUMNS:
            return False
        fault = N_(
            "Các ô %(cells)s bị gộp nên không biết giá trị của ai. Hãy bỏ gộp ô rồi điền từng dòng.",
            "cell_merged",
            cells=f"{column_letter(left)}{top}:{column_letter(right)}{bottom}",
        )
        for row in rows if columns else ():
            cells = by_row[row]
            cells.extend(Cell() for _ in range(columns[-1] + 1 - len(cells)))
            for place in columns:
                cells[place] = Cell(None, fault)
    return True


def _used(cells: Sequence[Cell], place: int) -> bool:
    return place < len(cells) and (cells[place].value is not None or cells[place].fault is not None)


def _row(
    row: int, cells: Sequence[Cell], places: Mapping[str, int], chosen: Chosen, today: date, festival_on: date
) -> BadgeRow:
    faults: dict[str, Sentence] = {}
    values: dict[str, Any] = {}
    for key, place in places.items():
        cell = cells[place] if place < len(cells) else Cell()
        if cell.fault is not None:
            faults[key] = cell.fault
        values[key] = cell.value
    written = str(values.pop("badge", None) or "").strip()
    badge, kind = chosen(written)
    who, wrong = read(TypedOutsider(**values), badge, kind, today, festival_on)
    for key, fault in wrong:
        faults.setdefault(key, fault)
    named = tuple(
        CellFault(f"{column_letter(places[key] + 1)}{row}" if key in places else str(row), BY_KEY[key].heading, fault)
        for key, fault in faults.items()
    )
    return BadgeRow(row, who, named)
