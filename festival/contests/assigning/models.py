"""What did somebody say an account can judge, and on which days?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText


class JudgeScope(Base):
    """Which contests an account can judge in an edition, and on which days; without a row all of them.

    `says`, `before`: {"contests": codes or null, "days": ISO dates or null}, null being all of them. `before` is what one
    step back brings again.
    """

    __tablename__ = "judge_scope"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int]
    says: Mapped[dict[str, Any]] = mapped_column(JsonText)
    before: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    said_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    said_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("festival_id", "user_id"),
        CheckConstraint("version >= 1", name="counted_from_one"),
    )
