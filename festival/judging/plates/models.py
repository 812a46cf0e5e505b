"""Under which number does an entry stand before judges who must not know whose it is?"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base


class Plate(Base):
    """The code under a plate of a contest that is judged blind; the number of its entry is nobody's but the secretary's."""

    __tablename__ = "plate"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    number: Mapped[int]

    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 9999", name="number_written"),
    )
