"""Files as LibreOffice, WPS, Google Sheets and exporters write them: the parts are made by hand, as those programs make them."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import pytest

from festival.core.births import Birth
from festival.documents.xlsx_reading import column_letter
from tests.registration.test_workbook import HEADINGS, MOTHER, SON, read, with_cell

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


ROOT = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>'
)


def content_types(more: list[str]) -> str:
    """The first part of every workbook: which part is of what kind."""
    kinds = {"workbook": "sheet.main", "worksheets/sheet1": "worksheet", **{name: name for name in more}}
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(
            f'<Override PartName="/xl/{part}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
            for part, kind in kinds.items()
        )
        + "</Types>"
    )


def made_by(
    rows: list[list[Any]], *, texts: str = "shared", prefix: str = "", epoch_1904: bool = False, places: bool = True,
    styles: str = "", sheet: str = "Danh sách",
) -> bytes:  # fmt: skip
    """A workbook of one sheet. `texts`: "shared" (LibreOffice, Google), "runs" (WPS: rich text), "inline" (exporters);
    `prefix` of the namespace; `places`: whether cells say where they are; `styles`: the part of styles, none by default.
    """
    shared: list[str] = []
    p = f"{prefix}:" if prefix else ""
    space = f'xmlns{":" + prefix if prefix else ""}="{MAIN}"'

    def cell(at: str, value: Any) -> str:
        where = f' r="{at}"' if places else ""
        if value == "" or value is None:
            return f"<{p}c{where}/>"
        if not isinstance(value, str):
            return f"<{p}c{where}><{p}v>{value}</{p}v></{p}c>"
        if texts == "inline":
            return f'<{p}c{where} t="inlineStr"><{p}is><{p}t>{escape(value)}</{p}t></{p}is></{p}c>'
        shared.append(value)
        return f'<{p}c{where} t="s"><{p}v>{len(shared) - 1}</{p}v></{p}c>'

    body = "".join(
        f"<{p}row" + (f' r="{number}"' if places else "") + ">"
        + "".join(cell(f"{column_letter(place)}{number}", value) for place, value in enumerate(row, 1))
        + f"</{p}row>"
        for number, row in enumerate([HEADINGS, *rows], 1)
    )  # fmt: skip

    def text(value: str) -> str:
        half = len(value) // 2
        if texts == "runs" and half:
            return "".join(
                f'<{p}r><{p}rPr><{p}b/></{p}rPr><{p}t xml:space="preserve">{escape(each)}</{p}t></{p}r>'
                for each in (value[:half], value[half:])
            )
        return f'<{p}t xml:space="preserve">{escape(value)}</{p}t>'

    more = [name for name, there in (("sharedStrings", shared), ("styles", styles)) if there]
    relations = [("worksheet", "worksheets/sheet1.xml"), *((name, f"{name}.xml") for name in more)]
    parts = {
        "[Content_Types].xml": content_types(more),
        "_rels/.rels": ROOT,
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target="{to}"/>' for at, (kind, to) in enumerate(relations, 1))
        + "</Relationships>",
        "xl/workbook.xml": f'<{p}workbook {space} xmlns:r="{OFFICE}"><{p}workbookPr date1904="{int(epoch_1904)}"/>'
        f'<{p}sheets><{p}sheet name="{sheet}" sheetId="1" r:id="rId1"/></{p}sheets></{p}workbook>',
        "xl/worksheets/sheet1.xml": f"<{p}worksheet {space}><{p}sheetData>{body}</{p}sheetData></{p}worksheet>",
    }  # fmt: skip
    if shared:
        items = "".join(f"<{p}si>{text(each)}</{p}si>" for each in shared)
        parts["xl/sharedStrings.xml"] = f"<{p}sst {space}>{items}</{p}sst>"
    if styles:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return out.getvalue()


# Two odd formats: one that is declared nowhere, one that shows a number as a date.
STYLES = '<fonts/><fills/><cellXfs count="2"><xf numFmtId="199"/><xf numFmtId="14"/></cellXfs><dxfs count="0"/>'


@pytest.mark.parametrize(
    "program",
    [
        {"texts": "shared"},
        {"texts": "inline", "places": False},
        {"texts": "runs", "styles": STYLES},
        {"texts": "shared", "prefix": "x"},
    ],
    ids=["LibreOffice and Google", "an exporter", "WPS", "Open XML SDK"],
)
def test_a_file_of_another_program_is_read_whole(program: dict[str, Any]) -> None:
    mother, son = read(made_by([MOTHER, SON], **program)).people
    assert (mother.name, mother.birth, mother.phone, mother.contests, mother.problems) == (
        "Danh Thị Sa Rươl", Birth(1986, 2, 3), "0912345678", ("tai-nang",), (),
    )  # fmt: skip
    assert (son.name, son.guardian, son.signed, son.problems) == ("Danh Minh Khôi", "Danh Thị Sa Rươl", True, ())


def test_a_workbook_that_counts_from_1904_moves_days_and_no_telephone() -> None:
    day = 31446 - 1462  # 3/2/1986, counted from 1904
    row = with_cell(with_cell(MOTHER, "Ngày sinh", day), "Số điện thoại", 912345678)
    later = with_cell(with_cell(SON, "Ngày sinh", 2014), "Gia đình số", 1)
    mother, son = read(made_by([row, later], epoch_1904=True)).people
    assert (mother.birth, mother.phone) == (Birth(1986, 2, 3), "0912345678")
    assert (son.birth, son.family) == (Birth(2014), "1")
