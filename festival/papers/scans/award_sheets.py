"""Which proposals and decisions about awards were printed, byte for byte, and of what?"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText
from festival.papers.prints import KeptPrint


class SheetKind(StrEnum):
    """What the paper is."""

    PROPOSAL = "proposal"  # tờ trình, to the authority that decides
    DECISION = "decision"  # quyết định trao giải


class AwardSheet(KeptPrint, Base):
    """A proposal or a decision as it was printed; a later print replaces it, whoever signed this one.

    `contests`: codes; `whole`: with the awards of the whole delegation. `said`: what was typed for it ({"to", "place",
    "grounds", "title", "signer", "receivers", "amounts"}). `drawn`: the digest of what it says, whatever the style.
    """

    __tablename__ = "award_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    kind: Mapped[SheetKind] = mapped_column(EnumText(SheetKind))
    number: Mapped[int]  # of the print, within its kind
    contests: Mapped[list[str]] = mapped_column(JsonText)
    whole: Mapped[bool]
    said: Mapped[dict[str, Any]] = mapped_column(JsonText)

    __table_args__ = (
        UniqueConstraint("festival_id", "kind", "number"),
        CheckConstraint("number > 0", name="number_counted"),
    )
