"""Which list of families did a delegation, or a commune of it, have signed; what was printed, and what came back signed?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText
from festival.papers.returned import SIGNED_CHECK, PageFormat, ReturnedPage, ReturnedSheet

__all__ = ["ListPage", "PageFormat", "SigningList"]


class SigningList(ReturnedSheet, Base):
    """A list of families as it was printed, byte for byte, and the letter by which the unit sent it back signed.

    `said`: [code of the family, its name, digest of what the list says of it]. Content, names and
    pages are emptied on the day of the data; the digests stay.
    """

    __tablename__ = "signing_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # which signs: of the delegation, or a commune of it
    said: Mapped[list[list[Any]]] = mapped_column(JsonText)
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("signing_list.id"))

    __table_args__ = (
        CheckConstraint(SIGNED_CHECK, name="signed_with_letter"),
        CheckConstraint("state <> 'annulled' OR reason <> ''", name="taken_back_why"),
        CheckConstraint("turn >= 0", name="turn_counted"),
        UniqueConstraint("delegation_id", "unit_id", "number"),
        *(
            Index(
                f"uq_signing_list_{state}",
                "delegation_id",
                "unit_id",
                unique=True,
                sqlite_where=text(f"state = '{state}'"),
                postgresql_where=text(f"state = '{state}'"),
            )
            for state in ("printed", "signed")
        ),
        Index("ix_signing_list_festival", "festival_id"),
    )


class ListPage(ReturnedPage, Base):
    """A page of a signed list; each sending is a turn of its own, so that an earlier one can be shown again."""

    __tablename__ = "list_page"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("signing_list.id", ondelete="CASCADE"))

    __table_args__ = (
        UniqueConstraint("list_id", "turn", "page"),
        CheckConstraint("turn > 0 AND page > 0", name="pages_counted"),
        Index("ix_list_page_sha256", "sha256"),
    )
