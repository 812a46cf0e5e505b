"""Which signed papers of a result were photographed, scanned or sent signed digitally, and which pages are in use?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText
from festival.papers.returned import PageFormat
from festival.papers.scans.needed import ScanKind


class SignedScan(Base):
    """One sending: the pages of one signed paper."""

    __tablename__ = "signed_scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("award_sheet.id"))  # the printed decision that came back
    put_at: Mapped[datetime]
    put_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (Index("ix_signed_scan_festival", "festival_id"),)


class SignedScanPage(Base):
    """A page: a picture made anew of what was sent, or a digitally signed PDF as it was sent."""

    __tablename__ = "signed_scan_page"

    id: Mapped[int] = mapped_column(primary_key=True)
    scan_id: Mapped[int] = mapped_column(ForeignKey("signed_scan.id", ondelete="CASCADE"))
    page: Mapped[int]
    format: Mapped[PageFormat] = mapped_column(EnumText(PageFormat))
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str]

    __table_args__ = (
        UniqueConstraint("scan_id", "page"),
        CheckConstraint("page > 0", name="page_counted"),
        Index("ix_signed_scan_page_sha256", "sha256"),
    )


class SignedScanUse(Base):
    """A sending stands for a paper of a contest, or of the whole delegation (one decision may stand for many), or for the
    document behind points of a delegation. Of each at most one is shown; what was sent before stays and can be shown again.

    `paper_id`: the minutes that were in force when it was sent, of a document none. `reason`: why it was taken back, '' when
    it was not.
    """

    __tablename__ = "signed_scan_use"

    id: Mapped[int] = mapped_column(primary_key=True)
    scan_id: Mapped[int] = mapped_column(ForeignKey("signed_scan.id"))
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))  # NULL = whole delegation
    kind: Mapped[ScanKind] = mapped_column(EnumText(ScanKind))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("signed_paper.id"))
    points_id: Mapped[int | None] = mapped_column(ForeignKey("delegation_points.id"))
    shown: Mapped[bool]
    reason: Mapped[str]
    changed_at: Mapped[datetime | None]  # shown again or taken back, the last time
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint("NOT shown OR reason = ''", name="taken_back_not_shown"),
        CheckConstraint(
            "(kind = 'points') = (points_id IS NOT NULL) AND (kind = 'points') = (paper_id IS NULL)",
            name="of_paper_or_points",
        ),
        CheckConstraint("points_id IS NULL OR contest_id IS NULL", name="points_of_the_whole"),
        Index("ix_signed_scan_use_scan", "scan_id"),
        *(
            Index(
                f"uq_signed_scan_use_shown_{name}",
                column,
                "kind",
                unique=True,
                sqlite_where=text(f"shown AND {condition}"),
                postgresql_where=text(f"shown AND {condition}"),
            )
            for name, column, condition in (
                ("contest", "contest_id", "contest_id IS NOT NULL"),
                ("whole", "festival_id", "contest_id IS NULL AND points_id IS NULL"),
                ("points", "points_id", "points_id IS NOT NULL"),
            )
        ),
    )
