"""What the office's inbox calls a message of the ground: of whom and which try or match, and never the result in it."""

from __future__ import annotations

import pytest
from flask import Flask

from festival.core.transaction import reading
from festival.devices.handlers import described
from festival.privacy.people.redacting import judged
from tests.judging.bracket_cast import BADMINTON, drawn, knock_out, won

pytestmark = pytest.mark.either_database


def test_messages_of_the_ground_are_called_by_whom_they_are_about_and_a_match_is_judging(app: Flask) -> None:
    with app.app_context():
        panel = knock_out(4, BADMINTON)
        first = "Gia đình ông Danh Chung"
        bodies = [
            {"subject": "S000/2", "state": "valid", "value": 12},
            {"subject": "KHONG/1", "state": "valid", "value": 12},
            {"subject": "S001"},
        ]
        with reading():
            assert described("measure.note", panel.festival_id, bodies) == [f"{first} 0, lượt 2", "", f"{first} 1"]
            match = {"subject": "bong-ro/1.1", "a": "S000", "b": "S003", "how": "played", "winner": "S003", "sets": []}
            assert described("match.result", panel.festival_id, [match, match | {"b": 7}]) == [
                f"{first} 0 gặp {first} 3",
                "",
            ]
            assert judged(panel.sport_entries) == []
        bracket = drawn(panel)
        won(panel, (1, 1))
        met = bracket.tree.match((1, 1))
        assert met is not None
        with reading():
            sides = [panel.sport_entries[int(str(code)[1:])] for code in (met.a, met.b)]
            assert [judged([each]) for each in sides] == [["Ném bóng vào rổ"]] * 2, "whoever has played is being judged"
            others = [each for each in panel.sport_entries if each not in sides]
            assert judged(others) == []
