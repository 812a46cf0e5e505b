"""Which papers were signed, and what did they say? Kept as signed; a reprint shows the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText


class WholeMinutes(Base):
    """The signed minutes of the whole delegation: from now on its awards stand.

    `standings`: the lines as signed ({"delegation", "name", "place", "shared", "points", "by_contest", "prize",
    "reasons"}), so that a paper printed later says the same. `contests`: codes of the contests that brought points; the
    prizes are read and published with the last of them.
    """

    __tablename__ = "whole_minutes"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"), unique=True)
    number: Mapped[str]
    contests: Mapped[list[str]] = mapped_column(JsonText)
    standings: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    signed_at: Mapped[datetime]
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
