"""Which order of the ceremony was written, part by part, and which sheets were printed from it?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText


class CeremonyPart(StrEnum):
    """What is written by itself: two orders of items, who is greeted, keepsakes, how awards are handed over."""

    OPENING = "opening"
    CLOSING = "closing"
    GUESTS = "guests"
    KEEPSAKES = "keepsakes"
    AWARDS = "awards"


class CeremonySheet(StrEnum):
    """Who holds a printed sheet."""

    MC = "mc"
    RECEPTION = "reception"
    SOUND = "sound"


class CeremonyOrder(Base):
    """One saving of a part; the highest version stands, each earlier one can be taken again.

    `content`: of opening and closing as `agenda.CeremonyAgenda.kept` gives it; of guests {"order": [codes], "marks": {code: mark}}; of
    keepsakes {"order": [codes], "who": {code: name}, "marks": {code: mark}}; of awards {key: as `stage.AwardPlan.kept` gives it}.
    """

    __tablename__ = "ceremony_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    part: Mapped[CeremonyPart] = mapped_column(EnumText(CeremonyPart))
    version: Mapped[int]  # 1, 2, 3 … of its part: of two written on one reading only one is stored
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    at: Mapped[datetime]
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        UniqueConstraint("festival_id", "part", "version"),
        CheckConstraint("version > 0", name="version_counted"),
    )


class CeremonyPrint(Base):
    """A printed sheet: its number among those of its kind, and the digest of what stood on it; the words are kept nowhere."""

    __tablename__ = "ceremony_print"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    sheet: Mapped[CeremonySheet] = mapped_column(EnumText(CeremonySheet))
    number: Mapped[int]
    digest: Mapped[str]
    parts: Mapped[dict[str, str]] = mapped_column(JsonText, default=dict, server_default="{}")  # `in_hand.parts_kept`
    printed_at: Mapped[datetime]
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        UniqueConstraint("festival_id", "sheet", "number"),
        CheckConstraint("number > 0", name="number_counted"),
    )
