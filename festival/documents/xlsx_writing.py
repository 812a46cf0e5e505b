"""How is an Excel file begun that we hand out?"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from festival.core.rehearsing.marked import paper_mark
from festival.documents.on_first_use import OnFirstUse

xlsxwriter = OnFirstUse("xlsxwriter")


def new_book(title: str, subject: str) -> tuple[Any, BytesIO]:
    """An empty workbook and the bytes it is closed into. Text stays text: no formula, no link, no number."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "dd/mm/yyyy",
        },
    )
    book.set_properties({"title": title, "subject": subject})
    if mark := paper_mark():
        plain = book.add_worksheet

        def add(*about: Any, **more: Any) -> Any:
            sheet = plain(*about, **more)
            sheet.set_header(f"&C&B{mark}")
            return sheet

        book.add_worksheet = add
    return book, out
