"""Which signed sheet of a family's agreements is there, as the one photo that is kept of it?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base


class AgreementSheet(Base):
    """The photo of the sheet on which a family signed its agreements; taken back with a reason, and then none counts.

    `photo` is NULL once the data was erased; `sha256` stays.
    """

    __tablename__ = "agreement_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    photo: Mapped[bytes | None] = mapped_column(deferred=True)
    sha256: Mapped[str]
    kept_at: Mapped[datetime]
    kept_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str]

    __table_args__ = (
        CheckConstraint("taken_back_at IS NULL OR reason <> ''", name="taken_back_why"),
        Index(
            "uq_agreement_sheet_kept",
            "family_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )
