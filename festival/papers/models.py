"""Which papers were signed, and what did they say? Kept as signed; a reprint shows the same."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText


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
    papers_reason: Mapped[str] = mapped_column(
        default="", server_default=""
    )  # why the MC read before the signed papers were here
    petitions_reason: Mapped[str] = mapped_column(
        default="", server_default=""
    )  # why it was signed while petitions about the order waited


class PaperKind(StrEnum):
    """What a paper is."""

    MINUTES = "minutes"  # of a contest or of the whole delegation
    AMENDMENT = "amendment"  # corrects minutes that were signed
    NAMES = "names"  # the sheet on which a delegation proofs its names
    RECEIPT = "receipt"  # what a delegation was handed at reception


class PaperState(StrEnum):
    """How far a paper is. A draft is drawn for whoever looks and is kept nowhere."""

    PRINTED = "printed"  # to be signed; of one subject at most one
    SIGNED = "signed"  # in force; of one subject at most one
    REPLACED = "replaced"  # by a later print, or by an amendment; readable all the same
    ANNULLED = "annulled"  # a sheet of names or a receipt that was signed by mistake; `reason` says why


class SignedPaper(Base):
    """A paper as it was printed and signed, byte for byte. Its subject is a contest, a festival's whole delegation, the
    names of one delegation, or what a delegation was handed.

    `content` holds its style too, so that it looks the same after an upgrade; empty once the papers were erased, while
    `sha256` stays. `editable`: the same as a document, of minutes and amendments that are PDFs. `drawn`: the digest of what it says, whatever the style; its first 16 digits are printed on it.
    `names`, of a sheet of names: [key, digest of the name as printed, whether it had changed by the signature]. `photo`: of
    the signed page of a receipt.
    """

    __tablename__ = "signed_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))  # NULL = whole delegation, names, receipt
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))  # whose names, whose receipt
    kind: Mapped[PaperKind] = mapped_column(EnumText(PaperKind))
    state: Mapped[PaperState] = mapped_column(EnumText(PaperState))
    number: Mapped[str]  # '' = left open on the printed paper
    content: Mapped[bytes]
    sha256: Mapped[str]
    drawn: Mapped[str]
    static_tree: Mapped[str]  # the digest of styles and fonts it was drawn with
    signers: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)  # {"seat", "name"}
    reason: Mapped[str]  # of an amendment, of an annulment
    printed_at: Mapped[datetime]  # the day on the paper
    printed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    with_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # the second person of an amendment
    stored_later: Mapped[datetime | None]  # the paper is of a release that kept none; it was drawn at this moment
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("signed_paper.id"))
    names: Mapped[list[list[Any]]] = mapped_column(JsonText, default=list, server_default="[]")
    photo: Mapped[bytes | None] = mapped_column(deferred=True)
    editable: Mapped[bytes | None] = mapped_column(deferred=True)
    editable_sha256: Mapped[str] = mapped_column(default="", server_default="")

    __table_args__ = (
        CheckConstraint("(signed_at IS NULL) OR state <> 'printed'", name="printed_unsigned"),
        CheckConstraint("(signed_at IS NOT NULL) OR state <> 'signed'", name="signed_once"),
        Index("ix_signed_paper_contest", "contest_id"),
        Index("ix_signed_paper_festival", "festival_id"),
        *(
            Index(
                f"uq_signed_paper_{state}_{name}",
                column,
                unique=True,
                sqlite_where=text(f"state = '{state}' AND {condition}"),
                postgresql_where=text(f"state = '{state}' AND {condition}"),
            )
            for state in ("printed", "signed")
            for name, column, condition in (
                ("contest", "contest_id", "contest_id IS NOT NULL"),
                ("whole", "festival_id", "contest_id IS NULL AND delegation_id IS NULL"),
                ("delegation", "delegation_id", "delegation_id IS NOT NULL AND kind <> 'receipt'"),
                ("receipt", "delegation_id", "delegation_id IS NOT NULL AND kind = 'receipt'"),
            )
        ),
    )
