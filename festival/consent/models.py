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
    ALLERGY = "allergy"  # kitchen and nurse know of an allergy
    SUPPORT = "support"  # gate, desk and stage know which help somebody needs


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
    method: Mapped[str]  # "form", "link", "paper"
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
