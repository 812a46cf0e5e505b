"""Does whoever stands on a list have a pass, and can every step be taken back, recorded, by one of two at a time?"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from festival.badges import actions, lists, queries
from festival.badges.models import BadgeHolder, BadgeList
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken, Refusal
from festival.roster.models import BadgeClass, Departure, Person
from tests.badges.cast import (
    DRIVER,
    GUEST,
    add,
    change,
    desk,
    line,
    make_list,
    officer,
    passes,
    remove,
    restore,
    sealed_differences,
    seen,
)
from tests.registration.conftest import World
from tests.registration.registered import race

pytestmark = pytest.mark.either_database


def test_every_step_has_its_pass_and_its_way_back(world: World) -> None:
    guests = make_list(world)
    (an,) = add(world, guests, GUEST)
    (tai,) = add(world, world.hon_dat, DRIVER)
    assert passes(world, an) == passes(world, tai) == [(1, True)]
    with world.app.app_context(), reading():
        assert [each.spoken for each in queries.guests_of(world.rules().festival.id)] == [
            "đồng chí Nguyễn Văn An, Phó Chủ tịch Ủy ban nhân dân tỉnh"
        ]
        assert [each.code for each in queries.people_of(world.delegation().id)] == [tai]
        assert [(each.look.word, each.people) for each in queries.counts_by_class(world.rules().festival.id)] == [
            ("Khách mời", 1),
            ("Hỗ trợ đoàn", 1),
        ]

    change(world, guests, an, name="Nguyễn Văn Ân", rank=2)
    remove(world, guests, an)
    assert passes(world, an) == [(1, False)]
    with world.app.app_context(), reading():
        assert queries.guests_of(world.rules().festival.id) == []
    with pytest.raises(Overtaken), world.app.app_context(), transaction():
        held = line(world, guests, an)
        actions.change(desk(world, guests), held, held.version, held.who, desk(world, guests), world.organiser)
    with pytest.raises(BadInput), world.app.app_context(), transaction():
        actions.remove(world.rules().festival, line(world, world.hon_dat, tai), 1, " ", world.organiser)
    restore(world, guests, an)
    assert passes(world, an) == [(1, False), (2, True)]
    assert seen(world, guests, an).who == replace(GUEST, name="Nguyễn Văn Ân", rank=2)

    # Moved to the delegation and given another class, it is the delegation's.
    change(world, guests, an, list=world.hon_dat, badge="officer", kind="")
    with world.app.app_context(), reading():
        assert {each.code for each in queries.people_of(world.delegation().id)} == {an, tai}
        assert queries.on_list(desk(world, guests).list_id) == []
        row = db.session.scalars(select(Person).where(Person.code == an)).one()
        assert (row.badge, row.delegation_id, row.family_id) == (BadgeClass.OFFICER, world.delegation().id, None)
    assert sealed_differences(world) == []
    # What somebody writes behind the doors' back is seen.
    for statement in (
        update(BadgeHolder).where(BadgeHolder.title == "Lái xe").values(title="Trưởng đoàn"),
        update(Departure).values(back_at=None),
        update(BadgeList).where(BadgeList.name != "").values(name="Khách"),
    ):
        with world.app.app_context(), transaction():
            db.session.execute(statement.execution_options(synchronize_session=False))
    assert {each.column for _seal, each in sealed_differences(world)} == {"title", "out", "name"}  # type: ignore[misc, attr-defined]


def test_the_same_person_stands_once_and_comes_back_only_into_a_free_place(world: World) -> None:
    guests = make_list(world)
    (first,) = add(world, guests, GUEST)
    with pytest.raises(Conflict, match="đã có trong danh sách"):
        add(world, guests, replace(GUEST, seat="B2"))
    (other,) = add(world, guests, replace(GUEST, phone="0912345679"))
    with pytest.raises(Conflict):
        change(world, guests, other, phone="")
    remove(world, guests, first)
    change(world, guests, other, phone="")  # the place is free
    with pytest.raises(Conflict):
        restore(world, guests, first)
    remove(world, guests, other)
    restore(world, guests, first)
    assert passes(world, first) == [(1, False), (2, True)]
    assert sealed_differences(world) == []


def test_a_list_is_renamed_taken_away_when_empty_and_given_back(world: World) -> None:
    guests = make_list(world)
    with pytest.raises(Conflict, match="Đã có danh sách"):
        make_list(world, "KHÁCH MỜI")
    (an,) = add(world, guests, GUEST)

    def step(act: str, **more: object) -> None:
        with world.app.app_context(), transaction():
            held = desk(world, guests)
            assert held.row is not None
            getattr(lists, f"{act}_list")(held.festival, held.row, held.row.version, *more.values(), world.organiser)

    step("rename", name="Khách của tỉnh")
    with pytest.raises(Conflict, match="Còn 1 người"):
        step("close")
    remove(world, guests, an)
    step("close")
    with pytest.raises(Conflict, match="đã bỏ"):
        restore(world, guests, an)
    step("open")
    restore(world, guests, an)
    assert seen(world, guests, an).list_name == "Khách của tỉnh"
    assert sealed_differences(world) == []


def test_an_officer_keeps_the_own_list_only_and_gives_two_classes(world: World) -> None:
    guests = make_list(world)
    with world.app.app_context(), reading():
        mine = lists.desk_of(officer(world), world.hon_dat)
        assert [each.value for each in mine.classes] == ["officer", "crew"]
        assert mine.chosen("crew") == ("crew", "") and mine.chosen("guest") == (None, "")
        for code in (guests, world.kien_luong, "khong-co"):
            with pytest.raises(NotFound):
                lists.desk_of(officer(world), code)


RACERS = 8


@pytest.mark.both_databases
def test_of_many_who_write_the_same_person_at_once_one_does(world: World) -> None:
    def act() -> object:
        try:
            return actions.add(desk(world, world.hon_dat), DRIVER, world.organiser)
        except Refusal as refused:
            return type(refused)

    outcomes = race(world.app, RACERS, act)
    assert Counter(isinstance(each, str) for each in outcomes) == {True: 1, False: RACERS - 1}
    with world.app.app_context(), reading():
        assert len(queries.people_of(world.delegation().id)) == 1
        assert db.session.scalar(select(func.count()).select_from(Person).where(Person.name == DRIVER.name)) == 1
    assert sealed_differences(world) == []


@pytest.mark.both_databases
def test_looking_first_and_writing_then_writes_the_person_twice(world: World) -> None:
    """The negative control: the same many, who ask whether somebody is there before they write, without the constraint."""
    guests = make_list(world)
    start, looked = threading.Barrier(RACERS), threading.Barrier(RACERS)

    def naive(number: int) -> None:
        with world.app.app_context():
            start.wait()
            with reading():
                there = queries.namesakes(world.rules().festival.id, [GUEST.folded])
            looked.wait()
            if not there:
                with transaction():
                    held = desk(world, guests)
                    # what the constraint looks at is made to differ
                    actions.add(held, replace(GUEST, title=f"{GUEST.title} {number}"), world.organiser)
            db.session.remove()

    threads = [threading.Thread(target=naive, args=(number,)) for number in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.app.app_context(), reading():
        assert len(queries.on_list(desk(world, guests).list_id)) > 1


@pytest.mark.both_databases
def test_of_two_who_change_somebody_at_once_one_is_told(world: World) -> None:
    (tai,) = add(world, world.hon_dat, DRIVER)
    numbers = iter(range(RACERS))

    def act() -> object:
        number = next(numbers)
        try:
            held = line(world, world.hon_dat, tai)
            place = desk(world, world.hon_dat)
            if number % 2:
                actions.remove(place.festival, held, 1, "rút", world.organiser)
            else:
                actions.change(place, held, 1, replace(held.who, seat=f"xe {number}"), place, world.organiser)
        except Overtaken:
            return False
        return True

    assert Counter(race(world.app, RACERS, act)) == {True: 1, False: RACERS - 1}
    assert seen(world, world.hon_dat, tai).version == 2
    assert sealed_differences(world) == []
