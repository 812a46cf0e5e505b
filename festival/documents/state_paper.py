"""What does a paper in the form of the state's papers say (decree 30/2020/NĐ-CP), whoever draws it? Plain values.

One value is drawn as PDF (`state_drawn`), as a document to edit, and on a page before it is printed, so that no word stands
in two places. `digest_of` is of what it says, whatever the style.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from festival.core.canonical import canonical_json
from festival.documents.docx import Block, DocxPicture, DocxTable, Para

NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"  # the law's own words
CODE_DIGITS = 16


class LineLook(StrEnum):
    """How a line stands on the paper."""

    PLAIN = "plain"
    ITEM = "item"  # of a list
    HEADING = "heading"
    QUIET = "quiet"  # in italics: what a sign means, on what the paper is founded


@dataclass(frozen=True, slots=True)
class SaidLine:
    text: str
    look: LineLook = LineLook.PLAIN


@dataclass(frozen=True, slots=True)
class RuledTable:
    """Rows of cells; a line break in a cell is one on the paper. `strong`, `centred`: columns."""

    widths: tuple[int, ...]  # parts of the line
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    centred: tuple[int, ...] = ()
    strong: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SigningBlock:
    role: str
    how: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PaperProof:
    """What the code on the paper holds, and what stands beside it."""

    code: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatePaper:
    """`organ`: whom it belongs to, and who speaks; `signers`: blocks side by side, row by row; `receivers`: their heading first."""

    title: str
    under: tuple[str, ...]
    organ: tuple[str, str]
    number: str
    place_and_day: str
    day: str  # 2024-06-15
    body: tuple[SaidLine | RuledTable, ...]
    signers: tuple[tuple[SigningBlock, ...], ...]
    receivers: tuple[str, ...]
    proof: PaperProof | None = None


def digest_of(paper: StatePaper) -> str:
    """Of what it says."""
    return sha256(canonical_json(asdict(paper))).hexdigest()


def values_of(paper: StatePaper, code: str) -> dict[str, Any]:
    """What a template reads."""
    return {**asdict(paper), "code": code, "nation": NATION, "motto": MOTTO}


def blocks_of(paper: StatePaper, code: bytes = b"") -> list[Block]:
    """The same as paragraphs and tables of a document; `code`: the picture of the proof."""
    above, own = paper.organ
    organ = ((above.upper(), False), (own.upper(), True), (paper.number, False))
    receivers = paper.receivers[:1], paper.receivers[1:]
    return [
        letterhead(((text, bold) for text, bold in organ if text), paper.place_and_day),
        Para(paper.title.upper(), "center", bold=True, points=14, space=12),
        *(Para(each, "center", bold=True) for each in paper.under),
        Para("", points=6),
        *(_ruled(each) if isinstance(each, RuledTable) else _line(each) for each in paper.body),
        *_signatures(paper),
        *((DocxPicture(code, 32, paper.proof.words[0]),) if code and paper.proof else ()),
        *(Para(each, points=11, space=3) for each in (paper.proof.words if paper.proof else ())),
        *(Para(each, bold=True, italic=True, points=12, space=6) for each in receivers[0]),
        *(Para(each, points=11) for each in receivers[1]),
    ]


def letterhead(organ: Iterable[tuple[str, bool]], place_and_day: str) -> DocxTable:
    """Both heads side by side: whose paper it is, line by line (bold or not), and the nation's own."""
    left = tuple(Para(text, "center", bold=bold, points=12) for text, bold in organ)
    right = (
        Para(NATION, "center", bold=True, points=12),
        Para(MOTTO, "center", bold=True, points=13),
        Para(place_and_day, "center", italic=True, space=6),
    )
    return DocxTable((5, 7), ((left, right),), lines=False)


def _line(line: SaidLine) -> Para:
    if line.look is LineLook.HEADING:
        return Para(line.text, bold=True, space=9, keep=True)
    if line.look is LineLook.ITEM:
        return Para(f"- {line.text}", space=2)
    return Para(line.text, italic=line.look is LineLook.QUIET, space=4)


def _ruled(table: RuledTable) -> DocxTable:
    head = tuple((Para(text, "center", bold=True, points=11),) for text in table.head)
    rows = tuple(
        tuple(
            (Para(text, "center" if at in table.centred else "left", bold=at in table.strong, points=11),)
            for at, text in enumerate(cells)
        )
        for cells in table.rows
    )
    return DocxTable(table.widths, (head, *rows), head=1)


def _signatures(paper: StatePaper) -> Iterator[Block]:
    for row in paper.signers:
        cells = tuple(
            (
                Para(each.role, "center", bold=True, points=12, keep=True),
                Para(each.how, "center", italic=True, points=11, keep=True),
                *(Para("", keep=True) for _line in range(4)),
                Para(each.name, "center", bold=True, points=12),
            )
            for each in row
        )
        yield DocxTable(tuple(1 for _cell in row), (cells,), lines=False)
