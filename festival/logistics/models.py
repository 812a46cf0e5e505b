"""How does a delegation come, what does it eat, where does it sleep, and what is a cook or a nurse told of a person?"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.core.database import Base
from festival.core.types import EnumText


class Vehicle(StrEnum):
    """What a delegation comes in."""

    COACH = "coach"
    CAR = "car"
    BOAT = "boat"
    MOTORBIKE = "motorbike"
    OTHER = "other"


class MealKind(StrEnum):
    """A meal of a day."""

    BREAKFAST = "breakfast"
    LUNCH = "lunch"
    DINNER = "dinner"


class EditionStay(Base):
    """What every delegation of an edition is told unless its own row says otherwise."""

    __tablename__ = "edition_stay"

    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"), primary_key=True)
    bring: Mapped[str] = mapped_column(default="")
    bus_home: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)


class DelegationStay(Base):
    """How a delegation arrives, which nights it stays, and what its families bring and ride home in."""

    __tablename__ = "delegation_stay"

    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), primary_key=True)
    arrives_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(default="")
    vehicle: Mapped[Vehicle | None] = mapped_column(EnumText(Vehicle))
    plate: Mapped[str] = mapped_column(default="")
    driver_phone: Mapped[str] = mapped_column(default="")
    nights_from: Mapped[date | None]  # the first night; `nights_until` is the morning of leaving
    nights_until: Mapped[date | None]
    bring: Mapped[str] = mapped_column(default="")
    bus_home: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("(nights_from IS NULL) = (nights_until IS NULL)", name="nights_whole"),
        CheckConstraint("nights_until > nights_from", name="nights_in_order"),
    )


class Meal(Base):
    """A meal the organiser has cooked; numbers may be changed until `closes_at`. Removed, never deleted."""

    __tablename__ = "meal"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    day: Mapped[date]
    kind: Mapped[MealKind] = mapped_column(EnumText(MealKind))
    closes_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("festival_id", "day", "kind"),)


class MealPortions(Base):
    """How many eat at a meal from a delegation, and how many of them without meat or without pork; never who."""

    __tablename__ = "meal_portions"

    meal_id: Mapped[int] = mapped_column(ForeignKey("meal.id"), primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), primary_key=True)
    portions: Mapped[int]
    vegetarian: Mapped[int] = mapped_column(default=0)
    no_pork: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint("vegetarian >= 0 AND no_pork >= 0", name="diets_not_negative"),
        CheckConstraint("vegetarian + no_pork <= portions", name="diets_within_portions"),
        Index("ix_meal_portions_delegation", "delegation_id"),
    )


class LodgingRoom(Base):
    """A room with beds, in a house where delegations sleep."""

    __tablename__ = "lodging_room"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    house: Mapped[str]
    name: Mapped[str]
    beds: Mapped[list[LodgingBed]] = relationship(order_by="LodgingBed.number")

    __table_args__ = (
        UniqueConstraint("festival_id", "house", "name"),
        CheckConstraint("house <> '' AND name <> ''", name="named"),
    )


class LodgingBed(Base):
    """One bed and who sleeps in it: a row is a bed, so a room never holds more people than beds."""

    __tablename__ = "lodging_bed"

    room_id: Mapped[int] = mapped_column(ForeignKey("lodging_room.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), unique=True)
    batch: Mapped[str] = mapped_column(default="")  # of the proposal that put the person here; '' by hand

    __table_args__ = (CheckConstraint("number BETWEEN 1 AND 200", name="number_in_room"),)


class Allergy(Base):
    """What a person must not eat or be given, in the words they agreed to; gone when the agreement is taken back."""

    __tablename__ = "allergy"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str]

    __table_args__ = (CheckConstraint("words <> ''", name="words_given"),)
