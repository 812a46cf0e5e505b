"""Which petitions were lodged, what was done with each, on what does an amendment stand, how often were a head's digits guessed?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.contests.models import Contest
from festival.core.database import Base
from festival.core.types import EnumText, JsonText
from festival.results.petitions.kinds import (
    GroundCode,
    PetitionAbout,
    PetitionDeed,
    PetitionDesk,
    PetitionRoad,
    PetitionState,
    PetitionTitle,
)
from festival.roster.models import Delegation, Entry

MISSES_MOST = 10


class Petition(Base):
    """What a delegation asks to be looked at again, and what it has become by the last of its steps."""

    __tablename__ = "petition"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    number: Mapped[int]  # 1, 2, 3 … of the edition
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"))
    about: Mapped[PetitionAbout] = mapped_column(EnumText(PetitionAbout))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    title: Mapped[PetitionTitle] = mapped_column(EnumText(PetitionTitle))
    road: Mapped[PetitionRoad] = mapped_column(EnumText(PetitionRoad))
    lodged_by: Mapped[str]  # the head, as named then
    words: Mapped[str]
    lodged_at: Mapped[datetime]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # who typed the paper
    until: Mapped[datetime | None]  # when the jury's review closed, as it was known then
    late: Mapped[bool] = mapped_column(default=False)
    desk: Mapped[PetitionDesk] = mapped_column(EnumText(PetitionDesk))
    state: Mapped[PetitionState] = mapped_column(EnumText(PetitionState), default=PetitionState.OPEN)
    carried: Mapped[bool] = mapped_column(default=False)  # what was accepted is done
    told: Mapped[bool] = mapped_column(
        default=False
    )  # the last answer tells of no result: its delegation reads it at once
    photo: Mapped[bytes | None] = mapped_column(deferred=True)
    photo_sha256: Mapped[str] = mapped_column(default="")
    delegation: Mapped[Delegation] = relationship()
    contest: Mapped[Contest | None] = relationship()
    entry: Mapped[Entry | None] = relationship()

    __table_args__ = (
        UniqueConstraint("festival_id", "number"),
        CheckConstraint("number > 0", name="number_counted"),
        CheckConstraint("words <> ''", name="words_given"),
        CheckConstraint("(about IN ('contest', 'entry')) = (contest_id IS NOT NULL)", name="of_a_contest"),
        CheckConstraint("(about = 'entry') = (entry_id IS NOT NULL)", name="of_an_entry"),
        CheckConstraint("(road = 'paper') = (taken_by IS NOT NULL)", name="paper_taken"),
        Index("ix_petition_contest", "contest_id", "state"),
        Index("ix_petition_delegation", "delegation_id"),
    )


class PetitionStep(Base):
    """One thing that was done with a petition; an earlier answer stays readable beside the one that corrects it.

    `before`: of one that was moved what it was about, {"about", "contest", "entry"} with codes.
    """

    __tablename__ = "petition_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petition.id"))
    ordinal: Mapped[int]  # of two made on one reading only one is stored
    deed: Mapped[PetitionDeed] = mapped_column(EnumText(PetitionDeed))
    words: Mapped[str]
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # NULL: the head, or a command
    with_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    before: Mapped[dict[str, Any]] = mapped_column(JsonText)
    told: Mapped[bool] = mapped_column(default=False)  # of an answer: it tells of no result
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("signed_paper.id"))  # the amendment

    __table_args__ = (
        UniqueConstraint("petition_id", "ordinal"),
        CheckConstraint("ordinal > 0", name="ordinal_counted"),
        CheckConstraint("words <> ''", name="words_given"),
        CheckConstraint("by_user <> with_user", name="two_people"),
        CheckConstraint("(deed = 'amended') = (paper_id IS NOT NULL)", name="paper_of_amendment"),
    )


class AmendmentGround(Base):
    """On what an amendment of signed minutes stands; one of an older release has none."""

    __tablename__ = "amendment_ground"

    paper_id: Mapped[int] = mapped_column(ForeignKey("signed_paper.id"), primary_key=True)
    ground: Mapped[GroundCode] = mapped_column(EnumText(GroundCode))
    petition_id: Mapped[int | None] = mapped_column(ForeignKey("petition.id"))

    __table_args__ = (CheckConstraint("(ground = 'petition') = (petition_id IS NOT NULL)", name="petition_named"),)


class HeadGuard(Base):
    """How often the last four digits behind the link of a head were guessed wrong since they were right; a new link begins anew."""

    __tablename__ = "head_guard"

    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), primary_key=True)
    issue: Mapped[int]
    misses: Mapped[int] = mapped_column(default=0)

    __table_args__ = (CheckConstraint("misses >= 0 AND misses <= 10", name="misses_counted"),)
