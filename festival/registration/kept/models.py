"""Which families agreed to be kept for the next edition, until when, and what is left of them once their edition was erased?"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText


class KeptFamily(Base):
    """A family somebody of which agreed to be kept. While its edition has its data nothing is copied: the agreements say who.

    On the edition's day of the data what was agreed to is put aside here (`household`), with the link that still takes it back.
    """

    __tablename__ = "kept_family"

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), primary_key=True)
    kept_until: Mapped[date]
    household: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    link_hash: Mapped[str | None] = mapped_column(unique=True)
