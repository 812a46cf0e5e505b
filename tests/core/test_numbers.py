"""Is a whole number that somebody types the same number wherever it is read?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from festival.contests.measures import Typed, parse_count
from festival.core.numbers import typed_number
from festival.core.web.errors import BadInput
from festival.core.web.forms import form_number
from festival.core.web.paging import asked_number
from festival.registration.versions import version_of_form
from festival.results.decision_form import typed_order
from festival.schedule.draw import Drawn, hand_order

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database


def in_a_form(text: str) -> int | None:
    try:
        return form_number("typed")
    except BadInput:
        return None


def as_a_version(text: str) -> int | None:
    try:
        return version_of_form()
    except BadInput:
        return None


def as_a_place(text: str) -> int | None:
    try:
        return 5 if typed_order().order == [["a"], ["b"]] else 0
    except BadInput:
        return None


def as_a_number_drawn(text: str) -> int | None:
    others = {f"entry {number}": str(number) for number in (1, 2, 3, 4)}
    read = hand_order({**others, "wanted": text})
    return read.order.index("wanted") + 1 if isinstance(read, Drawn) else None


def as_a_count(text: str) -> int | None:
    read = parse_count(text)
    return read.value if isinstance(read, Typed) else None


READERS: dict[str, Callable[[str], int | None]] = {
    "anywhere": typed_number,
    "address": lambda text: asked_number("typed") or None,
    "form": in_a_form,
    "version": as_a_version,
    "place": as_a_place,
    "draw": as_a_number_drawn,
    "count": as_a_count,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5), (" 5 ", 5), ("05", 5), ("", None), (" ", None), ("9" * 24, None), ("٣", None), ("1_0", None)]
    + [(text, None) for text in ("-5", "+5", "5.0", "5e0", "0x5", "²", "năm", "5 5", "\x00")],
)
def test_a_number_has_one_reading(app: Flask, reader: str, text: str, number: int | None) -> None:
    sent = {"typed": text, "version": text, "place-a": text, "place-b": "9"}
    with app.test_request_context("/", method="POST", query_string=sent, data=sent):
        assert READERS[reader](text) == number
