"""How is a version of the report drawn: as PDF to print, as a document to edit, as a workbook with a sheet for each table?

The same version gives the same bytes of PDF and DOCX. A workbook's sheets hold numbers as numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from festival.ceremony.report.content import ReportContent, Stamp
from festival.ceremony.report.models import ReportForm
from festival.ceremony.report.said import NOT_SHOWN, PaperSection, PaperTable, ReportPaper, paper_of
from festival.documents import paper
from festival.documents.docx import Block, DocxTable, Para, docx
from festival.documents.state_paper import letterhead
from festival.documents.xlsx_writing import new_book

SHEET_NAME = 31  # letters Excel allows
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def draw(form: ReportForm, content: ReportContent, stamp: Stamp) -> bytes:
    """The bytes of one document."""
    said = paper_of(content, stamp)
    match form:
        case ReportForm.PDF:
            return paper.pdf("ceremony/report/report.typ", asdict(said), at=stamp.made_at)
        case ReportForm.DOCX:
            return docx(_blocks(said), title=f"{said.title} {said.under}", footer=said.code, at=stamp.made_at)
        case ReportForm.XLSX:
            return _workbook(said, stamp)


def _blocks(said: ReportPaper) -> Iterable[Block]:
    yield letterhead(((said.organ, True), (said.number, False)), said.place_and_day)
    yield Para(said.title, "center", bold=True, points=14, space=12)
    yield Para(said.under, "center", bold=True, points=14)
    yield Para(said.lead, "both", space=10)
    for section in said.sections:
        yield from _section(section)
    head, *who = said.receivers
    signer, how = said.signer
    receivers = (Para(head, bold=True, italic=True, points=12), *(Para(each, points=11) for each in who))
    signing = (
        Para(signer, "center", bold=True),
        Para(how, "center", italic=True, points=11),
        *(Para("") for _ in range(4)),
    )
    yield Para("", points=6, keep=True)
    yield DocxTable((5, 6), ((receivers, signing),), lines=False)


def _section(section: PaperSection) -> Iterable[Block]:
    yield Para(section.title, bold=True, space=12, keep=True)
    for text in section.texts:
        yield Para(text, "both", space=3)
    for table in section.tables:
        if table.title not in section.title:
            yield Para(table.title, italic=True, space=8, keep=True)
        if table.rows:
            yield _docx_table(table)
        if table.note:
            yield Para(table.note, italic=True, points=11)


def _docx_table(table: PaperTable) -> DocxTable:
    head = tuple((Para(words, "center", bold=True, points=11),) for words in table.head)
    rows = tuple(
        tuple(
            (Para(_written(cell), "right" if isinstance(cell, int) or cell == NOT_SHOWN else "left", points=11),)
            for cell in row
        )
        for row in table.rows
    )
    return DocxTable(_widths(table), (head, *rows), head=1)


def _widths(table: PaperTable) -> tuple[int, ...]:
    """Columns of words are wider than those of numbers."""
    columns = zip(*table.rows, strict=True)
    return tuple(2 if any(isinstance(cell, str) and len(cell) > 8 for cell in column) else 1 for column in columns)


def _written(cell: str | int) -> str:
    return f"{cell:,}".replace(",", ".") if isinstance(cell, int) else cell


def _workbook(said: ReportPaper, stamp: Stamp) -> bytes:
    book, out = new_book(f"{said.title} {said.under}", said.code)
    book.set_properties(
        {"title": f"{said.title} {said.under}", "subject": said.code, "created": stamp.made_at.replace(tzinfo=None)}
    )
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter"})
    cell, number = (book.add_format({"border": 1, **more}) for more in ({"text_wrap": True}, {"num_format": "#,##0"}))
    first = book.add_worksheet(said.title.capitalize())
    first.set_column(0, 0, 100)
    lines = [said.organ, said.under, said.lead, said.code]
    lines += [text for section in said.sections for text in (section.title, *section.texts)]
    for row, text in enumerate(lines):
        first.write_string(row, 0, text, bold if row < 2 else None)
    for place, table in enumerate((each for section in said.sections for each in section.tables), start=1):
        sheet = book.add_worksheet(f"{place}. {table.title}".translate(FORBIDDEN)[:SHEET_NAME].strip())
        sheet.write_string(0, 0, table.title, bold)
        for column, words in enumerate(table.head):
            sheet.write_string(2, column, words, head)
        for row, cells in enumerate(table.rows, start=3):
            for column, value in enumerate(cells):
                if isinstance(value, int):
                    sheet.write_number(row, column, value, number)
                else:
                    sheet.write_string(row, column, value, cell)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, max(1, len(table.head) - 1), 16)
        sheet.freeze_panes(3, 1)
        if table.note:
            sheet.write_string(len(table.rows) + 4, 0, table.note)
    book.close()
    return out.getvalue()
