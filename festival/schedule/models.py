"""Where and when does each act appear, in which drawn order, and what was published?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.contests.models import Contest
from festival.core.database import NEVER_AGAIN, Base
from festival.core.types import EnumText, JsonText
from festival.editions.models import Festival
from festival.roster.models import Entry


class Stage(Base):
    """A stage, ground or cooking area."""

    __tablename__ = "stage"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    code: Mapped[str]
    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    closed: Mapped[bool] = mapped_column(default=False)  # nothing more is put on it; what stands there stays
    festival: Mapped[Festival] = relationship()

    __table_args__ = (UniqueConstraint("festival_id", "code"),)


class Session(Base):
    """A block of one contest on a stage."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    label: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    locked: Mapped[bool] = mapped_column(default=False)  # nothing in it moves, comes in or goes out
    stage: Mapped[Stage] = relationship()
    contest: Mapped[Contest] = relationship()
    acts: Mapped[list[Act]] = relationship(back_populates="session", order_by="Act.position")

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times_in_order"),
        Index("ix_session_stage", "stage_id", "starts_at"),
        NEVER_AGAIN,
    )


class ActState(StrEnum):
    """Where an act is on the day."""

    WAITING = "waiting"
    READY = "ready"  # chuẩn bị
    ON_STAGE = "on_stage"
    DONE = "done"
    ABSENT = "absent"


class Act(Base):
    """An entry's appearance on a stage."""

    __tablename__ = "act"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    position: Mapped[int]
    starts_at: Mapped[datetime]
    duration_min: Mapped[int]
    locked: Mapped[bool] = mapped_column(default=False)  # keeps its place, whoever else moves
    state: Mapped[ActState] = mapped_column(EnumText(ActState), default=ActState.WAITING)
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    turn: Mapped[int | None]  # in its session on the day; nobody has changed the order there while it is empty
    session: Mapped[Session] = relationship(back_populates="acts")
    entry: Mapped[Entry] = relationship()

    __table_args__ = (
        UniqueConstraint("session_id", "position"),
        CheckConstraint("duration_min > 0", name="duration_some"),
        NEVER_AGAIN,
    )


class DrawMethod(StrEnum):
    """How the order was drawn."""

    HAND = "hand"
    SEEDED = "seeded"


class Draw(Base):
    """A drawn order of one contest, as read back at the meeting of heads; the place of an entry in it is its number.

    `blocks`: [session, how many] in the order of numbers, where each entry drew its session first. Of a contest one draw
    stands; a voided one stays and can be set in force again.
    """

    __tablename__ = "draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    method: Mapped[DrawMethod] = mapped_column(EnumText(DrawMethod))
    seed: Mapped[str] = mapped_column(default="")
    order: Mapped[list[int]] = mapped_column(JsonText)  # entry ids in order of appearance, also of those that withdrew
    blocks: Mapped[list[list[int]]] = mapped_column(JsonText, default=list, server_default="[]")
    late: Mapped[int] = mapped_column(
        default=0, server_default="0"
    )  # the last so many in `order` came after the meeting
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    voided_at: Mapped[datetime | None]
    contest: Mapped[Contest] = relationship()

    __table_args__ = (
        Index(
            "uq_draw_standing",
            "contest_id",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
    )


class Plan(Base):
    """A published version of the whole programme; never changed afterwards."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    note: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (UniqueConstraint("festival_id", "version"),)
