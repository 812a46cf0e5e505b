"""Which layouts were written for an edition's certificates? The last one holds; each earlier one can be taken again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText


class CertificateLayoutVersion(Base):
    """One saving; `layout` as `layout.CertificateLayout.to_json` gives it, NULL = the standard again."""

    __tablename__ = "certificate_layout"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    version: Mapped[int]  # 1, 2, 3 … of its edition: of two saved on one reading only one is stored
    layout: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    at: Mapped[datetime]
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        UniqueConstraint("festival_id", "version"),
        CheckConstraint("version > 0", name="version_counted"),
    )
