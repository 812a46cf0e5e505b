"""Until which hour does the jury review petitions about a contest, where somebody typed one?"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.results.meeting.models import SaidOnce

HOUR = "petitions.hour"


class PetitionHour(SaidOnce, Base):
    """The hour that stands in place of the one of the rules: {"closes_at": ISO}."""

    __tablename__ = "petition_hour"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), unique=True)

    __table_args__ = (CheckConstraint("version >= 1", name="counted_from_one"),)

    def line(self) -> tuple[str, dict[str, object]]:
        return HOUR, {"contest_id": self.contest_id}
