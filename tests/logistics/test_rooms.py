"""Does a proposal keep families together and strangers apart, and is a bed never given twice?"""

from __future__ import annotations

import random

import pytest
from sqlalchemy import func, select, update

from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.logistics import queries
from festival.logistics.models import LodgingBed, LodgingRoom
from festival.logistics.sleeping import lodging, room_queries
from festival.logistics.sleeping.rooms import RoomState, Sleeper, may_share, propose
from festival.roster.models import Person
from tests.logistics.cast import Stay
from tests.registration.conftest import household
from tests.registration.pages_kit import post, words
from tests.registration.registered import approve, race, register

pytestmark = pytest.mark.either_database


@pytest.mark.parametrize("seed", range(20))
def test_a_proposal_never_mixes_strangers_nor_parts_a_family_that_fits(seed: int) -> None:
    chance = random.Random(seed)
    rooms = [RoomState(at, f"Nhà {at % 3}", chance.randrange(1, 7)) for at in range(40)]
    beds = {room.id: room.free for room in rooms}
    people = [
        Sleeper(family * 10 + at, chance.choice(("male", "female", "")), family, family % 4)
        for family in range(1, 22)
        for at in range(chance.randrange(2, 7))
    ] + [Sleeper(1000 + at, chance.choice(("male", "female", "")), None, at % 4) for at in range(30)]
    placed, left = propose(people, rooms)
    assert sorted([person for person, _room in placed] + [each.id for each in left]) == sorted(
        each.id for each in people
    )
    for room in rooms:
        assert len(room.people) <= beds[room.id] and may_share(room.people)
    where = dict(placed)
    for family in range(1, 22):
        used = {where[each.id] for each in people if each.family == family and each.id in where}
        # One room, or rooms of one house when no empty one held all of them.
        assert len({rooms[room].house for room in used}) <= 1
        # Nobody of a family is left alone behind.
        assert len({each.id in where for each in people if each.family == family}) == 1


def test_who_may_share() -> None:
    man, woman = Sleeper(1, "male", 1, 1), Sleeper(2, "female", 1, 1)
    other, unknown = Sleeper(3, "male", 2, 1), Sleeper(4, "", None, 1)
    assert may_share([man, woman]) and may_share([man, other]) and may_share([unknown])
    assert not may_share([woman, other]) and not may_share([man, unknown]) and not may_share([unknown, unknown])


@pytest.fixture
def families(stay: Stay) -> Stay:
    """Two approved families of three in one delegation."""
    for number in (1, 2):
        approve(stay.world, register(stay.world, household(number)).family_id)
    return stay


def beds(stay: Stay) -> dict[str, int]:
    """How many sleep in each room."""
    with stay.world.app.app_context(), reading():
        return {line.name: line.taken for line in room_queries.room_lines(stay.world.rules().festival.id) if line.taken}


def codes(stay: Stay) -> list[tuple[str, str]]:
    with stay.world.app.app_context(), reading():
        rows = db.session.execute(select(Person.code, Person.sex).order_by(Person.family_id, Person.position))
        return [(row.code, row.sex.value) for row in rows]


