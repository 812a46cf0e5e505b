"""Is the drawn order fair, repeatable by anybody, and complete?"""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.schedule.draw import Drawn, Undrawn, hand_order, lot, seeded_order

CODES = st.lists(st.text("abcdef0123456789", min_size=1, max_size=8), unique=True, max_size=30)


@given(codes=CODES, seed=st.text(max_size=12), data=st.data())
def test_a_seed_gives_one_order_however_the_entries_are_listed(
    codes: list[str], seed: str, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(codes))
    assert seeded_order(seed, "tai-nang", codes) == seeded_order(seed, "tai-nang", shuffled)
    assert sorted(seeded_order(seed, "tai-nang", codes)) == sorted(codes)


def test_the_lot_is_what_sha256sum_prints() -> None:
    """docs/schedule.md tells how to repeat this by hand: printf '14062024|tai-nang|a1' | sha256sum."""
    assert lot("14062024", "tai-nang", "a1") == hashlib.sha256(b"14062024|tai-nang|a1").hexdigest()


def test_every_place_is_about_as_likely() -> None:
    firsts = [seeded_order(str(seed), "c", ["a", "b", "c"])[0] for seed in range(3000)]
    assert all(900 < firsts.count(code) < 1100 for code in "abc")


def test_an_entry_given_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="drawn once"):
        seeded_order("1", "c", ["a", "a"])


@given(codes=CODES.filter(bool), data=st.data())
def test_numbers_typed_as_drawn_become_the_order(codes: list[str], data: st.DataObject) -> None:
    order = data.draw(st.permutations(codes))
    numbers = {code: f" {order.index(code) + 1} " for code in codes}
    assert hand_order(numbers) == Drawn(tuple(order))


def test_a_hand_draw_with_gaps_doubles_and_strangers_is_not_a_draw() -> None:
    answer = hand_order({"a": "1", "b": "1", "c": "", "d": "0", "e": "6", "f": "hai"})
    assert isinstance(answer, Undrawn)
    assert {code: str(fault) for code, fault in answer.faults.items()} == {
        "b": "số 1 đã có người bốc",
        "c": "chưa có số bốc thăm",
        "d": "«0» không phải số từ 1 đến 6",
        "f": "«hai» không phải số từ 1 đến 6",
    }
