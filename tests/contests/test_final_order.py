"""Which typed places are a final order, and what is said of those that are none?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.contests.counting.final_order import fault_of, places_of, typed_order
from festival.core.sentence import Sentence

NAMES = {"a": "An", "b": "Bình", "c": "Cúc", "d": "Danh"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"a": "2", "b": "1", "c": "3", "d": "4"}, [["b"], ["a"], ["c"], ["d"]]),
        ({"a": "1", "b": "2", "c": "3", "d": "3"}, [["a"], ["b"], ["c", "d"]]),
        ({"a": " 1 ", "b": "2", "c": "2", "d": "4"}, [["a"], ["b", "c"], ["d"]]),
    ],
)
def test_places_mean_groups_best_first(typed: dict[str, str], expected: list[list[str]]) -> None:
    assert typed_order(typed, NAMES) == expected


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"a": "1", "b": "2", "c": "3"}, "Chưa ghi hạng của: Danh."),
        ({"a": "1", "b": "2", "c": "3", "d": "x"}, "Hạng của Danh phải là số từ 1."),
        ({"a": "0", "b": "2", "c": "3", "d": "4"}, "Hạng của An phải là số từ 1."),
        ({"a": "4", "b": "3", "c": "0", "d": "1"}, "Hạng của Cúc phải là số từ 1."),
        ({"a": "1", "b": "2", "c": "3", "d": "5"}, "hạng tiếp theo là 4, không phải 5"),
        ({"a": "1", "b": "2", "c": "2", "d": "3"}, "hạng tiếp theo là 4, không phải 3"),
    ],
)
def test_what_is_no_order_is_told(typed: dict[str, str], said: str) -> None:
    refused = typed_order(typed, NAMES)
    assert isinstance(refused, Sentence)
    assert said in str(refused)


@pytest.mark.parametrize(
    ("order", "shared_from", "said"),
    [
        ([["a"], ["b"], ["c"], ["d"]], None, None),
        ([["a"], ["b"], ["c", "d"]], 3, None),
        ([["a"], ["b"], ["c", "d"]], None, "Thể lệ không cho đồng hạng, nhưng hạng 3 ghi cho 2 tiết mục."),
        ([["a"], ["b", "c"], ["d"]], 3, "Thể lệ chỉ cho đồng hạng từ hạng 3, nhưng hạng 2 ghi cho 2 tiết mục."),
        ([["a"], ["b"], ["c"]], 3, "Chưa ghi hạng của: Danh."),
        ([["a"], ["b"], ["c"], ["a"]], 3, "Mỗi tiết mục đứng đúng một chỗ trong thứ hạng."),
        ([["a"], ["b"], ["c"], ["x"]], 3, "Mỗi tiết mục đứng đúng một chỗ trong thứ hạng."),
    ],
)
def test_the_rules_say_who_may_share(order: list[list[str]], shared_from: int | None, said: str | None) -> None:
    fault = fault_of(order, NAMES, shared_from)
    assert (None if fault is None else str(fault).partition(". Ghi hạng, hoặc")[0].rstrip(".")) == (
        None if said is None else said.rstrip(".")
    )


def test_nobody_is_no_order() -> None:
    assert str(fault_of([], {}, None)) == "Chưa có tiết mục nào để xếp hạng."


@given(st.lists(st.integers(1, 4), min_size=1, max_size=6))
def test_places_written_out_are_read_as_the_same_order(sizes: list[int]) -> None:
    codes = iter(range(100))
    order = [[f"e{next(codes)}" for _ in range(size)] for size in sizes]
    written = {code: str(place) for place, group in places_of(order) for code in group}
    assert typed_order(written, {code: code for code in written}) == order
