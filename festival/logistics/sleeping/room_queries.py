"""Which rooms are there, how full are they, and where does everybody of a delegation sleep?"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from festival.core.database import db
from festival.logistics.models import LodgingBed, LodgingRoom
from festival.logistics.queries import coming
from festival.roster.models import Delegation, Family, Person


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A room, its beds and how many are taken."""

    id: int
    house: str
    name: str
    beds: int
    taken: int


def room_lines(festival_id: int) -> list[RoomLine]:
    """One statement."""
    rows = db.session.execute(
        select(
            LodgingRoom.id,
            LodgingRoom.house,
            LodgingRoom.name,
            func.count(LodgingBed.number).label("beds"),
            func.count(LodgingBed.person_id).label("taken"),
        )
        .select_from(LodgingRoom)
        .outerjoin(LodgingBed, LodgingBed.room_id == LodgingRoom.id)
        .where(LodgingRoom.festival_id == festival_id)
        .group_by(LodgingRoom.id)
        .order_by(LodgingRoom.house, LodgingRoom.name)
    )
    return [RoomLine(row.id, row.house, row.name, row.beds, row.taken) for row in rows]


@dataclass(frozen=True, slots=True)
class SleeperLine:
    """Somebody of a delegation and the room, '' without one. `left`: does not take part any more and still has a bed."""

    code: str
    name: str
    sex: str
    family: str
    room: str
    left: bool


def sleepers(delegation_id: int) -> list[SleeperLine]:
    """Everybody who comes, and who left and still has a bed."""
    rows = db.session.execute(
        select(
            Person.code,
            Person.name,
            Person.sex,
            func.coalesce(Family.name, "").label("family"),
            func.coalesce(LodgingRoom.house + ", " + LodgingRoom.name, "").label("room"),
            Person.out,
        )
        .select_from(Person)
        .outerjoin(Family, Family.id == Person.family_id)
        .outerjoin(LodgingBed, LodgingBed.person_id == Person.id)
        .outerjoin(LodgingRoom, LodgingRoom.id == LodgingBed.room_id)
        .where(Person.delegation_id == delegation_id, coming() | LodgingRoom.id.is_not(None))
        .order_by(Family.folded, Person.position, Person.id)
    )
    return [
        SleeperLine(row.code, row.name, row.sex.value if row.sex else "", row.family, row.room, bool(row.out))
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Housed:
    """How many of a delegation have a bed."""

    code: str
    name: str
    people: int
    housed: int


def housed(festival_id: int) -> list[Housed]:
    """By delegation, in their order."""
    rows = db.session.execute(
        select(
            Delegation.code,
            Delegation.name,
            func.count(Person.id).label("people"),
            func.count(LodgingBed.person_id).label("housed"),
        )
        .select_from(Delegation)
        .outerjoin(Person, (Person.delegation_id == Delegation.id) & coming())
        .outerjoin(LodgingBed, LodgingBed.person_id == Person.id)
        .where(Delegation.festival_id == festival_id)
        .group_by(Delegation.id)
        .order_by(Delegation.position, Delegation.name)
    )
    return [Housed(row.code, row.name, row.people, row.housed) for row in rows]


def batches(festival_id: int) -> list[tuple[str, int]]:
    """Proposals that can still be undone, and how many people each would take away."""
    rows = db.session.execute(
        select(LodgingBed.batch, func.count(LodgingBed.person_id))
        .join(LodgingRoom, LodgingRoom.id == LodgingBed.room_id)
        .where(LodgingRoom.festival_id == festival_id, LodgingBed.batch != "", LodgingBed.person_id.is_not(None))
        .group_by(LodgingBed.batch)
        .order_by(LodgingBed.batch)
    )
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class RoomPerson:
    """Somebody in a room, for the list of rooms."""

    house: str
    room: str
    name: str
    delegation: str


def room_people(festival_id: int) -> list[RoomPerson]:
    """Everybody who has a bed, room by room."""
    rows = db.session.execute(
        select(
            LodgingRoom.house,
            LodgingRoom.name.label("room"),
            Person.name,
            func.coalesce(Delegation.name, "").label("delegation"),
        )
        .select_from(LodgingRoom)
        .join(LodgingBed, LodgingBed.room_id == LodgingRoom.id)
        .join(Person, Person.id == LodgingBed.person_id)
        .outerjoin(Delegation, Delegation.id == Person.delegation_id)
        .where(LodgingRoom.festival_id == festival_id)
        .order_by(LodgingRoom.house, LodgingRoom.name, LodgingBed.number)
    )
    return [RoomPerson(row.house, row.room, row.name, row.delegation) for row in rows]
