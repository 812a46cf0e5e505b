"""Does every order of delivery tell the same story?"""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from festival.checkin.merge import Moment, SeenScan, day_window, export, merge
from festival.core.canonical import canonical_json

PEOPLE = ["ông Chung", "bà Thu", "em Ánh", "cháu Khang"]
SCANS = st.lists(
    st.builds(
        lambda at, device, persons, purpose: (at, device, persons, purpose),
        st.integers(0, 5).map(lambda minute: 1_718_330_400_000 + minute * 60_000),
        st.integers(1, 4),
        st.sets(st.sampled_from(PEOPLE), min_size=1),
        st.sampled_from(["entry", "meal"]),
    ),
    max_size=12,
).map(
    lambda rows: [
        SeenScan(Moment(at, device, seq), f"Cổng {device}", "ab" * 16, purpose, "2024-06-14", tuple(sorted(persons)))
        for seq, (at, device, persons, purpose) in enumerate(rows, 1)
    ]
)


@given(SCANS, st.randoms(use_true_random=False))
def test_any_order_and_repetition_gives_the_same_export(scans, luck):
    delivered = scans + [scan for scan in scans if luck.random() < 0.5]
    luck.shuffle(delivered)
    assert canonical_json(export("kg-2024", delivered)) == canonical_json(export("kg-2024", scans))


@given(SCANS, st.integers(0, 12))
def test_merging_in_parts_is_merging_at_once(scans, cut):
    first, later = scans[:cut], scans[cut:]
    assert merge(later, merge(first)) == merge(first, merge(later)) == merge([*later, *first])


@given(SCANS)
def test_everybody_scanned_is_in_once_by_the_earliest_scan(scans):
    merged = merge(scans)
    assert set(merged) == {(person, scan.purpose, scan.window) for scan in scans for person in scan.persons}
    for (person, purpose, _window), winner in merged.items():
        assert winner.moment == min(s.moment for s in scans if s.purpose == purpose and person in s.persons)


def test_a_day_begins_at_three_in_vietnam():
    assert day_window(datetime(2024, 6, 14, 19, 59, tzinfo=UTC)) == "2024-06-14"
    assert day_window(datetime(2024, 6, 14, 20, 0, tzinfo=UTC)) == "2024-06-15"
