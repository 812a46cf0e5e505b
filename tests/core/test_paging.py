"""Does a list in parts show every row once, and does nothing that stands in an address break it?"""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from festival.core.web.paging import asked_part, part

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database


@given(found=st.integers(0, 500), size=st.integers(1, 60))
def test_every_row_is_on_exactly_one_page(found: int, size: int) -> None:
    rows = list(range(found))
    last = part(found, size, 1).last
    pages = [part(found, size, number) for number in range(1, last + 1)]
    assert [row for each in pages for row in each.of(rows)] == rows
    assert [(each.first, each.until) for each in pages] == [
        (each.of(rows)[0] + 1, each.of(rows)[-1] + 1) if rows else (0, 0) for each in pages
    ]


@given(found=st.integers(0, 500), size=st.integers(1, 60), asked=st.integers(-(10**30), 10**30))
def test_a_page_that_is_not_there_is_the_nearest(found: int, size: int, asked: int) -> None:
    shown = part(found, size, asked)
    assert shown.number == max(1, min(asked, shown.last))


@pytest.mark.parametrize(
    ("typed", "number"),
    [("", 1), ("2", 2), ("0", 1), ("-1", 1), ("99", 3), ("2.5", 1), ("٣", 1), ("hai", 1), ("9" * 400, 1), ("\x00", 1)],
)
def test_a_number_that_is_none_is_the_first_page(app: Flask, typed: str, number: int) -> None:
    with app.test_request_context("/", query_string={"page": typed}):
        assert asked_part(25, 10).number == number
