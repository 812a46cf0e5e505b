"""Which Excel file do officers get, empty or with their families?

It has the same columns as the file we read, so an export can be corrected and sent back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festival.documents.xlsx_writing import new_book
from festival.registration.excel.columns import COLUMNS, CONTEST_PREFIX, SHEET_NAME


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One person for the export, with the state of the family and what it lacks, already in words."""

    family: str
    name: str
    relation: str
    sex: str
    birth: str
    phone: str
    address: str
    email: str
    guardian: str
    signed: bool
    own: bool
    needs: str
    contests: tuple[str, ...]
    state: str
    lacks: str


def write(title: str, unit: str, contests: Mapping[str, str], rows: Iterable[ExportRow] = ()) -> bytes:
    """The template (no rows) or the export. Text stays text: nothing a person typed becomes a formula or a link."""
    book, out = new_book(title, unit)
    people = list(rows)
    sheet = book.add_worksheet(SHEET_NAME)
    _write_list(book, sheet, title, unit, contests, people)
    _write_instructions(book, contests)
    sheet.activate()
    book.close()
    return out.getvalue()


def _write_list(
    book: Any, sheet: Any, title: str, unit: str, contests: Mapping[str, str], people: Sequence[ExportRow]
) -> None:
    bold = book.add_format({"bold": True, "font_size": 14})
    faint = book.add_format({"font_color": "#5b5348"})
    plain = book.add_format(
        {"num_format": "@", "border": 1, "border_color": "#d8cfc2", "valign": "top", "text_wrap": True}
    )
    header = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#b9ab97"}
    required = book.add_format({**header, "bg_color": "#f6d9b8"})
    optional = book.add_format({**header, "bg_color": "#f3ede4"})
    sheet.write_string(0, 0, title, bold)
    sheet.write_string(1, 0, unit, faint)
    sheet.write_string(2, 0, "Mỗi người một dòng. Ô tiêu đề màu cam là bắt buộc. Xem trang “Hướng dẫn”.", faint)
    heading_row, first = 3, 4
    last = max(first + 499, first + len(people))
    columns = [
        *((column.heading, column.width, column.required, column.advice, column.choices) for column in COLUMNS),
        *((CONTEST_PREFIX + name, 14, False, "Ghi x nếu người này dự phần thi.", ("x",)) for name in contests.values()),
    ]
    for place, (heading, width, needed, advice, choices) in enumerate(columns):
        sheet.set_column(place, place, width, plain)
        sheet.write_string(heading_row, place, heading, required if needed else optional)
        rule: dict[str, Any] = {"validate": "any", "input_title": heading[:32], "input_message": advice[:255]}
        if choices:
            rule |= {
                "validate": "list",
                "source": list(choices),
                "error_type": "warning",
                "error_title": "Hãy chọn trong danh sách",
                "error_message": advice[:255],
            }
        sheet.data_validation(first, place, last, place, rule)
    if people:
        for place, (heading, width) in enumerate((("Trạng thái", 16), ("Còn thiếu", 40)), start=len(columns)):
            sheet.set_column(place, place, width, plain)
            sheet.write_string(heading_row, place, heading, optional)
    for row, person in enumerate(people, start=first):
        signed, own = ("x" if person.signed else ""), ("x" if person.own else "")
        texts = [
            person.family, person.name, person.relation, person.sex, person.birth, person.phone, person.address,
            person.email, person.guardian, signed, own, person.needs,
            *("x" if code in person.contests else "" for code in contests), person.state, person.lacks,
        ]  # fmt: skip
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text, plain)
    sheet.set_row(heading_row, 48)
    sheet.freeze_panes(first, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heading_row)


def _write_instructions(book: Any, contests: Mapping[str, str]) -> None:
    sheet = book.add_worksheet("Hướng dẫn")
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 34, bold)
    sheet.set_column(1, 1, 90, wrap)
    lines = [
        (
            "Cách điền",
            "Điền vào trang “Danh sách”, mỗi người một dòng. Người cùng gia đình ghi cùng “Gia đình số”.",
        ),
        ("Khi tải lên", "Trang web cho xem từng dòng sẽ được ghi thế nào. Chưa bấm xác nhận thì chưa ghi gì."),
        ("Tải lên hai lần", "Gia đình đã có trong danh sách được nhận ra, không ghi thêm lần nữa."),
        *((column.heading, column.advice) for column in COLUMNS),
        *((CONTEST_PREFIX + name, "Ghi x nếu người này dự phần thi.") for name in contests.values()),
    ]
    for row, (what, how) in enumerate(lines):
        sheet.write_string(row, 0, what)
        sheet.write_string(row, 1, how)
