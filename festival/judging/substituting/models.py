"""Who came in for whom: a performer in an entry, or a whole family from the reserves; asked by whom, decided by whom, and why?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText


class SubstitutionKind(StrEnum):
    """One performer of an entry, or all of a family."""

    PERSON = "person"
    FAMILY = "family"


class SubstitutionState(StrEnum):
    """Waiting for the organiser, carried out, or not."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    UNDONE = "undone"


class Substitution(Base):
    """One substitution. People are known by their codes: the row outlives a registration that was written anew.

    `kept`: what undoing needs: {"pairs": [[entry that goes on, the reserve's own]], "files": [[entry, kind, number]]}; {"vacant": true} where
    somebody came into a place that had been left empty.
    """

    __tablename__ = "substitution"

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"))
    number: Mapped[int]  # among the delegation's
    kind: Mapped[SubstitutionKind] = mapped_column(EnumText(SubstitutionKind))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))  # in which one performs
    out_family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    in_family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    out_code: Mapped[str] = mapped_column(default="")  # of the person; '' for a whole family
    in_code: Mapped[str] = mapped_column(default="")
    why: Mapped[str]
    road: Mapped[str]  # "officer" | "office"
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    state: Mapped[SubstitutionState] = mapped_column(EnumText(SubstitutionState))
    reason: Mapped[str] = mapped_column(default="")  # of who decided
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    kept: Mapped[dict[str, Any]] = mapped_column(JsonText)

    __table_args__ = (
        UniqueConstraint("delegation_id", "number"),
        CheckConstraint("road IN ('officer', 'office')", name="road_known"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_then"),
        CheckConstraint(
            "(kind = 'person') = (entry_id IS NOT NULL) AND (kind = 'person') = (out_code <> '')"
            " AND (kind = 'person') = (in_code <> '')",
            name="performers_of_an_entry",
        ),
        CheckConstraint("kind = 'person' OR out_family_id <> in_family_id", name="another_family"),
        Index(
            "uq_substitution_waiting", "out_family_id", "entry_id", "out_code", unique=True,
            sqlite_where=text("state = 'waiting' AND kind = 'person'"),
            postgresql_where=text("state = 'waiting' AND kind = 'person'"),
        ),
        Index(
            "uq_substitution_family_waiting", "out_family_id", unique=True,
            sqlite_where=text("state = 'waiting' AND kind = 'family'"),
            postgresql_where=text("state = 'waiting' AND kind = 'family'"),
        ),
        Index("ix_substitution_families", "out_family_id", "in_family_id"),
    )  # fmt: skip
