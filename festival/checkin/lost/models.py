"""What has been said of children who are missing or were found? Append-only: a mistake is taken back by a further step."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base


class ChildStep(Base):
    """One step: somebody misses a child, a child was found, or handed to somebody; or an earlier step is taken back.

    `key` is the mid of a device's message, or what an office form carried, so that nothing is written twice. `child` holds the
    steps of one child together that nobody knows by name yet; who it is may be said by a later one.
    """

    __tablename__ = "child_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    key: Mapped[str] = mapped_column(unique=True)
    child: Mapped[str]
    kind: Mapped[str]
    at_ms: Mapped[int]  # when it happened, by the corrected clock
    device_number: Mapped[int] = mapped_column(default=0)  # 0: on a page of the office
    seq: Mapped[int] = mapped_column(default=0)
    station: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(default="")  # how the child looks and where; to whom; why taken back
    undoes: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("kind IN ('missing', 'found', 'handed', 'undone')", name="kind_known"),
        CheckConstraint("(kind = 'undone') = (undoes IS NOT NULL)", name="undone_names_a_step"),
        CheckConstraint("kind NOT IN ('handed', 'undone') OR words <> ''", name="words_given"),
        CheckConstraint(
            "kind NOT IN ('missing', 'found') OR words <> '' OR person_id IS NOT NULL", name="somebody_meant"
        ),
        Index("ix_child_step_festival", "festival_id", "at_ms"),
        Index("ix_child_step_person", "person_id"),
    )
