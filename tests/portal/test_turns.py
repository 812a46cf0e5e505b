"""How many acts still come before a family's own."""

from __future__ import annotations

from festival.portal.turns import acts_before
from festival.programme.live import Call
from tests.programme.test_live import LINES, START, line


def test_acts_before_counts_only_what_is_still_to_come_in_the_same_session() -> None:
    lines = [*LINES, line(5, session=2)]
    assert acts_before(lines, {}, "e4", START) == 3
    assert acts_before(lines, {"e1": Call("done"), "e2": Call("absent")}, "e4", START) == 1
    assert acts_before(lines, {}, "e5", START) == 0
    assert acts_before(lines, {"e4": Call("done")}, "e4", START) is None
    assert acts_before(lines, {}, "e99", START) is None
