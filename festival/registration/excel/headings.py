"""Which row of a sheet holds the headings, and which column is which? Pure.

Headings are known by the words people use for them; a required one that is missing, or one that stands twice, is refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping

from festival.core.names import fold
from festival.core.sentence import N_, Sentence
from festival.core.text import cut
from festival.documents.workbook_refusals import UnreadableFile
from festival.documents.xlsx_reading import HEADER_WITHIN, Cell, Grid, column_letter, heading_forms
from festival.registration.excel.columns import (
    ACT,
    ACT_PREFIX,
    CONTEST,
    CONTEST_PREFIX,
    INFORMATION,
    READ,
    AskedColumns,
)


def _headings(asked: AskedColumns) -> dict[str, str]:
    """Folded heading → key of the column (`contest:CODE` for contests, `act:CODE` for their acts)."""
    known = {fold(each): column.key for column in READ for each in (column.heading, *column.also)}
    for code, name in asked.contests.items():
        for heading in (CONTEST_PREFIX + name, name, f"{CONTEST_PREFIX}{code}", f"phan thi {name}"):
            known.setdefault(fold(heading), CONTEST + code)
    for code, name in asked.acts.items():
        for heading in (ACT_PREFIX + name, f"{ACT_PREFIX}{code}", f"ten tiet muc {name}"):
            known.setdefault(fold(heading), ACT + code)
    if len(asked.acts) == 1:  # as people head it where there is only one kind of act
        for heading in ("ten tiet muc", "tiet muc"):
            known.setdefault(heading, ACT + next(iter(asked.acts)))
    return known


def _heading_row(grid: Grid, known: Mapping[str, str]) -> tuple[int, int, list[Cell]]:
    """The row with the most headings we know, how many there are, its cells."""
    best_row, best_count, best_cells = 0, 0, list[Cell]()
    for row, cells in grid.rows:
        if row > HEADER_WITHIN:
            break
        count = sum(_heading_key(cell, known) is not None for cell in cells)
        if count > best_count:
            best_row, best_count, best_cells = row, count, cells
    return best_row, best_count, best_cells


def header(grid: Grid, asked: AskedColumns) -> tuple[int, dict[str, int], tuple[Sentence, ...]] | UnreadableFile:
    """The row of the headings, the place of each column by its key, and what is worth a remark."""
    known = _headings(asked)
    best_row, best_count, best_cells = _heading_row(grid, known)
    if best_count < 2:
        return UnreadableFile(
            (
                N_(
                    "Không tìm thấy dòng tiêu đề (Họ và tên, Ngày sinh…). Hãy dùng tệp mẫu và giữ nguyên dòng tiêu đề.",
                    "file_no_header",
                ),
            )
        )
    places: dict[str, int] = {}
    wrong: list[Sentence] = []
    remarks: list[Sentence] = []
    for place, cell in enumerate(best_cells):
        if cell.value is None:
            continue
        key = _heading_key(cell, known)
        if key is None:
            if fold(str(cell.value)) not in INFORMATION:
                remarks.append(
                    N_(
                        "Cột “%(heading)s” (cột %(letter)s) không dùng đến nên được bỏ qua.",
                        "column_unused",
                        heading=cut(str(cell.value), 60),
                        letter=column_letter(place + 1),
                    )
                )
        elif key in places:
            letters = (column_letter(places[key] + 1), column_letter(place + 1))
            wrong.append(
                N_(
                    "Cột “%(heading)s” có hai lần (cột %(first)s và %(second)s). Hãy giữ một cột.",
                    "column_twice",
                    heading=cut(str(cell.value), 60),
                    first=letters[0],
                    second=letters[1],
                )
            )
        else:
            places[key] = place
    for column in READ:
        if column.required and column.key not in places:
            wrong.append(
                N_(
                    "Thiếu cột “%(heading)s”. Hãy thêm cột này vào dòng tiêu đề (dòng %(row)s) như trong tệp mẫu.",
                    "column_missing",
                    heading=column.heading,
                    row=best_row,
                )
            )
    return UnreadableFile(tuple(wrong)) if wrong else (best_row, places, tuple(remarks))


def _heading_key(cell: Cell, known: Mapping[str, str]) -> str | None:
    if not isinstance(cell.value, str):
        return None
    whole, bare = heading_forms(cell.value)
    return known.get(whole) or (None if cell.value.startswith((CONTEST_PREFIX, ACT_PREFIX)) else known.get(bare))
