"""What waits on the server for somebody's word: a form between its steps, a file, a registration held for the officer?"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText


class RegistrationDraft(Base):
    """A form that is still being typed, each field as it was typed: a new family's, or a change of one that is registered.

    `owner_id`: the officer who types; NULL is somebody behind a link, and its token alone leads to it.
    """

    __tablename__ = "registration_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    base_version: Mapped[int | None]  # of the family, when the typing began
    token_hash: Mapped[str] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(family_id IS NULL) = (base_version IS NULL)", name="begun_from"),
        UniqueConstraint("family_id", "owner_id"),
        Index("ix_registration_draft_owner", "owner_id", "delegation_id"),
    )


class FormerRegistration(Base):
    """What a registration said before a change of it: to see what changed, and to take it back.

    `seen_at`: since when whoever reviews has seen the change.
    """

    __tablename__ = "former_registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    version: Mapped[int]  # that said it
    household: Mapped[dict[str, Any]] = mapped_column(JsonText)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    how: Mapped[str]  # by which road the change came: link, paper, form …
    seen_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("family_id", "version"),)


class ImportBatch(Base):
    """An Excel file that was read and shown, waiting for the officer's word. Its rows go once it is written.

    `skipped` are the rows that were not written, to be mended, for a month; `made` the families it wrote, by which the whole
    of it can be taken back; `whole`: all of it or nothing.
    """

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    file_name: Mapped[str] = mapped_column(default="")
    households: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    new_families: Mapped[int] = mapped_column(default=0)
    same_families: Mapped[int] = mapped_column(default=0)
    skipped_families: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default=list)
    made: Mapped[list[int]] = mapped_column(JsonText, default=list)
    whole: Mapped[bool] = mapped_column(default=False)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (Index("ix_import_batch_delegation", "delegation_id"),)


class HeldWhy(StrEnum):
    """What made the officer's look necessary. Stored as text: another room of the same kind adds its own."""

    SAME_HOUSEHOLD = "same_household"  # representative and phone of one that is there already
    FILLED_TRAP = "filled_trap"  # the field no person sees was filled in


class HeldDecision(StrEnum):
    """The same family once more (withdrawn), or really another one (goes on)."""

    SAME = "same"
    NEW = "new"


class HeldRegistration(Base):
    """A registration that an officer must look at before it can be approved, beside the one it resembles."""

    __tablename__ = "held_registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    beside_id: Mapped[int | None] = mapped_column(ForeignKey("family.id", ondelete="SET NULL"))
    why: Mapped[str]
    held_at: Mapped[datetime]
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint("decision IN ('same', 'new')", name="decision_known"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_then"),
        Index("ix_held_registration_family", "family_id", "decision"),
    )


MISSES_MOST = 10


class LinkGuard(Base):
    """How often the last four digits were guessed wrong today behind a family's link, and since when it only shows."""

    __tablename__ = "link_guard"

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), primary_key=True)
    issue: Mapped[int]  # of the link; a new link begins anew
    on_day: Mapped[date]
    misses: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("misses >= 0 AND misses <= 10", name="misses_counted"),)
