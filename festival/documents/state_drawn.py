"""How is a paper in the state's form drawn: to print and sign as PDF, to edit as a document?

The bytes follow from what it says alone: its own day is the moment of the file.
"""

from __future__ import annotations

from datetime import UTC, datetime

from festival.core import qr
from festival.documents import paper
from festival.documents.docx import docx
from festival.documents.state_paper import StatePaper, blocks_of, values_of

TEMPLATE = "documents/state_paper.typ"


def drawn_values(said: StatePaper, code: str) -> dict[str, object]:
    """What the template of the paper reads."""
    return {**values_of(said, code), "qr": str(qr.svg(said.proof.code, level="M")) if said.proof else ""}


def pdf_and_docx(said: StatePaper, code: str) -> tuple[bytes, bytes]:
    """Both, from the same values; `code`: of what it says, in the footer."""
    at = datetime.fromisoformat(said.day).replace(hour=12, tzinfo=UTC)
    content = paper.pdf(TEMPLATE, drawn_values(said, code), at=at)
    code_drawn = qr.png(said.proof.code, module_px=4, level="M") if said.proof else b""
    return content, docx(blocks_of(said, code_drawn), title=said.title, footer=code, at=at)
