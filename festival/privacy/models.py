"""What did somebody ask about their data, and what became of it?"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.core.database import Base
from festival.core.types import EnumText
from festival.roster.models import Family, Person


class AskedFor(StrEnum):
    """What can be asked (Law 91/2025/QH15, art. 4)."""

    SEE = "see"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    ERASE = "erase"


class RequestState(StrEnum):
    """How far it is. `erasing`: the erasure was granted and waits until no judging is open."""

    OPEN = "open"
    ANSWERED = "answered"
    ERASING = "erasing"
    DONE = "done"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class PrivacyRequest(Base):
    """One request; `person_code` '' asks for the whole family. It is closed, never deleted."""

    __tablename__ = "privacy_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    number: Mapped[int]  # counted from 1 in each edition
    code: Mapped[str] = mapped_column(unique=True)  # unguessable, in addresses
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    person_code: Mapped[str] = mapped_column(default="")
    kind: Mapped[AskedFor] = mapped_column(EnumText(AskedFor))
    state: Mapped[RequestState] = mapped_column(EnumText(RequestState), default=RequestState.OPEN)
    said: Mapped[str] = mapped_column(default="")  # what is to be corrected, or why
    how: Mapped[str]  # "link", or how somebody asked an officer: "in_person", "phone", "paper"
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # the officer who wrote it down
    made_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")  # what the organiser answered first
    answered_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")  # how it was done, or why refused
    closed_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    family: Mapped[Family] = relationship()
    person: Mapped[Person | None] = relationship()

    __table_args__ = (
        UniqueConstraint("festival_id", "number"),
        CheckConstraint("number > 0", name="number_counted"),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('done', 'refused', 'taken_back'))", name="closed_with_its_state"
        ),
        # One of a kind at a time: two at once are one.
        Index(
            "uq_privacy_request_standing",
            "family_id",
            "person_code",
            "kind",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_privacy_request_state", "festival_id", "state"),
    )


class DayOff(Base):
    """A day on which offices do not work in one edition's time, beside weekends and the fixed holidays."""

    __tablename__ = "day_off"

    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]


class EthnicGroup(Base):
    """Which ethnic group somebody wrote down, with the agreement it stands on; taken back, the group goes and the rest stays."""

    __tablename__ = "ethnic_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    group_code: Mapped[str]  # of the state's list; '' once it was taken back
    text_version: Mapped[int]
    given_by: Mapped[str]
    given_as: Mapped[str]
    method: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_how: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("withdrawn_at IS NULL OR group_code = ''", name="gone_when_taken_back"),
        Index(
            "uq_ethnic_group_standing",
            "person_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )
