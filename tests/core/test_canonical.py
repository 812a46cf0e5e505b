"""Canonical JSON as RFC 8785 writes it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.core.canonical import canonical_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_keys_sort_by_utf16_units_as_in_the_rfc() -> None:
    # RFC 8785, 3.2.3: the sorting example.
    value = {"€": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\x80": 6, "ö": 7}
    assert list(json.loads(canonical_json(value))) == ["\r", "1", "\x80", "ö", "€", "😀", "\ufb33"]


def test_control_characters_are_escaped_and_letters_are_not() -> None:
    assert canonical_json({"tên": 'Đặng "Ngọc"\n\x1f'}) == '{"tên":"Đặng \\"Ngọc\\"\\n\\u001f"}'.encode()


@pytest.mark.parametrize("value", [1.5, {1: 2}, b"x", {"a": object()}])
def test_other_types_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def test_inexact_integers_are_refused() -> None:
    with pytest.raises(ValueError, match="exact"):
        canonical_json(2**53)


@given(VALUES)
def test_reading_it_back_gives_the_same_value_and_the_same_bytes(value: object) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text
