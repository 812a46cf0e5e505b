"""On which decisions are the papers of an edition founded, and what was written of the meetings that sign?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText
from festival.results.meeting.recorded import FOUNDING, MEETING, OF_WHOLE


class FoundingKind(StrEnum):
    """What a decision founded."""

    COMMITTEE = "committee"
    JURY = "jury"
    SECRETARIES = "secretaries"


class SaidOnce:
    """Columns of what somebody typed as a whole. `says` None: taken back; `before` is what one step back brings again."""

    id: Mapped[int] = mapped_column(primary_key=True)
    says: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    before: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    version: Mapped[int]
    said_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    said_at: Mapped[datetime]

    def line(self) -> tuple[str, dict[str, object]]:
        """Which line of the ledger tells of it: its kind, and whose it is."""
        raise NotImplementedError


class FoundingPaper(SaidOnce, Base):
    """The decision that founded the committee, the jury or the secretaries: {"number", "day": ISO, "signer"}."""

    __tablename__ = "founding_paper"

    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    what: Mapped[FoundingKind] = mapped_column(EnumText(FoundingKind))

    __table_args__ = (
        UniqueConstraint("festival_id", "what"),
        CheckConstraint("version >= 1", name="counted_from_one"),
    )

    def line(self) -> tuple[str, dict[str, object]]:
        return FOUNDING, {"what": self.what.value}


class PanelMeeting(SaidOnce, Base):
    """The meeting at which a panel signs: {"held_on": ISO, "opened", "closed": HH:MM, "place", "absent", "present", "guests",
    "copies", "receivers"}; `present` are judges' ids, `absent` pairs of such an id and the reason.
    """

    __tablename__ = "panel_meeting"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), unique=True)

    __table_args__ = (CheckConstraint("version >= 1", name="counted_from_one"),)

    def line(self) -> tuple[str, dict[str, object]]:
        return MEETING, {"contest_id": self.contest_id}


class WholeMeeting(SaidOnce, Base):
    """The meeting at which the minutes of the whole delegation are signed: as of a panel, `present` and `absent` by ids of accounts."""

    __tablename__ = "whole_meeting"

    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"), unique=True)

    __table_args__ = (CheckConstraint("version >= 1", name="counted_from_one"),)

    def line(self) -> tuple[str, dict[str, object]]:
        return OF_WHOLE, {}
