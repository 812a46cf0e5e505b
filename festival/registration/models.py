"""What waits on the server for somebody's word: a form between its steps, an Excel file between preview and confirmation?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText


class RegistrationDraft(Base):
    """A family's own form between its steps, kept on the server and reached by a link."""

    __tablename__ = "registration_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ImportBatch(Base):
    """An Excel file that was read and shown, waiting for the officer's word. Its rows go once it is written."""

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

    __table_args__ = (Index("ix_import_batch_delegation", "delegation_id"),)
