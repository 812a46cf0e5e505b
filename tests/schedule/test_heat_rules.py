"""Who runs in which heat and lane, who goes along with a tap, and when is a heat torn? On plain values."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from festival.core.clock import VIETNAM
from festival.schedule.heats.apart import apart
from festival.schedule.heats.called import goes_along
from festival.schedule.heats.rule import Lane, lanes_of
from festival.schedule.rules.planned import Clash, PlannedAct

CASES = json.loads((Path(__file__).parents[1] / "vectors/heats.json").read_text(encoding="utf-8"))["cases"]
STATES = ("waiting", "ready", "on_stage", "done", "absent")


def heats(drawn: list[int], late: int, lanes: int) -> str:
    """«123 45»: the numbers of each heat, by lanes."""
    found = lanes_of(drawn, late, lanes)
    of = {at.heat: "" for at in found}
    for number, at in enumerate(found, start=1):
        of[at.heat] += f"{number:x}"
    return " ".join(of[heat] for heat in sorted(of))


@pytest.mark.parametrize(
    ("drawn", "late", "lanes", "said"),
    [
        ([9], 0, 4, "123 456 789"),
        ([5], 0, 4, "123 45"),
        ([4], 0, 4, "1234"),
        ([1], 0, 4, "1"),
        ([], 0, 4, ""),
        ([5, 2], 0, 4, "123 45 67"),  # who drew a session runs in its heats alone
        ([5], 1, 4, "123 456"),
        ([5], 2, 4, "123 4567"),
        ([5], 3, 4, "1238 4567"),
        ([5], 5, 4, "1238 4567 9a"),
        ([], 3, 2, "12 3"),
    ],
)
def test_as_few_heats_as_can_be_and_each_as_large_as_the_others(
    drawn: list[int], late: int, lanes: int, said: str
) -> None:
    assert heats(drawn, late, lanes) == said


def test_of_every_size() -> None:
    for lanes, drawn, late in product(range(2, 11), range(25), range(8)):
        found = lanes_of([drawn], late, lanes)
        assert len(found) == drawn + late == len({(at.heat, at.lane) for at in found})
        assert all(1 <= at.lane <= lanes for at in found)
        assert found[:drawn] == lanes_of([drawn], 0, lanes)  # nobody who has a lane changes it
        at_draw = Counter(at.heat for at in found[:drawn])
        assert (
            len(at_draw) == -(-drawn // lanes)
            and max(at_draw.values(), default=0) - min(at_draw.values(), default=0) <= 1
        )
        assert [at.heat for at in found[:drawn]] == sorted(at.heat for at in found[:drawn])
        filled = Counter(at.heat for at in found)
        # a new heat begins only when every lane of the others is taken
        assert all(filled[heat] == lanes for heat in filled if heat < max(filled)) or max(filled) == len(at_draw)
        first = {at.heat: number for number, at in reversed(list(enumerate(found, start=1)))}
        assert all(at.first == first[at.heat] for at in found)
        assert [first[heat] for heat in sorted(first)] == sorted(first.values())


def test_who_goes_along_with_a_tap() -> None:
    assert [(was, to) for was, to, _along in CASES] == list(product(STATES, STATES))
    for was, to, along in CASES:
        assert [other for other in STATES if goes_along(was, to, other)] == [each for each in STATES if each in along]


def test_a_heat_is_torn_where_not_all_stand_together() -> None:
    at = datetime(2024, 6, 14, 8, tzinfo=VIETNAM)
    heat = PlannedAct("a+b+c", "đợt 1: A, B, C", "chay", 5)
    lanes = {1: Lane(1, 1), 2: Lane(1, 2), 3: Lane(1, 3)}

    def found(stands: dict[int, tuple[int, datetime]]) -> list[Clash]:
        return [each.kind for each in apart([heat], {heat.code: (1, 2, 3)}, lanes, stands)]

    together = dict.fromkeys((1, 2, 3), (7, at))
    assert found(together) == []
    assert found({}) == []  # it has no place at all: that is said elsewhere
    assert found({1: (7, at), 2: (7, at)}) == [Clash.UNPLACED]
    assert found(together | {3: (8, at)}) == found(together | {3: (7, at + timedelta(minutes=5))}) == [Clash.TORN]
    assert found({1: (7, at), 2: (8, at)}) == [Clash.TORN]
    alone = PlannedAct("x", "X", "hat", 5)
    assert list(apart([alone], {"x": (9,)}, {}, {9: (7, at)})) == []
