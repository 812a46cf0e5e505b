"""What was published of an edition so that nobody can change it behind: its rules, the heads of its ledgers, its results."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText


class ProofKind(StrEnum):
    """What a line published."""

    RULES = "rules"  # of a contest, or of the delegations as a whole
    HEADS = "heads"  # of the ledgers, in the evening or by hand
    RESULT = "result"  # of a contest, or of the delegations as a whole, and again after each amendment
    TAKEN_BACK = "taken_back"  # such a result is not public any more


class ProofLine(Base):
    """One thing that was published; never changed, a later line stands beside it.

    `content` is what everybody reads: {"rules", "inputs"}, {"heads": [[stream, size, hash]]}, {"awards", "standings", "heads"}
    ("names": true where an amendment changed names alone), or {"line"}: which result was taken back.
    `opens` is what the hash of the inputs was made of: {"salt", "entries", "seats"}; it is told with the result.
    """

    __tablename__ = "proof_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    n: Mapped[int]
    what: Mapped[ProofKind] = mapped_column(EnumText(ProofKind))
    contest: Mapped[str] = mapped_column(
        default=""
    )  # its code: a contest that goes before its first mark leaves its lines
    evening: Mapped[date | None]  # of heads that were published by themselves: one a day
    late: Mapped[bool] = mapped_column(default=False)  # rules that were published after the first mark
    reason: Mapped[str] = mapped_column(default="")  # why once more
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    opens: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    at: Mapped[datetime]
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        UniqueConstraint("festival_id", "n"),
        UniqueConstraint("festival_id", "evening"),
        CheckConstraint("n >= 1", name="counted_from_one"),
        CheckConstraint("evening IS NULL OR what = 'heads'", name="evening_of_heads"),
        CheckConstraint("what <> 'heads' OR contest = ''", name="of_a_contest"),
    )
