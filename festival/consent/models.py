"""Who agreed for whom, to which words, when and how?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.core.database import Base
from festival.core.types import EnumText


class ConsentPurpose(StrEnum):
    """What is agreed to."""

    TAKING_PART = "taking_part"  # processing the data needed to take part
    CHILD_OWN = "child_own"  # a child of 7 or more agrees itself
    PUBLISH = "publish"  # name and picture may be published
    CHILD_PUBLISH = "child_publish"  # a child of 7 or more agrees itself that they may
    ALLERGY = "allergy"  # kitchen and nurse know of an allergy
    SUPPORT = "support"  # gate, desk and stage know which help somebody needs
    KEPT = "kept"  # kept after the edition, to a day of its own, to be copied into the next


class ConsentText(Base):
    """A version of the words that are agreed to."""

    __tablename__ = "consent_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[ConsentPurpose] = mapped_column(EnumText(ConsentPurpose))
    version: Mapped[int]
    body: Mapped[str]

    __table_args__ = (UniqueConstraint("purpose", "version"),)


class Consent(Base):
    """Who agreed for whom, when, to which words, how; withdrawn, never deleted by hand."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    text_id: Mapped[int] = mapped_column(ForeignKey("consent_text.id"))
    purpose: Mapped[ConsentPurpose] = mapped_column(EnumText(ConsentPurpose))
    given_by: Mapped[str]  # the person, or father, mother, guardian by name
    given_as: Mapped[str]  # "self", "father", "mother", "guardian"
    method: Mapped[str]  # "form", "link", "own_link", "paper", "sheet", "desk"
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_how: Mapped[str | None]  # "link", or how somebody asked an officer: "in_person", "phone", "paper"
    words: Mapped[ConsentText] = relationship()

    __table_args__ = (
        Index(
            "uq_consent_standing",
            "person_id",
            "purpose",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )


class ConsentRefusal(Base):
    """Who was asked and said no, to which words, when and how; ended when that one says yes later. Kept: a no counts."""

    __tablename__ = "consent_refusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    text_id: Mapped[int] = mapped_column(ForeignKey("consent_text.id"))
    purpose: Mapped[ConsentPurpose] = mapped_column(EnumText(ConsentPurpose))
    said_by: Mapped[str]
    said_as: Mapped[str]  # as `given_as` of an agreement
    method: Mapped[str]
    said_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_consent_refusal_standing",
            "person_id",
            "purpose",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
