"""Where does a reveal stand, in which order are the contests revealed, and which scripts were printed?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import NEVER_AGAIN, Base
from festival.core.types import JsonText

_RUNS = text("ended_at IS NULL")


class Reveal(Base):
    """One run through the awards, or through made-up ones (`practice`); of a festival at most one at a time.

    `basis`: digest of all its steps as who leads it has seen them; `shown`: of the step that is on. Where the awards have become
    others, neither fits any more and nothing goes on before somebody has looked.
    """

    __tablename__ = "reveal"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    practice: Mapped[bool]
    step: Mapped[int]
    key: Mapped[str]
    basis: Mapped[str]
    shown: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    moved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("step >= 0", name="step_counted"),
        CheckConstraint("version > 0", name="version_counted"),
        Index("uq_reveal_running", "festival_id", unique=True, sqlite_where=_RUNS, postgresql_where=_RUNS),
        NEVER_AGAIN,  # the ledger and the screens of the hall speak of its number
    )


class RevealOrder(Base):
    """The contests in another order than that of the rules: `codes`, the first the first; those that are not named come after."""

    __tablename__ = "reveal_order"

    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"), primary_key=True)
    codes: Mapped[list[str]] = mapped_column(JsonText)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (CheckConstraint("version > 0", name="version_counted"),)


class ScriptPrint(Base):
    """A printed script of the MC: its number and the digest of what stood on it; the words are kept nowhere."""

    __tablename__ = "script_print"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    number: Mapped[int]
    digest: Mapped[str]
    parts: Mapped[dict[str, str]] = mapped_column(JsonText, default=dict, server_default="{}")  # `in_hand.parts_kept`
    printed_at: Mapped[datetime]
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint("number > 0", name="number_counted"),
        UniqueConstraint("festival_id", "number"),
    )
