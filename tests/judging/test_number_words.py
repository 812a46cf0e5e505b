"""Numbers read aloud, by the vectors shared with the tablet."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.judging.by_hand.number_words import points_in_words, whole_in_words

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "number_words.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("milli", "words"), VECTORS)
def test_points_are_read_as_at_school(milli: int, words: str) -> None:
    assert points_in_words(milli) == words


@given(st.integers(0, 999_999), st.integers(0, 999_999))
def test_different_points_never_sound_the_same(one: int, other: int) -> None:
    assert (points_in_words(one) == points_in_words(other)) == (one == other)


def test_numbers_nobody_awards_are_refused() -> None:
    for n in (-1, 1_000_000):
        with pytest.raises(ValueError):
            whole_in_words(n)
