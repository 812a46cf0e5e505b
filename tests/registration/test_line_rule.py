"""Who is offered a place next: the one rule of the line, case by case, and against a plain count over many lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from festival.registration.queueing.line import (
    InLine,
    PlannedTurn,
    Room,
    Stands,
    in_order,
    moment_of_place,
    place_of,
    turn,
)

NINE = datetime(2024, 5, 1, 9, tzinfo=UTC)
LATER = NINE + timedelta(hours=48)
SONG, COOKING = 1, 2


def waits(family: int, people: int = 3, *contests: int, after: int = 0, ready: bool = True) -> InLine:
    return InLine(family, Stands.WAITING, NINE + timedelta(minutes=after), people, frozenset(contests), ready=ready)


def approved(family: int, people: int = 3, *contests: int) -> InLine:
    return InLine(family, Stands.APPROVED, NINE, people, frozenset(contests))


def offered(family: int, until: datetime, people: int = 3, *contests: int) -> InLine:
    return InLine(family, Stands.OFFERED, NINE, people, frozenset(contests), until)


def out(family: int) -> InLine:
    return InLine(family, Stands.OUT, NINE, 3)


CASES: dict[str, tuple[list[InLine], Room, tuple[int, ...], tuple[int, ...]]] = {
    "nobody": ([], Room(5), (), ()),
    "no place": ([approved(1), waits(2)], Room(1), (), ()),
    "the first is offered": ([waits(2, after=5), waits(3, after=1)], Room(1), (), (3,)),
    "sent at one moment: who was written first": ([waits(3), waits(2)], Room(1), (), (2,)),
    "as many as there are places": ([waits(1), waits(2, after=1), waits(3, after=2)], Room(2), (), (1, 2)),
    "what is approved counts": ([approved(9), waits(1), waits(2, after=1)], Room(2), (), (1,)),
    "what is offered counts": ([offered(9, LATER), waits(1)], Room(1), (), ()),
    "an offer is over at its very moment": ([offered(9, NINE), waits(1)], Room(1), (9,), (1,)),
    "who is out is not offered": ([out(1), waits(2)], Room(2), (), (2,)),
    "who lacks something keeps the place and is passed": (
        [waits(1, ready=False), waits(2, after=1)], Room(1), (), (2,)),
    "a family is never split": ([approved(9, 4), waits(1, 5), waits(2, 3, after=1)], Room(9, people=8), (), (2,)),
    "the large one is offered when it fits": ([approved(9, 3), waits(1, 5), waits(2, 3, after=1)], Room(9, 8), (), (1,)),
    "an offer holds for as many as it was made": ([offered(9, LATER, 6), waits(1, 3)], Room(9, 8), (), ()),
    "no place in the contest": ([approved(9, 3, SONG), waits(1, 3, SONG), waits(2, 3, COOKING, after=1)],
                                Room(9, None, {SONG: 1, COOKING: 1}), (), (2,)),
    "two in line for the last place of a contest": ([waits(1, 3, SONG), waits(2, 3, SONG, after=1), waits(3, after=2)],
                                                    Room(9, None, {SONG: 1}), (), (1, 3)),
    "a contest without a bound": ([waits(1, 3, SONG), waits(2, 3, SONG, after=1)], Room(9), (), (1, 2)),
    "more approved than places": ([approved(8), approved(9), waits(1)], Room(1), (), ()),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_who_is_offered(case: str) -> None:
    families, room, over, offers = CASES[case]
    assert turn(families, room, NINE) == PlannedTurn(over, offers)


def test_never_more_than_there_is_and_nobody_who_fits_is_left_over() -> None:
    chance = Random(20240614)
    for _round in range(300):
        families = [
            InLine(
                number,
                chance.choice(list(Stands)),
                NINE + timedelta(minutes=chance.randint(0, 9)),
                chance.randint(2, 6),
                frozenset(chance.sample((SONG, COOKING), chance.randint(0, 2))),
                NINE + timedelta(hours=chance.choice((-1, 1))),
                chance.random() < 0.9,
            )
            for number in range(chance.randint(0, 12))
        ]
        room = Room(chance.randint(1, 8), chance.choice((None, 20)), {SONG: chance.randint(1, 4)})
        found = turn(families, room, NINE)
        holds = [
            each
            for each in families
            if each.stands is Stands.APPROVED or (each.stands is Stands.OFFERED and each.family not in found.over)
        ]
        before = len(holds), sum(each.people for each in holds), sum(SONG in each.contests for each in holds)
        given = [each for each in families if each.family in found.offered]
        after = [*holds, *given]
        if given:
            assert len(after) <= room.families
            assert room.people is None or sum(each.people for each in after) <= room.people
        assert sum(SONG in each.contests for each in after) <= max(before[2], room.contests[SONG])
        assert {each.stands for each in given} <= {Stands.WAITING} and all(each.ready for each in given)
        left = [each for each in families if each.stands is Stands.WAITING and each.ready and each not in given]
        for each in left:
            fits = len(after) < room.families
            fits &= room.people is None or sum(one.people for one in after) + each.people <= room.people
            fits &= SONG not in each.contests or sum(SONG in one.contests for one in after) < room.contests[SONG]
            assert not fits


@pytest.mark.parametrize(("place", "order"), [(1, [3, 1, 2]), (2, [1, 3, 2]), (3, [1, 2, 3]), (9, [1, 2, 3])])
def test_a_family_is_moved_to_a_place(place: int, order: list[int]) -> None:
    line = [waits(1), waits(2, after=1), waits(3, after=2)]
    at = moment_of_place(in_order(line), 3, place)
    moved = [*line[:2], InLine(3, Stands.WAITING, at, 3)]
    assert [each.family for each in in_order(moved)] == order
    assert place_of(moved, 3) == min(place, 3)
    assert place_of([out(5)], 5) is None
