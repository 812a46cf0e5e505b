"""Two gates have let the same person in: one incident, whatever the order of the news? Pure."""

from __future__ import annotations

from itertools import permutations

from festival.checkin.lead.incidents import incidents
from festival.checkin.merge import Moment, SeenScan

FAMILY = ("con", "cha", "mẹ")


def scan(
    device, at, persons=FAMILY, *, seq=1, purpose="entry", way="in", gate="Cổng 1", undone=False, window="2024-06-14"
):
    return SeenScan(
        Moment(at, device, seq), gate, "ab", purpose, window, persons, way, f"m{device}.{seq}", undone=undone
    )


def told(scans):
    return [(each.key, each.persons) for each in incidents(scans)]


def test_a_family_at_two_gates_is_one_incident_in_every_order_and_repetition():
    scans = [scan(7, 100), scan(9, 200, ("cha", "con")), scan(7, 150, seq=2), scan(12, 90, ("bà",))]
    expected = [("entry|2024-06-14|7.1|9.1", ("cha", "con"))]
    for order in permutations(scans):
        assert told(order) == expected == told([*order, *order])


def test_the_name_of_the_station_makes_no_difference():
    assert told([scan(7, 100, gate="Cổng 1"), scan(9, 200, gate="Cổng 1")]) != []
    assert told([scan(7, 100, gate="Cổng 1"), scan(7, 200, gate="Cổng 2", seq=2)]) == [], "one device, carried along"


def test_what_is_none():
    assert told([scan(7, 100), scan(9, 200, purpose="meal")]) == [], "a meal after an entry"
    assert told([scan(7, 100), scan(9, 200, window="2024-06-15")]) == [], "the next day"
    assert told([scan(7, 100), scan(9, 150, way="out"), scan(9, 200, seq=2)]) == [], "out in between"
    assert told([scan(7, 100), scan(9, 200, undone=True)]) == [], "taken back"
    naive = {person for one in (scan(7, 100),) for person in one.persons} & set(scan(9, 150, way="out").persons)
    assert naive == set(FAMILY), "the naive rule, two devices have seen them, would call the exit an incident"


def test_an_exit_that_is_told_late_ends_it_and_one_more_scan_is_another_incident():
    two = [scan(7, 100), scan(9, 200)]
    assert told([*two, scan(8, 150, way="out")]) == []
    (before,), (after,) = told(two), told([*two, scan(5, 300)])
    assert before[0] == "entry|2024-06-14|7.1|9.1" and after[0] == "entry|2024-06-14|5.1|7.1|9.1"


def test_the_same_day_out_and_twice_in_again_are_two_incidents():
    scans = [scan(7, 1), scan(9, 2), scan(7, 3, way="out", seq=2), scan(8, 4), scan(9, 5, seq=2)]
    assert [key for key, _ in told(scans)] == ["entry|2024-06-14|8.1|9.2", "entry|2024-06-14|7.1|9.1"]
