"""How many acts still come before a family's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from festival.portal.turns import acts_before, turns_of
from festival.programme.live import Call, Line
from festival.programme.queries import Block, ProgrammeDay, RunningProgramme
from tests.programme.test_live import LINES, START, line


def _day(lines: Sequence[Line]) -> ProgrammeDay:
    return ProgrammeDay(date(2024, 6, 14), (Block("A", "tai-nang", "Gia đình tài năng", "", START, tuple(lines)),))


def test_acts_before_counts_only_what_is_still_to_come_in_the_same_session() -> None:
    lines = [*LINES, line(5, session=2)]
    assert acts_before(lines, {}, "e4", START) == 3
    assert acts_before(lines, {"e1": Call("done"), "e2": Call("absent")}, "e4", START) == 1
    assert acts_before(lines, {}, "e5", START) == 0
    assert acts_before(lines, {"e4": Call("done")}, "e4", START) is None
    assert acts_before(lines, {}, "e99", START) is None


@pytest.mark.parametrize(
    ("at", "calls", "said"),
    [
        (START - timedelta(days=1), {}, [("far", 0), ("far", 2)]),  # the first act of tomorrow hurries nobody
        (START - timedelta(hours=1), {}, [("far", 0), ("far", 2)]),
        (START - timedelta(minutes=59), {}, [("soon", 0), ("far", 2)]),
        (START - timedelta(minutes=30), {}, [("soon", 0), ("soon", 2)]),
        (START - timedelta(hours=2), {"e1": Call("done")}, [("done", None), ("soon", 1)]),  # called before its hour
        (START + timedelta(days=1), {}, [("done", None), ("done", None)]),
    ],
)
def test_only_what_is_a_matter_of_minutes_is_said_to_be_next(
    at: datetime, calls: dict[str, Call], said: list[tuple[str, int | None]]
) -> None:
    running = RunningProgramme((_day(LINES),), calls)
    assert [(turn.state, turn.before) for turn in turns_of(running, frozenset({"e1", "e3"}), at)] == said
    # The first act of a later session of the day is not next either while another one runs.
    both = (*LINES, replace(line(5, session=2), starts_at=START + timedelta(hours=6)))
    (turn,) = turns_of(RunningProgramme((_day(both),), calls), frozenset({"e5"}), at)
    assert turn.state == ("done" if at > START else "far")
