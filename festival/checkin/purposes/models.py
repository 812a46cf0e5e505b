"""What may a pass be shown for, and when? As the organiser named it; a festival where nobody named anything has none here."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText


class PurposeKind(StrEnum):
    """What is done there."""

    ENTRY = "entry"
    MEAL = "meal"
    CARD = "card"
    GIFT = "gift"
    ROOM = "room"


class PurposeEvery(StrEnum):
    """How often somebody may come for it: once a festival day, once at all, or once in each of its named hours."""

    DAY = "day"
    ONCE = "once"
    HOURS = "hours"


class GatePurpose(Base):
    """A purpose. One that is put away is offered no more; what was let in for it stays."""

    __tablename__ = "gate_purpose"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[PurposeKind] = mapped_column(EnumText(PurposeKind))
    every: Mapped[PurposeEvery] = mapped_column(EnumText(PurposeEvery))
    again: Mapped[bool]  # whoever went out may come back
    classes: Mapped[list[str] | None] = mapped_column(JsonText)  # classes of cards, None = all
    position: Mapped[int]
    removed_ms: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("festival_id", "code"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("version >= 1", name="counted_from_one"),
    )


class GateWindow(Base):
    """Hours of a purpose that has hours: "Cơm trưa 15/6", 10:30–13:00."""

    __tablename__ = "gate_window"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose_id: Mapped[int] = mapped_column(ForeignKey("gate_purpose.id"))
    code: Mapped[str]
    name: Mapped[str]
    opens_ms: Mapped[int]
    closes_ms: Mapped[int]
    removed_ms: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("purpose_id", "code"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("opens_ms < closes_ms", name="opens_before_it_closes"),
        CheckConstraint("version >= 1", name="counted_from_one"),
    )


class GateSetting(Base):
    """How the gates of a festival work. `version` grows with every change here, of a purpose and of its hours."""

    __tablename__ = "gate_setting"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"), unique=True)
    countdown_s: Mapped[int] = mapped_column(default=4)
    exits: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("countdown_s IN (0, 4, 8)", name="countdown_known"),
        CheckConstraint("version >= 1", name="counted_from_one"),
    )
