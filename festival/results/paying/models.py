"""Which lists are signed for money, meals and keepsakes, what does each line say, who received it, and what was printed?

No column for the number of an identity card or of an account: both are blank on the paper, filled by pen, and stored nowhere.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText
from festival.papers.prints import KeptPrint
from festival.results.paying.kinds import PayKind


class PayList(Base):
    """A list and what it says beside its lines (`sums.ListSaid`); `before` is what one step back brings again. `places`: numbers
    of its lines in their order. `dropped`: why it was put away, "" while it is in use.
    """

    __tablename__ = "pay_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    number: Mapped[int]
    kind: Mapped[PayKind] = mapped_column(EnumText(PayKind))
    says: Mapped[dict[str, Any]] = mapped_column(JsonText)
    before: Mapped[dict[str, Any]] = mapped_column(JsonText)
    places: Mapped[list[int]] = mapped_column(JsonText)
    dropped: Mapped[str] = mapped_column(default="")
    version: Mapped[int]
    said_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    said_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("festival_id", "number"),
        CheckConstraint("number >= 1 AND version >= 1", name="counted_from_one"),
    )


class PayLine(Base):
    """A line (`sums.LineSaid`), what its source had proposed, and who received it: {"receiver", "payer", "day": ISO, "sheet", "net"}.

    `source`: what the line came from ("user:7:chair"), "" when it was typed. `how`: the sentence that says how its number was found.
    """

    __tablename__ = "pay_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("pay_list.id"))
    number: Mapped[int]
    source: Mapped[str | None]
    how: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    proposed: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    says: Mapped[dict[str, Any]] = mapped_column(JsonText)
    before: Mapped[dict[str, Any]] = mapped_column(JsonText)
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    version: Mapped[int]
    said_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    said_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("list_id", "number"),
        UniqueConstraint("list_id", "source"),  # the same thing stands once on a list, whoever proposes it
        CheckConstraint("number >= 1 AND version >= 1", name="counted_from_one"),
    )


class PaySheet(KeptPrint, Base):
    """A list as it was printed, byte for byte; a later print replaces it. `drawn`: the digest of what it says, whatever the style."""

    __tablename__ = "pay_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("pay_list.id"))
    number: Mapped[int]

    __table_args__ = (
        UniqueConstraint("list_id", "number"),
        CheckConstraint("number >= 1", name="counted_from_one"),
    )
