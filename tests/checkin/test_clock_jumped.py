"""A phone's clock jumps between an exit and the return, or is set back: is one story told, and is nobody out who came back?"""

from __future__ import annotations

from itertools import permutations

import pytest
from sqlalchemy import select

from festival.checkin.merge import Moment, SeenScan, exits_placed, latest
from festival.checkin.models import Admission
from festival.core.database import db
from festival.roster.models import Person
from tests.checkin.test_scans import CHUNG, HOA, MORNING
from tests.checkin.test_ways_back import HOUR, MINUTE, exported, fair, gate, other, scan, standing, told
from tests.house.test_statements import statements

__all__ = ["fair", "gate", "other"]


def seen(device: int, seq: int, hour: int, way: str = "in", persons: tuple[str, ...] = ("cha",), **more) -> SeenScan:
    """A reading of gate `device`, numbered `seq`, at that hour by its clock."""
    values = {"purpose": "entry", "window": "2024-06-14"} | more
    return SeenScan(Moment(hour, device, seq), f"Cổng {device}", "ab" * 16, persons=persons, way=way, **values)


@pytest.mark.parametrize(
    ("scans", "outside", "by_the_clocks"),
    [
        ([seen(1, 1, 7), seen(1, 2, 9, "out")], True, True),
        ([seen(1, 1, 7), seen(1, 2, 12, "out"), seen(1, 3, 9)], False, True),
        # Another gate reads the return; the first one has read somebody else meanwhile, by a clock that is right again.
        ([seen(1, 1, 12, "out"), seen(1, 2, 9, persons=("mẹ",)), seen(2, 1, 10)], False, True),
        ([seen(1, 1, 12, "out"), seen(2, 1, 10)], True, True),
        ([seen(1, 1, 12), seen(1, 2, 9, "out")], True, False),
        # A clock set back takes nobody out who is in: an entry moves only before the same person's exit.
        ([seen(2, 1, 11, "out"), seen(1, 5, 12), seen(1, 9, 10)], False, False),
        # Taken back, it still says what the clock was.
        ([seen(1, 1, 12, "out"), seen(1, 2, 9, persons=("mẹ",), undone=True), seen(2, 1, 10)], False, True),
        # What was typed from paper, what is of another meal or day says nothing of this clock.
        ([seen(1, 1, 12, "out"), seen(1, 2, 9, by_hand=True), seen(2, 1, 10)], True, True),
        ([seen(1, 1, 12, "out"), seen(1, 2, 9, purpose="meal"), seen(2, 1, 10)], True, True),
        ([seen(1, 1, 12, "out"), seen(1, 2, 9, window="2024-06-13"), seen(2, 1, 10)], True, True),
    ],
)
def test_where_somebody_is_when_a_clock_has_jumped(scans: list[SeenScan], outside: bool, by_the_clocks: bool) -> None:
    key = ("cha", "entry", "2024-06-14")
    for order in permutations(scans):
        assert (latest(exits_placed(order))[key][1].way == "out") is outside
    of_him = [each for each in scans if ("cha" in each.persons and (each.purpose, each.window) == key[1:])]
    naive = max((each for each in of_him if not each.undone), key=lambda each: each.moment)
    assert (naive.way == "out") is by_the_clocks


def story(gate, other, fair, start=MORNING):
    """Father and mother go out by a clock four hours ahead; it is right again for the mother's return, the father takes
    the other gate."""
    family, (father, mother, son, *_) = fair.lists[CHUNG], fair.persons[CHUNG]
    return [
        (gate, scan(gate, family, start)),
        (gate, scan(gate, family, start + 6 * HOUR, [father, mother], way="out")),
        (gate, scan(gate, family, start + 2 * HOUR, [mother])),
        (other, scan(other, family, start + 3 * HOUR, [father])),
        (other, scan(other, family, start + 4 * HOUR, [son], way="out")),
    ]


@pytest.mark.both_databases
def test_the_return_is_green_and_counts_though_the_clock_was_ahead_at_the_exit(app, fair, gate, other):
    father, mother, son, daughter = fair.persons[CHUNG]
    wrote = story(gate, other, fair)
    answers = [told(phone, mutation)[0] for phone, mutation in wrote]
    assert [answer[0] for answer in answers] == ["applied"] * 5
    assert answers[2][2]["back"] == [mother] and answers[3][2]["back"] == [father]
    assert {code: outside for code, (_at, outside) in standing(app, fair).items()} == {
        father: False, mother: False, son: True, daughter: False,
    }  # fmt: skip
    exported(app, fair)


@pytest.mark.both_databases
def test_a_clock_that_jumped_tells_the_same_in_every_order_of_delivery(app, client, fair, gate, other):
    """Each order on a day of its own; table, export and seal agree in the end."""
    orders = list(permutations(range(5)))[::7]
    for days, order in enumerate(orders):
        wrote = story(gate, other, fair, MORNING + days * 24 * HOUR)
        for place in order:
            wrote[place][0].send(wrote[place][1])
    with app.app_context():
        rows = db.session.execute(
            select(Admission.day_window, Person.code, Admission.outside).join(Person, Person.id == Admission.person_id)
        ).all()
    assert len(rows) == 4 * len(orders)
    assert {row.code for row in rows if row.outside} == {fair.persons[CHUNG][2]}
    exported(app, fair)


def test_out_and_in_again_in_one_delivery_by_a_clock_that_was_ahead(app, fair, gate):
    family = fair.lists[HOA]
    wrote = [
        scan(gate, family, MORNING),
        scan(gate, family, MORNING + 6 * HOUR, way="out"),
        scan(gate, family, MORNING + HOUR),
        scan(gate, family, MORNING + 5 * HOUR),
        scan(gate, family, MORNING + 2 * HOUR, [fair.persons[HOA][0]], way="out"),
    ]
    found = told(gate, *wrote)
    assert sorted(found[2][2]["back"]) == sorted(fair.persons[HOA])
    assert {outside for _at, outside in standing(app, fair).values()} == {True, False}
    exported(app, fair)


def test_a_clock_set_back_brings_nobody_out_who_is_in(app, fair, gate, other):
    family = fair.lists[HOA]
    for phone, at_ms, way in (
        (gate, MORNING, "in"),
        (other, MORNING + 2 * HOUR, "out"),
        (gate, MORNING + 3 * HOUR, "in"),
    ):
        told(phone, scan(phone, family, at_ms, way=way))
    told(gate, scan(gate, fair.lists[CHUNG], MORNING + HOUR))
    assert {at for at, outside in standing(app, fair).values() if not outside} == {MORNING, MORNING + HOUR}
    exported(app, fair)


def test_a_usual_reading_pays_no_statement_for_it(app, fair, gate):
    told(gate, scan(gate, fair.lists[HOA], MORNING))
    with statements(app) as usual:
        told(gate, scan(gate, fair.lists[CHUNG], MORNING + MINUTE))
    assert len(usual) <= 16
    with statements(app) as jumped:
        told(gate, scan(gate, fair.lists[CHUNG], MORNING - MINUTE))
    assert len(jumped) > len(usual), "only a clock that went backwards is looked into"
