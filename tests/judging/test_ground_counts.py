"""Which number stands when two people count blind: the whole table of cases, without a database."""

from __future__ import annotations

import pytest

from festival.judging.ground.counts import Agreed, CountersRule, CountTaken, OneMore, Undecided, judge_counts

LATER, MEAN = CountTaken.LATER, CountTaken.MEAN


@pytest.mark.parametrize(
    ("values", "tolerance", "take", "stands"),
    [
        ([], 0, LATER, OneMore(apart=False)),
        ([12], 5, LATER, OneMore(apart=False)),
        ([12, 12], 0, LATER, Agreed(12)),
        ([12, 13], 0, LATER, OneMore(apart=True)),
        ([12, 13], 1, LATER, Agreed(13)),
        ([13, 12], 1, LATER, Agreed(12)),
        ([12, 14], 1, MEAN, OneMore(apart=True)),
        ([23_450, 23_530], 200, MEAN, Agreed(23_490)),
        ([12, 13], 1, MEAN, Agreed(13)),  # a half is rounded up, once
        ([12, 15, 15], 0, LATER, Agreed(15)),
        ([12, 15, 14], 1, LATER, Agreed(14)),
        ([10, 14, 12], 2, LATER, Agreed(12)),  # as near to the one as to the other: the one in the middle
        ([10, 14, 12], 1, MEAN, Undecided()),
        ([1, 5, 9, 9], 0, LATER, Agreed(9)),
    ],
)
def test_two_counters(values: list[int], tolerance: int, take: CountTaken, stands: object) -> None:
    assert judge_counts(values, CountersRule(2, tolerance, take)) == stands


def test_one_counter_needs_nobody_else() -> None:
    assert judge_counts([7], CountersRule()) == Agreed(7)
    assert judge_counts([], CountersRule()) == OneMore(apart=False)
