"""How is a print kept byte for byte with its digests, and what do the tables say of it afterwards?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import current_app
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column


@dataclass(frozen=True, slots=True)
class DrawnPrint:
    """A print that is kept nowhere yet; `editable`: the same as a document or a workbook."""

    number: int
    at: datetime
    drawn: str
    pdf: bytes
    editable: bytes


class KeptPrint:
    """Columns of a print as it was printed. Of erased bytes the digests stay."""

    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str]
    editable: Mapped[bytes] = mapped_column(deferred=True)  # the same, to edit the letterhead or to go on with
    editable_sha256: Mapped[str]
    drawn: Mapped[str]  # the digest of what it says, whatever the style; its first 16 digits are printed on it
    static_tree: Mapped[str]  # the digest of styles and fonts it was drawn with
    printed_at: Mapped[datetime]
    printed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


def print_kept(drawing: DrawnPrint, by: int | None) -> dict[str, Any]:
    """The columns of what was drawn, its number too."""
    return {
        "number": drawing.number,
        "content": drawing.pdf,
        "sha256": sha256(drawing.pdf).hexdigest(),
        "editable": drawing.editable,
        "editable_sha256": sha256(drawing.editable).hexdigest(),
        "drawn": drawing.drawn,
        "static_tree": current_app.extensions["static_tree"],
        "printed_at": drawing.at,
        "printed_by": by,
    }


def print_told(row: KeptPrint) -> dict[str, str]:
    """What the ledger says of its bytes."""
    return {"sha256": row.sha256, "editable_sha256": row.editable_sha256, "drawn": row.drawn}


def digest_there(content: bytes | None, kept: str) -> str:
    """The digest of the bytes there are, of erased ones that which stays; both where the column says another."""
    read = sha256(content).hexdigest() if content else kept
    return read if read == kept else f"{read} {kept}"
