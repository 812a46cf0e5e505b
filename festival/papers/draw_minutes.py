"""Which minutes of a meeting that drew lots were printed, and what came back signed?"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.papers.returned import SIGNED_CHECK, ReturnedPage, ReturnedSheet


class DrawMinutes(ReturnedSheet, Base):
    """The minutes of a draw as they were printed, byte for byte, and the paper that came back signed by all who were there.

    They are a record of the organising body: they stay until the day of the papers.
    """

    __tablename__ = "draw_minutes"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    meeting: Mapped[int]  # its number in the edition
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("draw_minutes.id"))

    __table_args__ = (
        CheckConstraint(SIGNED_CHECK, name="signed_with_letter"),
        CheckConstraint("state <> 'annulled' OR reason <> ''", name="taken_back_why"),
        CheckConstraint("turn >= 0", name="turn_counted"),
        UniqueConstraint("festival_id", "meeting", "number"),
        *(
            Index(
                f"uq_draw_minutes_{state}",
                "festival_id",
                "meeting",
                unique=True,
                sqlite_where=text(f"state = '{state}'"),
                postgresql_where=text(f"state = '{state}'"),
            )
            for state in ("printed", "signed")
        ),
    )


class DrawMinutesPage(ReturnedPage, Base):
    """A page of signed minutes."""

    __tablename__ = "draw_minutes_page"

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("draw_minutes.id", ondelete="CASCADE"))

    __table_args__ = (
        UniqueConstraint("minutes_id", "turn", "page"),
        CheckConstraint("turn > 0 AND page > 0", name="pages_counted"),
    )
