"""How is a text written that somebody edits in Word or LibreOffice? As DOCX: paragraphs and tables from values, no library.

The same values at the same moment give the same bytes. Words are escaped; nothing in a value can become a field or a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from festival.core.rehearsing.marked import paper_mark
from festival.core.text import clean

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WIDTH = 9356  # of the text between the margins, in twentieths of a point: 165 mm
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org"
TYPES = (
    f'{HEAD}<Types xmlns="{OFFICE}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{MIMETYPE}.main+xml"/>'
    + "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{part}+xml"/>'
        for part in ("styles", "footer")
    )
    + '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
PNG = '<Default Extension="png" ContentType="image/png"/>'
STYLES = (
    f"{HEAD}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>"
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="Times New Roman"/>'
    '<w:sz w:val="26"/><w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault></w:docDefaults></w:styles>'
)


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph. `points`: the size of its letters; `space`: before it, in points; `keep`: on the page of what follows."""

    text: str
    align: str = "left"
    bold: bool = False
    italic: bool = False
    points: float = 13
    space: float = 0
    keep: bool = False


@dataclass(frozen=True, slots=True)
class DocxTable:
    """Rows of cells, each a paragraph or several; the first `head` rows are repeated on each page. A row with one cell spans it."""

    widths: tuple[int, ...]  # parts of the line
    rows: tuple[tuple[tuple[Para, ...], ...], ...]
    head: int = 0
    lines: bool = True


@dataclass(frozen=True, slots=True)
class DocxPicture:
    """A square picture as PNG, so many millimetres wide; `words`: what it is, for whoever does not see it."""

    png: bytes
    mm: int
    words: str


Block = Para | DocxTable | DocxPicture


def docx(blocks: Iterable[Block], *, title: str, footer: str, at: datetime) -> bytes:
    """The document, A4 upright, margins as the decree on papers of offices says; the footer with the number of the page.

    In a rehearsal it says so above and on every page.
    """
    if mark := paper_mark():
        blocks = [Para(mark, align="center", bold=True, points=20), *blocks]
        footer = f"{mark}   {footer}"
    listed = list(blocks)
    pictures = [each for each in listed if isinstance(each, DocxPicture)]
    body = "".join(_block(each, pictures) for each in listed)
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1700" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )
    relations = f"{OFFICE}/officeDocument/2006/relationships"
    packed = {
        "[Content_Types].xml": TYPES.replace("<Override", f"{PNG}<Override", 1) if pictures else TYPES,
        "_rels/.rels": _relations(
            f"{relations}/officeDocument", "word/document.xml",
            f"{OFFICE}/package/2006/relationships/metadata/core-properties", "docProps/core.xml",
        ),
        "word/document.xml": f'{HEAD}<w:document {W} xmlns:r="{relations}"><w:body>{body}{section}</w:body></w:document>',
        "word/_rels/document.xml.rels": _relations(
            f"{relations}/styles", "styles.xml", f"{relations}/footer", "footer.xml",
            *(part for number in range(len(pictures)) for part in (f"{relations}/image", f"media/{number}.png")),
        ),
        "word/styles.xml": STYLES,
        "word/footer.xml": (
            f'{HEAD}<w:ftr {W}><w:p><w:pPr><w:jc w:val="right"/></w:pPr>{_run(Para(f"{footer}   ", points=9))}'
            '<w:fldSimple w:instr=" PAGE "><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
        ),
        "docProps/core.xml": (
            f'{HEAD}<cp:coreProperties xmlns:cp="{OFFICE}/package/2006/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
            f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{_said(title)}</dc:title>'
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{at:%Y-%m-%dT%H:%M:%SZ}</dcterms:created></cp:coreProperties>'
        ),
    }  # fmt: skip
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in packed.items():
            archive.writestr(ZipInfo(name), content.encode("utf-8"), ZIP_DEFLATED)
        for number, picture in enumerate(pictures):
            archive.writestr(ZipInfo(f"word/media/{number}.png"), picture.png, ZIP_DEFLATED)
    return out.getvalue()


def _relations(*pairs: str) -> str:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(zip(pairs[::2], pairs[1::2], strict=True), start=1)
    )
    return f'{HEAD}<Relationships xmlns="{OFFICE}/package/2006/relationships">{rows}</Relationships>'


def _block(each: Block, pictures: Sequence[DocxPicture]) -> str:
    if isinstance(each, DocxPicture):
        return _picture(each, pictures.index(each))
    return _table(each) if isinstance(each, DocxTable) else _para(each)


def _picture(picture: DocxPicture, number: int) -> str:
    """In the line of text; the first two relations are styles and footer."""
    drawing, side = "http://schemas.openxmlformats.org/drawingml/2006", picture.mm * 36_000
    size, words = f'cx="{side}" cy="{side}"', escape(clean(picture.words), {'"': "&quot;"})
    named = f'id="{number + 1}" name="{number}.png" descr="{words}"'
    return (
        f'<w:p><w:pPr><w:spacing w:before="120" w:after="0"/></w:pPr><w:r><w:drawing><wp:inline xmlns:wp="{drawing}/wordprocessingDrawing">'
        f'<wp:extent {size}/><wp:docPr {named}/><a:graphic xmlns:a="{drawing}/main"><a:graphicData uri="{drawing}/picture">'
        f'<pic:pic xmlns:pic="{drawing}/picture"><pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="rId{number + 3}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def _said(text: str) -> str:
    return escape(clean(text))


def _run(para: Para) -> str:
    marks = ("<w:b/>" if para.bold else "") + ("<w:i/>" if para.italic else "")
    size = f'<w:sz w:val="{round(para.points * 2)}"/>'
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(_said(part) for part in para.text.split("\n"))
    return f'<w:r><w:rPr>{marks}{size}</w:rPr><w:t xml:space="preserve">{lines}</w:t></w:r>'


def _para(para: Para) -> str:
    before = f'<w:spacing w:before="{round(para.space * 20)}" w:after="0"/>'
    keep = "<w:keepNext/>" if para.keep else ""
    return f'<w:p><w:pPr>{keep}{before}<w:jc w:val="{para.align}"/></w:pPr>{_run(para)}</w:p>'


def _table(table: DocxTable) -> str:
    widths = [WIDTH * part // sum(table.widths) for part in table.widths]
    line = ' w:val="single" w:sz="4" w:space="0" w:color="000000"' if table.lines else ' w:val="nil"'
    borders = "".join(f"<w:{side}{line}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_row(row, widths, head=number < table.head) for number, row in enumerate(table.rows))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl><w:p><w:pPr><w:spacing w:after="0"/></w:pPr></w:p>'
    )


def _row(cells: Sequence[Sequence[Para]], widths: Sequence[int], *, head: bool) -> str:
    spans = len(cells) == 1 and len(widths) > 1
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{sum(widths) if spans else widths[place]}" w:type="dxa"/>'
        + (f'<w:gridSpan w:val="{len(widths)}"/>' if spans else "")
        + f"</w:tcPr>{''.join(map(_para, cell))}</w:tc>"
        for place, cell in enumerate(cells)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{made}</w:tr>"
