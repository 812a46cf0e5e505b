"""Which mixed teams did somebody make by name, and who is named for them?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import JsonText


class MixedTeam(Base):
    """A mixed team that was made by name. One without this row is whoever the approved families gave.

    Its entry is proposed while nobody named takes part yet, enrolled from the first approved family on, withdrawn once it
    is dissolved; its place of the quota it holds from the making to the dissolving.
    """

    __tablename__ = "mixed_team"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(default="")  # why it stands although the rules warn, or was dissolved
    former: Mapped[list[str]] = mapped_column(JsonText)  # dissolved: the codes of who was named
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class TeamMember(Base):
    """Somebody who is named for a team; in each contest for one at most."""

    __tablename__ = "team_member"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("mixed_team.entry_id", ondelete="CASCADE"))

    __table_args__ = (Index("ix_team_member_entry", "entry_id"), Index("ix_team_member_person", "person_id"))
