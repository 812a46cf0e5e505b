"""Which list of families did a delegation, or a commune of it, have signed; what was printed, and what came back signed?"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText
from festival.papers.models import PaperState


class SigningList(Base):
    """A list of families as it was printed, byte for byte, and the letter by which the unit sent it back signed.

    `said`: [code of the family, its name, digest of what the list says of it]. `turn` counts the sendings of the signed
    pages and says which of them is shown; 0 while none came. Content, names and pages are emptied on the day of the data;
    the digests stay.
    """

    __tablename__ = "signing_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # which signs: of the delegation, or a commune of it
    number: Mapped[int]  # of the sheet, within its unit
    state: Mapped[PaperState] = mapped_column(EnumText(PaperState))
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str]
    editable: Mapped[bytes] = mapped_column(deferred=True)  # the same, to edit the letterhead
    editable_sha256: Mapped[str]
    drawn: Mapped[str]  # the digest of what it says, whatever the style; its first 16 digits are printed on it
    static_tree: Mapped[str]
    said: Mapped[list[list[Any]]] = mapped_column(JsonText)
    printed_at: Mapped[datetime]
    printed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime | None]  # when it was noted that it came back
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    letter_number: Mapped[str] = mapped_column(default="")
    letter_day: Mapped[date | None]
    signer: Mapped[str] = mapped_column(default="")
    turn: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)  # of what is said of the signed list
    reason: Mapped[str] = mapped_column(default="")  # why it was taken back
    changed_at: Mapped[datetime | None]  # corrected, taken back or in force again, the last time
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("signing_list.id"))

    __table_args__ = (
        CheckConstraint(
            "state <> 'signed' OR (signed_at IS NOT NULL AND turn > 0 AND letter_number <> '' AND letter_day IS NOT NULL)",
            name="signed_with_letter",
        ),
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


class PageFormat(StrEnum):
    """What came back: a picture made anew of what was sent, or a digitally signed PDF as it was sent."""

    JPEG = "jpeg"
    PDF = "pdf"


class ListPage(Base):
    """A page of a signed list; each sending is a turn of its own, so that an earlier one can be shown again."""

    __tablename__ = "list_page"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("signing_list.id", ondelete="CASCADE"))
    turn: Mapped[int]
    page: Mapped[int]
    format: Mapped[PageFormat] = mapped_column(EnumText(PageFormat))
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str]
    put_at: Mapped[datetime]
    put_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        UniqueConstraint("list_id", "turn", "page"),
        CheckConstraint("turn > 0 AND page > 0", name="pages_counted"),
        Index("ix_list_page_sha256", "sha256"),
    )
