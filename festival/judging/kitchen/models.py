"""How many dishes stand on a family's table, and what did they cost?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base


class KitchenSlip(Base):
    """What the secretary typed of an entry, in each of its versions; the newest holds. Both empty: taken back."""

    __tablename__ = "kitchen_slip"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    version: Mapped[int]
    dishes: Mapped[int | None]
    spent_vnd: Mapped[int | None]
    typed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    typed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("entry_id", "version"),
        CheckConstraint("version >= 1", name="counted_from_one"),
        CheckConstraint("dishes IS NULL OR dishes BETWEEN 0 AND 999", name="dishes_some"),
        CheckConstraint("spent_vnd IS NULL OR spent_vnd BETWEEN 0 AND 100000000000", name="money_some"),
    )
