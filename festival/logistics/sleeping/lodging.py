"""How do rooms come to be, and who sleeps in which? A bed is a row, so that two who give the last one at once cannot both.

A proposal is one batch: undone as a whole, as far as nobody was moved by hand since.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from festival.core.database import db
from festival.core.secrets import new_typed_code
from festival.core.statements import alone_on, insert_or_pass, table
from festival.core.text import cut, line
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.editions.models import Festival
from festival.logistics.models import LodgingBed, LodgingRoom
from festival.logistics.queries import coming
from festival.logistics.recording import record_beds, record_room
from festival.logistics.sleeping.rooms import RoomState, Sleeper, may_share, propose
from festival.roster.models import Person

MOST_BEDS, MOST_ROOMS = 200, 200


def names_typed(text: str) -> list[str]:
    """Five names of "101-104, 201"; BadInput for too many, none, or a run that counts down."""
    names: list[str] = []
    for piece in filter(None, (line(each) for each in re.split(r"[,;\n]", text))):
        run = re.fullmatch(r"(\D*)(\d+)\s*-\s*(\d+)", piece)
        if run and len(run[2]) < 6 and len(run[3]) < 6 and int(run[2]) <= int(run[3]) <= int(run[2]) + MOST_ROOMS:
            width = len(run[2]) if run[2].startswith("0") else 0
            names += [f"{run[1]}{number:0{width}d}" for number in range(int(run[2]), int(run[3]) + 1)]
        elif run:  # 201-101 would else be one room of that name, with a family sent to it
            raise BadInput(
                _(
                    "Dãy phòng «%(typed)s»: viết từ số nhỏ đến số lớn như 101-104, nhiều nhất %(most)s phòng.",
                    typed=cut(piece, 40),
                    most=MOST_ROOMS,
                )
            )
        else:
            names.append(cut(piece, 60))
    names = list(dict.fromkeys(names))
    if not 0 < len(names) <= MOST_ROOMS:
        raise BadInput(_("Ghi tên các phòng, ví dụ: 101-104, 201. Mỗi lần nhiều nhất %(most)s phòng.", most=MOST_ROOMS))
    return names


def add_rooms(festival: Festival, house: str, names: Sequence[str], beds: int, by: int | None) -> int:
    """New rooms of a house, each with so many beds; those that are there already are passed over. Answers how many are new."""
    if not 1 <= beds <= MOST_BEDS:
        raise BadInput(_("Số giường của một phòng từ 1 đến %(most)s.", most=MOST_BEDS))
    house = cut(line(house), 120)
    if not house:
        raise BadInput(_("Ghi tên nơi ở, ví dụ: Nhà khách huyện."))
    made = 0
    for name in names:
        put = insert_or_pass(LodgingRoom).values(festival_id=festival.id, house=house, name=name)
        room_id = db.session.scalar(put.on_conflict_do_nothing().returning(LodgingRoom.id))
        if room_id is None:
            continue
        rows = [{"room_id": room_id, "number": at, "batch": ""} for at in range(1, beds + 1)]
        db.session.execute(insert(table(LodgingBed)), rows)
        record_room(festival, db.session.get_one(LodgingRoom, room_id), beds, by)
        made += 1
    return made


def own_room(festival: Festival, room_id: int) -> LodgingRoom:
    """Held until the transaction ends. NotFound."""
    own = select(LodgingRoom).where(LodgingRoom.id == room_id, LodgingRoom.festival_id == festival.id)
    room = db.session.scalars(own.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if room is None:
        raise NotFound()
    return room


def set_beds(festival: Festival, room_id: int, beds: int, by: int | None) -> LodgingRoom:
    """Another number of beds; 0 takes the room out. Conflict while somebody sleeps in a bed that would go."""
    if not 0 <= beds <= MOST_BEDS:
        raise BadInput(_("Số giường của một phòng từ 1 đến %(most)s.", most=MOST_BEDS))
    room = own_room(festival, room_id)
    numbers = dict(db.session.execute(select(LodgingBed.number, LodgingBed.person_id).where(LodgingBed.room_id == room.id)).all())  # fmt: skip
    empty = sorted((number for number, person in numbers.items() if person is None), reverse=True)
    going = empty[: max(0, len(numbers) - beds)]
    if len(numbers) - len(going) > beds:
        raise Conflict(
            _("Phòng %(room)s đang có %(n)s người. Chuyển bớt người rồi giảm giường.", room=room.name, n=len(numbers) - len(empty))
        )  # fmt: skip
    gone = delete(LodgingBed).where(
        LodgingBed.room_id == room.id, LodgingBed.number.in_(going), LodgingBed.person_id.is_(None)
    )
    db.session.execute(gone.execution_options(synchronize_session=False))
    unused = [number for number in range(1, MOST_BEDS + 1) if number not in numbers]
    rows = [{"room_id": room.id, "number": at, "batch": ""} for at in unused[: max(0, beds - len(numbers))]]
    if rows:
        db.session.execute(insert(table(LodgingBed)), rows)
    record_room(festival, room, beds, by)
    if beds == 0:
        db.session.execute(delete(LodgingRoom).where(LodgingRoom.id == room.id))
    return room


@dataclass(frozen=True, slots=True)
class Bedded:
    """What a proposal did: its batch, how many have a bed now, how many are left for a person to decide."""

    batch: str
    placed: int
    left: int


def _sleeper(row: Person) -> Sleeper:
    return Sleeper(row.id, row.sex.value if row.sex else "", row.family_id, row.delegation_id or 0)


def place(festival: Festival, people: Sequence[Person], room_id: int, by: int | None, *, sure: bool = False) -> None:
    """Give these people beds of a room, leaving the ones they had. Conflict when there are too few, or strangers would mix."""
    room = own_room(festival, room_id)
    ids = [person.id for person in people]
    there = db.session.scalars(
        select(Person).join(LodgingBed, LodgingBed.person_id == Person.id).where(LodgingBed.room_id == room.id)
    ).all()
    together = {person.id: _sleeper(person) for person in (*there, *people)}
    if not sure and not may_share(list(together.values())):
        raise Conflict(
            _("Phòng %(room)s sẽ có nam và nữ khác gia đình. Chọn phòng khác, hoặc đánh dấu «Vẫn xếp».", room=room.name)
        )
    free_beds(ids)
    for person in people:
        take_bed(room, person.id)
    record_beds(festival, [(person.code, room.id) for person in people], by, "hand")


def take_bed(room: LodgingRoom, person_id: int, batch: str = "") -> None:
    """The first free bed; Conflict when there is none any more."""
    free = (
        select(LodgingBed.number)
        .where(LodgingBed.room_id == room.id, LodgingBed.person_id.is_(None))
        .order_by(LodgingBed.number)
        .limit(1)
        .with_for_update()
        .scalar_subquery()
    )
    done = db.session.scalar(
        update(LodgingBed)
        .where(LodgingBed.room_id == room.id, LodgingBed.number == free, LodgingBed.person_id.is_(None))
        .values(person_id=person_id, batch=batch)
        .returning(LodgingBed.number)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Conflict(_("Phòng %(room)s không còn đủ giường trống.", room=room.name))


def free_beds(ids: Sequence[int]) -> list[int]:
    """Who of these had a bed has none any more."""
    gone = update(LodgingBed).where(LodgingBed.person_id.in_(ids))
    held = list(db.session.scalars(select(LodgingBed.person_id).where(LodgingBed.person_id.in_(ids)).with_for_update()))
    db.session.execute(gone.values(person_id=None, batch="").execution_options(synchronize_session=False))
    return [each for each in held if each is not None]


def take_away(festival: Festival, people: Sequence[Person], by: int | None) -> int:
    """These people sleep nowhere any more; answers how many did."""
    held = set(free_beds([person.id for person in people]))
    record_beds(festival, [(person.code, None) for person in people if person.id in held], by, "taken_away")
    return len(held)


def propose_for(festival: Festival, delegations: Sequence[int], by: int | None) -> Bedded:
    """Beds for everybody of these delegations who has none, by the rule of `rooms`."""
    alone_on(LodgingBed)
    has_bed = select(LodgingBed.person_id).where(LodgingBed.person_id.is_not(None))
    everybody = db.session.scalars(select(Person).where(Person.festival_id == festival.id)).all()
    by_id = {person.id: person for person in everybody}
    wanted = select(Person.id).where(Person.delegation_id.in_(delegations), coming(), Person.id.not_in(has_bed))
    waiting = [_sleeper(by_id[each]) for each in db.session.scalars(wanted.order_by(Person.id))]
    beds = db.session.execute(
        select(LodgingRoom.id, LodgingRoom.house, LodgingBed.number, LodgingBed.person_id)
        .join(LodgingBed, LodgingBed.room_id == LodgingRoom.id)
        .where(LodgingRoom.festival_id == festival.id)
        .order_by(LodgingRoom.house, LodgingRoom.name, LodgingBed.number)
    ).all()
    states: dict[int, RoomState] = {}
    numbers: dict[int, list[int]] = {}
    for row in beds:
        state = states.setdefault(row.id, RoomState(row.id, row.house, 0))
        if row.person_id is None:
            state.free += 1
            numbers.setdefault(row.id, []).append(row.number)
        else:
            state.people.append(_sleeper(by_id[row.person_id]))
    placed, left = propose(waiting, list(states.values()))
    batch = new_typed_code()
    for person_id, room_id in placed:
        bed = (LodgingBed.room_id == room_id, LodgingBed.number == numbers[room_id].pop(0))
        put = update(LodgingBed).where(*bed, LodgingBed.person_id.is_(None)).values(person_id=person_id, batch=batch)
        db.session.execute(put.execution_options(synchronize_session=False))
    record_beds(festival, [(by_id[person].code, room) for person, room in placed], by, "proposed")
    return Bedded(batch, len(placed), len(left))


def undo(festival: Festival, batch: str, by: int | None) -> int:
    """Everybody a proposal placed, and nobody has moved since, is without a bed again; answers how many."""
    own = select(LodgingRoom.id).where(LodgingRoom.festival_id == festival.id)
    wanted = (LodgingBed.batch == batch, LodgingBed.room_id.in_(own), LodgingBed.person_id.is_not(None))
    people = db.session.scalars(select(Person).join(LodgingBed, LodgingBed.person_id == Person.id).where(*wanted)).all()
    return take_away(festival, people, by) if batch else 0
