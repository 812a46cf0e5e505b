"""When and where is a match played whose pair is not known yet?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.contests.models import Contest
from festival.core.database import NEVER_AGAIN, Base
from festival.core.types import EnumText
from festival.schedule.later.naming import MatchPlace, later_code
from festival.schedule.models import ActState, Session

BEGUN = (ActState.ON_STAGE, ActState.DONE)
"""What has been on a stage stays where it was."""


class LaterMatch(Base):
    """A match after the first round of a knock-out that has been taken into the timetable.

    Without a session it has no time yet. Who plays it is not kept here: that is what the bracket says. `to_final`: how many
    rounds follow its own, 0 for the final.
    """

    __tablename__ = "later_match"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    to_final: Mapped[int]
    number: Mapped[int]  # in its round; 2 in the last one is the match for the third place
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    starts_at: Mapped[datetime | None]
    duration_min: Mapped[int]
    locked: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ActState] = mapped_column(EnumText(ActState), default=ActState.WAITING)
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    contest: Mapped[Contest] = relationship()
    session: Mapped[Session | None] = relationship()

    __table_args__ = (
        UniqueConstraint("contest_id", "to_final", "number"),
        CheckConstraint("(session_id IS NULL) = (starts_at IS NULL)", name="place_whole"),
        CheckConstraint("to_final >= 0 AND number >= 1", name="counted"),
        CheckConstraint("duration_min > 0", name="duration_some"),
        CheckConstraint("session_id IS NOT NULL OR (state = 'waiting' AND NOT locked)", name="waits_without_place"),
        Index("ix_later_match_session", "session_id"),
        NEVER_AGAIN,
    )

    @property
    def at(self) -> MatchPlace:
        return self.to_final, self.number

    @property
    def begins(self) -> datetime:
        """Of one that has its time."""
        assert self.starts_at is not None
        return self.starts_at

    @property
    def code(self) -> str:
        return later_code(self.contest.code, self.at)
