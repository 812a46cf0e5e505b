"""Which Excel file is handed out, empty or with the people of a list? It has the columns of the file that is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from festival.badges.excel.columns import COLUMNS, SHEET_NAME
from festival.documents.xlsx_writing import new_book

ROOM_FOR = 500  # rows of the template that carry lists and advice


def write(title: str, called: str, classes: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> bytes:
    """The template (no rows) or the export. Text stays text: nothing a person typed becomes a formula or a link."""
    book, out = new_book(title, called)
    sheet = book.add_worksheet(SHEET_NAME)
    plain = book.add_format(
        {"num_format": "@", "border": 1, "border_color": "#d8cfc2", "valign": "top", "text_wrap": True}
    )
    heading = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#b9ab97"}
    needed, optional = (
        book.add_format({**heading, "bg_color": "#f6d9b8"}),
        book.add_format({**heading, "bg_color": "#f3ede4"}),
    )
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, called)
    sheet.write_string(
        2, 0, "Mỗi người một dòng. Chỉ cột màu cam là bắt buộc; trang web cho xem từng dòng trước khi ghi."
    )
    first = 4
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width, plain)
        sheet.write_string(first - 1, place, column.heading, needed if column.key == "name" else optional)
        sheet.data_validation(
            first,
            place,
            first + max(ROOM_FOR, len(rows)),
            place,
            _advice(column.advice, column.heading, classes if column.key == "badge" else ()),
        )
    for number, texts in enumerate(rows, start=first):
        for place, text in enumerate(texts):
            sheet.write_string(number, place, text, plain)
    sheet.set_row(first - 1, 32)
    sheet.freeze_panes(first, 3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(first - 1)
    book.close()
    return out.getvalue()


def _advice(advice: str, heading: str, choices: Sequence[str]) -> dict[str, Any]:
    told: dict[str, Any] = {"validate": "any", "input_title": heading[:32], "input_message": advice[:255]}
    if choices:
        told |= {"validate": "list", "source": list(choices), "error_type": "warning", "error_message": advice[:255]}
    return told
