"""What was wished of the timetable, and which contests does a stage take?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.accounts.models import User
from festival.contests.models import Contest
from festival.core.database import Base
from festival.core.types import EnumText
from festival.roster.models import Delegation, Entry, Family
from festival.schedule.models import Stage


class WishKind(StrEnum):
    """What a wish is about."""

    AWAY = "away"  # a family, a delegation, a judge or a whole panel is not there
    PAUSE = "pause"
    WINDOW = "window"  # not before, over by
    BEFORE = "before"  # one act before another
    OPENING = "opening"
    CLOSING = "closing"
    MINUTES = "minutes"  # of an act of its own
    CHANGE = "change"  # minutes to change costumes


OF_AN_ENTRY = (WishKind.WINDOW, WishKind.BEFORE, WishKind.OPENING, WishKind.CLOSING, WishKind.MINUTES)
_ENTRY_KINDS = ", ".join(f"'{kind}'" for kind in sorted(OF_AN_ENTRY))
_STANDS = "taken_back_at IS NULL"
# exactly one is away, and nobody else is
_WHO = (
    "CASE WHEN family_id IS NULL THEN 0 ELSE 1 END + CASE WHEN delegation_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN user_id IS NULL THEN 0 ELSE 1 END + CASE WHEN contest_id IS NULL OR kind = 'change' THEN 0 ELSE 1 END"
    " = CASE WHEN kind = 'away' THEN 1 ELSE 0 END"
)


def _one(name: str, columns: tuple[str, ...], where: str) -> Index:
    """Of those that stand, one."""
    condition = text(f"{_STANDS} AND {where}")
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


class Wish(Base):
    """One wish. Taken back it stays, and can be had again; a change counts `version` up."""

    __tablename__ = "wish"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    kind: Mapped[WishKind] = mapped_column(EnumText(WishKind))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))  # the act that comes after
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # a judge
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")  # why somebody is away, what a pause is called
    version: Mapped[int] = mapped_column(default=1)
    taken_back_at: Mapped[datetime | None]
    entry: Mapped[Entry | None] = relationship(foreign_keys=entry_id)
    other: Mapped[Entry | None] = relationship(foreign_keys=other_id)
    family: Mapped[Family | None] = relationship()
    delegation: Mapped[Delegation | None] = relationship()
    user: Mapped[User | None] = relationship()
    contest: Mapped[Contest | None] = relationship()
    stage: Mapped[Stage | None] = relationship()

    __table_args__ = (
        CheckConstraint("version > 0", name="version_counted"),
        CheckConstraint("ends_at > starts_at", name="times_in_order"),
        CheckConstraint("minutes BETWEEN 0 AND 240", name="minutes_plausible"),
        CheckConstraint(f"(entry_id IS NOT NULL) = (kind IN ({_ENTRY_KINDS}))", name="of_an_entry"),
        CheckConstraint("(other_id IS NOT NULL) = (kind = 'before') AND other_id <> entry_id", name="before_another"),
        CheckConstraint("(minutes IS NOT NULL) = (kind IN ('change', 'minutes'))", name="minutes_of"),
        CheckConstraint("kind <> 'minutes' OR minutes > 0", name="minutes_some"),
        CheckConstraint(
            "kind NOT IN ('away', 'pause') OR (starts_at IS NOT NULL AND ends_at IS NOT NULL)", name="from_until"
        ),
        CheckConstraint(
            "(kind = 'window') = (kind NOT IN ('away', 'pause') AND (starts_at IS NOT NULL OR ends_at IS NOT NULL))",
            name="an_hour",
        ),
        CheckConstraint("stage_id IS NULL OR kind = 'pause'", name="stage_of_a_pause"),
        CheckConstraint(_WHO, name="who"),
        _one("uq_wish_of_entry", ("kind", "entry_id"), "kind IN ('closing', 'minutes', 'opening', 'window')"),
        _one("uq_wish_before", ("entry_id", "other_id"), "kind = 'before'"),
        _one("uq_wish_change", ("contest_id",), "kind = 'change' AND contest_id IS NOT NULL"),
        _one("uq_wish_change_all", ("festival_id",), "kind = 'change' AND contest_id IS NULL"),
        Index("ix_wish_festival", "festival_id", "taken_back_at"),
        Index("ix_wish_family", "family_id"),
    )


class StageTakes(Base):
    """A contest that a stage takes; a stage without any takes all."""

    __tablename__ = "stage_takes"

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id", ondelete="CASCADE"), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True)
