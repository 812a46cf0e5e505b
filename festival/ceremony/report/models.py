"""What was typed for the report of an edition, and which versions of it were made?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText


class ReportLineKind(StrEnum):
    """What a typed line is about."""

    INCOME = "income"
    EXPENDITURE = "expenditure"
    ARTICLE = "article"
    POST = "post"
    BROADCAST = "broadcast"
    LESSON = "lesson"
    COMMEND_FAMILY = "commend_family"
    COMMEND_PERSON = "commend_person"
    COMMEND_UNIT = "commend_unit"
    PANEL_WOMAN = "panel_woman"
    PANEL_MAN = "panel_man"


class ReportForm(StrEnum):
    """As what a version is drawn."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


_OF_PANEL = text("taken_back_at IS NULL AND kind IN ('panel_woman', 'panel_man')")
_COMMENDED = text("taken_back_at IS NULL AND kind IN ('commend_family', 'commend_person', 'commend_unit')")


class ReportLine(Base):
    """A line of money, of communication, a lesson, somebody to commend, the sex of somebody in a panel. Taken back it stays and
    can be brought back.
    """

    __tablename__ = "report_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    kind: Mapped[ReportLineKind] = mapped_column(EnumText(ReportLineKind))
    name: Mapped[str]  # what the money is for, the title, the lesson, who is commended
    grounds: Mapped[str] = mapped_column(default="")  # why commended; paper or broadcaster; document of the money
    amount_vnd: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    typed_at: Mapped[datetime]
    typed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    taken_back_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("(kind IN ('income', 'expenditure')) = (amount_vnd IS NOT NULL)", name="amount_of_money"),
        CheckConstraint("amount_vnd > 0", name="amount_some"),
        Index("ix_report_line_festival", "festival_id", "kind"),
        # nobody is commended twice for the same
        Index(
            "uq_report_line_commended",
            "festival_id",
            "kind",
            "name",
            "grounds",
            unique=True,
            sqlite_where=_COMMENDED,
            postgresql_where=_COMMENDED,
        ),
        # somebody of a panel is counted once
        Index(
            "uq_report_line_panel",
            "festival_id",
            "name",
            unique=True,
            sqlite_where=_OF_PANEL,
            postgresql_where=_OF_PANEL,
        ),
    )


class ReportVersion(Base):
    """A report as it was made; `content` never changes, its documents are drawn from it. Taken back: nobody was given it."""

    __tablename__ = "report_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    sha256: Mapped[str]  # of the content as it was made
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    tries: Mapped[int] = mapped_column(default=0)  # of drawing it, since somebody asked
    version: Mapped[int] = mapped_column(default=1)
    taken_back_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("festival_id", "number"),
        CheckConstraint("number >= 1 AND tries >= 0", name="counted"),
        CheckConstraint("taken_back_at IS NULL OR reason <> ''", name="reason_given"),
    )


class ReportFile(Base):
    """A document of a version, byte for byte."""

    __tablename__ = "report_file"

    report_id: Mapped[int] = mapped_column(ForeignKey("report_version.id"), primary_key=True)
    form: Mapped[ReportForm] = mapped_column(EnumText(ReportForm), primary_key=True)
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str]
    drawn_at: Mapped[datetime]