def test_rooms_are_named_proposed_corrected_and_undone_on_pages(families: Stay) -> None:
    page, organiser = "/office/logistics/rooms", families.organiser
    new = {"house": "Nhà khách huyện", "names": "101-102, 201", "beds": "4"}
    for run in ("201-101", "1-999999999999"):  # never one room of that name
        refused = post(organiser, page, new | {"names": run}, page=page)
        assert (refused.status_code, f"Dãy phòng «{run}»" in words(refused)) == (400, True)
    assert post(organiser, page, new, page=page).status_code == 302
    again = post(organiser, page, new, page=page)
    assert (again.status_code, "Các phòng này đã có" in words(again)) == (409, True)
    own = f"/office/logistics/{families.world.hon_dat}/rooms"
    nobody = post(organiser, f"{page}/propose", {}, page=page)
    assert (nobody.status_code, "Chưa đoàn nào báo ở lại qua đêm." in words(nobody)) == (409, True)
    assert post(organiser, f"{own}/propose", {}, page=own).status_code == 302
    assert beds(families) == {"101": 3, "102": 3}
    with families.world.app.app_context(), reading():
        rooms = queries.of_delegation(families.world.delegation().id).rooms
        assert [(room.house, room.name, len(room.people)) for room in rooms] == [
            ("Nhà khách huyện", "101", 3), ("Nhà khách huyện", "102", 3),
        ]  # fmt: skip
        third = db.session.scalars(select(LodgingRoom.id).where(LodgingRoom.name == "201")).one()
        first = db.session.scalars(select(LodgingRoom.id).where(LodgingRoom.name == "101")).one()
        (batch, count), = room_queries.batches(families.world.rules().festival.id)  # fmt: skip
    assert count == 6
    # By hand: a man of one family and a woman of another only by insisting; more people than beds never.
    everybody = codes(families)
    men, women = [c for c, sex in everybody if sex == "male"], [c for c, sex in everybody if sex == "female"]
    mixed = {"person": [women[0], men[-1]], "room": str(third), "act": "place"}
    refused = post(organiser, own, mixed, page=own)
    assert (refused.status_code, "nam và nữ khác gia đình" in words(refused), beds(families)) == (
        409,
        True,
        {"101": 3, "102": 3},
    )
    assert post(organiser, own, mixed | {"sure": "y"}, page=own).status_code == 302
    assert beds(families) == {"101": 2, "102": 2, "201": 2}
    crowd = {"person": [code for code, _sex in everybody], "room": str(third), "act": "place", "sure": "y"}
    full = post(organiser, own, crowd, page=own)
    assert (full.status_code, "không còn đủ giường" in words(full)) == (409, True)
    fewer = post(organiser, f"{page}/beds", {"room": str(first), "count": "1"}, page=page)
    assert (fewer.status_code, "đang có 2 người" in words(fewer)) == (409, True)
    assert post(organiser, f"{page}/beds", {"room": str(first), "count": "2"}, page=page).status_code == 302
    # The proposal is undone; whoever was moved by hand stays.
    assert post(organiser, f"{page}/undo", {"batch": batch}, page=page).status_code == 302
    assert beds(families) == {"201": 2}
    assert post(organiser, own, {"person": [women[0], men[-1]], "act": "free", "room": ""}, page=own).status_code == 302
    assert post(organiser, f"{page}/beds", {"room": str(third), "count": "0"}, page=page).status_code == 302
    assert beds(families) == {}
    assert families.officer.get(page).status_code == 403
    with families.world.app.app_context(), snapshot():
        assert inspect(["decisions:kg-2024"]).named() == []


@pytest.mark.both_databases
def test_two_who_give_the_last_bed_at_once(families: Stay) -> None:
    everybody = [code for code, sex in codes(families) if sex == "male"]
    with families.world.app.app_context(), transaction():
        festival = families.world.rules().festival
        lodging.add_rooms(festival, "Nhà", ["1"], 1, None)
        room_id = db.session.scalars(select(LodgingRoom.id)).one()
    turns = iter(everybody[:3])

    def give() -> object:
        code = next(turns)
        try:
            person = db.session.scalars(select(Person).where(Person.code == code)).one()
            lodging.place(families.world.rules().festival, [person], room_id, None)
        except Conflict as full:
            return full
        return code

    outcomes = race(families.world.app, 3, give)
    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "Conflict", "str"]
    with families.world.app.app_context(), reading():
        assert db.session.scalar(select(func.count(LodgingBed.person_id))) == 1
    # The control: who looks first and writes afterwards. Both saw the bed free, both are told yes, and one sleeps nowhere.
    with families.world.app.app_context():
        with transaction():
            lodging.free_beds(db.session.scalars(select(Person.id)).all())
        with reading():
            people = db.session.scalars(select(Person.id).where(Person.code.in_(everybody[:2]))).all()
            seen = [
                db.session.scalar(select(LodgingBed.number).where(LodgingBed.person_id.is_(None))) for _one in people
            ]
        for person, number in zip(people, seen, strict=True):
            with transaction():
                db.session.execute(update(LodgingBed).where(LodgingBed.number == number).values(person_id=person))
        with reading():
            held = db.session.scalars(select(LodgingBed.person_id)).all()
        assert (seen, len(people), len(held)) == ([1, 1], 2, 1)
