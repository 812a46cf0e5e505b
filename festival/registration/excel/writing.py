"""Which Excel file do people get: empty, with their families, or with what is to be mended?

It has the same columns as the file we read, so whatever we hand out can be corrected and sent back. A row is its texts by
the key of the column, and the keys of the cells that are to be mended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from festival.documents.xlsx_writing import new_book
from festival.registration.excel.columns import (
    ACT,
    BEHIND,
    BY_KEY,
    COLUMNS,
    CONTEST,
    EXAMPLE_NAME,
    SHEET_NAME,
    TOLD,
    AskedColumns,
)

EXAMPLE = (
    {"family": "1", "name": "Danh Thị Ví Dụ", "relation": "Người đại diện", "sex": "Nữ", "birth": "3/2/1986",
     "phone": "0900000001", "address": "Ấp Hòn Me, xã Thổ Sơn", "signed": "x",
     "introduction": "Gia đình bốn thế hệ cùng hát dù kê."},
    {"family": "1", "name": "Danh Văn Mẫu", "relation": "Vợ hoặc chồng", "sex": "Nam", "birth": "1984", "signed": "x"},
    {"family": "1", "name": "Danh Bé Ví Dụ", "relation": "Con", "sex": "Nam", "birth": "1/9/2014",
     "guardian": "Danh Thị Ví Dụ", "signed": "x", "own": "x", "needs": "ăn chay"},
    {"family": "2", "name": "Trần Văn Mẫu", "relation": "Người đại diện", "sex": "Nam", "birth": "14/6/1960",
     "phone": "0900000002", "address": "Khu phố 1"},
    {"family": "2", "name": "Lâm Thị Mẫu", "relation": "Vợ hoặc chồng", "sex": "Nữ", "birth": "1962"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileRow:
    """One person: texts by the key of the column, and which of the cells are to be mended."""

    cells: Mapping[str, str]
    faults: frozenset[str] = field(default_factory=frozenset)


def write(
    title: str,
    unit: str,
    asked: AskedColumns,
    rows: Iterable[FileRow] = (),
    told: Sequence[str] = (),
    others: Sequence[Sequence[str]] = (),
) -> bytes:
    """The template (no rows), an export or a file to mend. Text stays text: nothing a person typed becomes a formula or a link.

    `told`: which columns beside those that are read; `others`: people outside families, on a sheet of their own.
    """
    book, out = new_book(title, unit)
    people = list(rows)
    keys = _keys(asked, told, with_code=bool(people))
    sheet = book.add_worksheet(SHEET_NAME)
    _write_list(book, sheet, (title, unit), asked, keys, people)
    if others:
        _write_others(book, others)
    if not people:
        _write_list(book, book.add_worksheet(EXAMPLE_NAME), EXAMPLE_HEADS, asked, keys, _example(asked))
    if not others:
        _write_instructions(book, asked)
    sheet.activate()
    book.close()
    return out.getvalue()


EXAMPLE_HEADS = ("Ví dụ (không được đọc)", "Người và số điện thoại ở trang này là bịa. Hãy điền vào trang “Danh sách”.")


def _keys(asked: AskedColumns, told: Sequence[str], *, with_code: bool) -> list[str]:
    """The columns in their order: what is to be mended stands first, where nobody overlooks it."""
    return [
        *(key for key in told if key in ("wrong", "delegation")),
        *(column.key for column in COLUMNS),
        *(CONTEST + code for code in asked.contests),
        *(ACT + code for code in asked.acts),
        *(column.key for column in BEHIND if with_code or column.key != "code"),
        *(key for key in told if key not in ("wrong", "delegation")),
    ]


def _example(asked: AskedColumns) -> list[FileRow]:
    contest, act = next(iter(asked.contests), ""), next(iter(asked.acts), "")
    entered = {CONTEST + key: "x" for key in (contest, act) if key}
    title = {ACT + act: "Hát dù kê “Quê hương”"} if act else {}
    first, *rest = EXAMPLE
    return [FileRow({**first, **entered, **title}), *(FileRow(each) for each in rest)]


def _look(key: str, asked: AskedColumns) -> tuple[str, int, bool, str, tuple[str, ...]]:
    """Heading, width, whether it is required, advice and choices of a column."""
    if key in TOLD:
        return (*TOLD[key], False, "", ())
    if key in BY_KEY:
        column = BY_KEY[key]
        return column.heading, column.width, column.required, column.advice, column.choices
    if key.startswith(ACT):
        return asked.heading(key), 28, False, "Tên tiết mục của gia đình ở phần thi này; chưa có thì để trống.", ()
    return asked.heading(key), 14, False, "Ghi x nếu người này dự phần thi.", ("x",)


def _write_list(
    book: Any, sheet: Any, heads: tuple[str, str], asked: AskedColumns, keys: Sequence[str], people: Sequence[FileRow]
) -> None:
    bold = book.add_format({"bold": True, "font_size": 14})
    faint = book.add_format({"font_color": "#5b5348"})
    cell = {"num_format": "@", "border": 1, "border_color": "#d8cfc2", "valign": "top", "text_wrap": True}
    plain, faulty = book.add_format(cell), book.add_format({**cell, "bg_color": "#fff0a8"})
    header = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#b9ab97"}
    required = book.add_format({**header, "bg_color": "#f6d9b8"})
    optional = book.add_format({**header, "bg_color": "#f3ede4"})
    sheet.write_string(0, 0, heads[0], bold)
    sheet.write_string(1, 0, heads[1], faint)
    sheet.write_string(2, 0, "Mỗi người một dòng. Ô tiêu đề màu cam là bắt buộc. Xem trang “Hướng dẫn”.", faint)
    heading_row, first = 3, 4
    last = max(first + 499, first + len(people))
    for place, key in enumerate(keys):
        heading, width, needed, advice, choices = _look(key, asked)
        sheet.set_column(place, place, width, plain)
        sheet.write_string(heading_row, place, heading, required if needed else optional)
        if advice:
            sheet.data_validation(first, place, last, place, _validation(heading, advice, choices))
    for row, person in enumerate(people, start=first):
        for place, key in enumerate(keys):
            sheet.write_string(row, place, person.cells.get(key, ""), faulty if key in person.faults else plain)
    sheet.set_row(heading_row, 48)
    sheet.freeze_panes(first, keys.index("name") + 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heading_row)


def _validation(heading: str, advice: str, choices: tuple[str, ...]) -> dict[str, Any]:
    rule: dict[str, Any] = {"validate": "any", "input_title": heading[:32], "input_message": advice[:255]}
    if choices:
        rule |= {
            "validate": "list",
            "source": list(choices),
            "error_type": "warning",
            "error_title": "Hãy chọn trong danh sách",
            "error_message": advice[:255],
        }
    return rule


def _write_others(book: Any, others: Sequence[Sequence[str]]) -> None:
    sheet = book.add_worksheet("Ngoài gia đình")
    bold = book.add_format({"bold": True, "bg_color": "#f3ede4"})
    for row, texts in enumerate((("Người", "Lớp thẻ", "Đoàn", "Số điện thoại", "Nhu cầu hỗ trợ"), *others)):
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text, bold if row == 0 else None)
    sheet.set_column(0, 4, 26)


def _write_instructions(book: Any, asked: AskedColumns) -> None:
    sheet = book.add_worksheet("Hướng dẫn")
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 34, bold)
    sheet.set_column(1, 1, 90, wrap)
    lines = [
        (
            "Cách điền",
            "Điền vào trang “Danh sách”, mỗi người một dòng. Người cùng gia đình ghi cùng “Gia đình số”. Xem trang “Ví dụ”.",
        ),
        ("Khi tải lên", "Trang web cho xem từng gia đình sẽ được ghi thế nào. Chưa bấm xác nhận thì chưa ghi gì."),
        (
            "Phần cần sửa",
            "Gia đình có lỗi được giữ thành một tệp riêng, ô sai tô vàng: sửa trong tệp ấy rồi tải lên lại.",
        ),
        ("Tải lên hai lần", "Gia đình đã có trong danh sách được nhận ra, không ghi thêm lần nữa."),
        *((column.heading, column.advice) for column in (*COLUMNS, *BEHIND)),
        *((asked.heading(CONTEST + code), _look(CONTEST + code, asked)[3]) for code in asked.contests),
        *((asked.heading(ACT + code), _look(ACT + code, asked)[3]) for code in asked.acts),
    ]
    for row, (what, how) in enumerate(lines):
        sheet.write_string(row, 0, what)
        sheet.write_string(row, 1, how)
