"""Two gates and one person: is that one incident in every order, and only then?"""

from __future__ import annotations

from itertools import permutations

import pytest

from festival.checkin.counting.incidents import GateIncident, incidents
from festival.checkin.merge import Moment, SeenScan, TakenBack, after_undoing, export, latest, merge
from festival.core.canonical import canonical_json

FAMILY = ("cha", "con", "mẹ")


def seen(minute: int, device: int, way: str = "in", persons: tuple[str, ...] = FAMILY, **more: object) -> SeenScan:
    values = {"purpose": "entry", "window": "2024-06-14", "mid": f"m{minute}-{device}", "gate": "Cổng 1"} | more
    return SeenScan(Moment(minute, device, minute), pass_id="ab" * 16, persons=persons, way=way, **values)  # type: ignore[arg-type]


FIRST, SECOND = seen(1, 1), seen(5, 2)


@pytest.mark.parametrize(
    ("scans", "expected"),
    [
        # Both gates have the same name: that says nothing.
        ([FIRST, SECOND], [GateIncident("entry", "2024-06-14", FAMILY, (FIRST, SECOND))]),
        ([FIRST, seen(3, 1, "out"), SECOND], []),
        ([FIRST, seen(6, 1, "out"), SECOND], [GateIncident("entry", "2024-06-14", FAMILY, (FIRST, SECOND))]),
        ([FIRST, seen(5, 2, purpose="meal")], []),
        ([FIRST, seen(5, 2, window="2024-06-15")], []),
        ([FIRST, seen(5, 1)], []),
        ([FIRST, seen(5, 2, persons=("bà",))], []),
        ([seen(1, 1, undone=True), SECOND], []),
        (
            [FIRST, seen(2, 1), SECOND, seen(7, 3, persons=("con",))],
            [
                GateIncident("entry", "2024-06-14", ("con",), (FIRST, SECOND, seen(7, 3, persons=("con",)))),
                GateIncident("entry", "2024-06-14", ("cha", "mẹ"), (FIRST, SECOND)),
            ],
        ),
    ],
)
def test_incidents(scans: list[SeenScan], expected: list[GateIncident]) -> None:
    for order in permutations(scans):
        assert sorted(incidents([*order, order[0]]), key=str) == sorted(expected, key=str)


def test_every_order_of_scans_and_undoings_is_one_story() -> None:
    scans = [FIRST, seen(2, 2, persons=("cha",)), seen(3, 1, "out"), seen(4, 2, persons=("con",)), seen(9, 1)]
    undos = [
        TakenBack(Moment(6, 1, 90), "m1-1", by_lead=False),
        TakenBack(Moment(60 * 60_000, 1, 91), "m9-1", by_lead=False),  # a quarter of an hour is over
        TakenBack(Moment(7, 2, 92), "m3-1", by_lead=False),  # another device
        TakenBack(Moment(60 * 60_000, 8, 93), "m4-2", by_lead=True),
    ]
    stories = set()
    for order in permutations(scans):
        for taken in permutations(undos):
            stories.add(canonical_json(export("kg-2024", [*order, order[0]], [*taken, taken[0]])))
    assert len(stories) == 1
    left = after_undoing(scans, undos)
    assert [scan.undone for scan in left] == [True, False, False, True, False]
    assert {key[0]: scan.moment.at_ms for key, scan in merge(left).items()} == {"cha": 2, "con": 9, "mẹ": 9}
    assert {scan.way for _place, scan in latest(left).values()} == {"in"}
