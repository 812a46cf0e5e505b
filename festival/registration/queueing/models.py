"""Where do families stand in line for a place of their delegation, and which places were offered to them?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText

HOURS_MOST = 14 * 24


class WaitingList(Base):
    """Of a delegation: whether places are given by the line, how long an offer holds, how many people may come at most."""

    __tablename__ = "waiting_list"

    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), primary_key=True)
    open: Mapped[bool] = mapped_column(default=False)
    answer_hours: Mapped[int]
    people_max: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint("answer_hours >= 1 AND answer_hours <= 336", name="answer_hours_known"),
        CheckConstraint("people_max IS NULL OR people_max >= 1", name="people_max_positive"),
    )


class OfferState(StrEnum):
    """What became of an offer."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"  # the registration itself was withdrawn, refused or given back


class PlaceOffer(Base):
    """A place held for a family until a moment: of the delegation, and of each of these `contests` (ids)."""

    __tablename__ = "place_offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    number: Mapped[int]  # the family's first, second offer
    state: Mapped[OfferState] = mapped_column(EnumText(OfferState), default=OfferState.OFFERED)
    people: Mapped[int]  # for how many
    contests: Mapped[list[int]] = mapped_column(JsonText)
    offered_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("family_id", "number"),
        CheckConstraint("people >= 1", name="people_positive"),
        CheckConstraint("(state = 'offered') = (ended_at IS NULL)", name="ended_then"),
        Index(
            "uq_place_offer_standing",
            "family_id",
            unique=True,
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
    )


class OutBy(StrEnum):
    """Why a family waits no more: it let its turn go, the organiser took it out, or it got its place."""

    FAMILY = "family"
    OFFICE = "office"
    PLACE = "place"


class LineSpot(Base):
    """A family that stands elsewhere than its time of sending says (`stands_at`), or does not wait any more (`out_by`)."""

    __tablename__ = "line_spot"

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), primary_key=True)
    stands_at: Mapped[datetime | None]
    out_by: Mapped[OutBy | None] = mapped_column(EnumText(OutBy))
