"""In which order does a stage go on the day, and when is who expected? On plain values, the same on the device."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from festival.programme.live import Call, Line, boards, expected_of, in_order
from festival.schedule.stage_day.expected import (
    DayAct,
    expected_starts,
    moved,
    order_of_day,
    overtime_s,
    told_later,
)
from tests.harness.node import run_node_tests

START = datetime(2024, 6, 14, 0, 30, tzinfo=UTC)
CASES = json.loads((Path(__file__).parents[1] / "vectors/stage_day.json").read_text(encoding="utf-8"))["cases"]


def minute(number: float | None) -> Any:
    return None if number is None else START + timedelta(minutes=number)


def act_of(row: list[Any]) -> DayAct:
    code, session, starts, minutes, changeover, state, began, ended, turn = row
    return DayAct(code, session, minute(starts), minutes, changeover, state, minute(began), minute(ended), turn)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["said"]))
def test_the_order_of_the_day_and_the_expected_starts(case: dict[str, Any]) -> None:
    acts = [act_of(row) for row in case["acts"]]
    assert [act.key for act in order_of_day(acts)] == case["order"]
    later = told_later(acts, minute(case["at"]))
    assert later == {key: minute(begins) for key, begins in case["later"].items()}
    # nobody is ever expected before the published time, and nobody who is on or over is expected
    starts = expected_starts(acts, minute(case["at"]))
    assert all(starts[act.key] >= act.starts_at for act in acts if act.key in starts)
    assert {act.key for act in acts if act.state in ("on_stage", "done", "absent")} & set(starts) == set()


def test_the_device_counts_as_the_office_does() -> None:
    run_node_tests(Path(__file__).with_name("stage_js.test.mjs"))


def test_overtime_is_counted_in_seconds_from_begun_and_ended() -> None:
    assert overtime_s(START, START + timedelta(minutes=9, seconds=20), 8) == 80
    assert overtime_s(START, START + timedelta(minutes=7), 8) == -60
    assert (overtime_s(None, START, 8), overtime_s(START, None, 8)) == (0, 0)


def test_an_act_is_put_behind_another_one() -> None:
    assert moved(["a", "b", "c", "d"], "a", "c") == ["b", "c", "a", "d"]
    assert moved(["a", "b", "c", "d"], "d", "a") == ["a", "d", "b", "c"]
    assert moved(["a", "b"], "a", "b") == ["b", "a"]


def test_the_public_board_follows_the_changed_order_and_says_when_who_comes() -> None:
    lines = [
        Line(n, f"e{n}", n, f"Gia đình {n}", "", "", "c", "C", "s", "S", 1, "", minute(10 * n - 10), 8, 2)
        for n in (1, 2, 3, 4)
    ]
    calls = {
        "e1": Call("on_stage", minute(7), None, 1),
        "e2": Call("waiting", turn=3),
        "e3": Call("ready", turn=2),
        "e4": Call("waiting", turn=4),
    }
    (board,) = boards(lines, calls, minute(9))
    assert (board.now, board.then, board.late_min) == (lines[0], (lines[2], lines[1]), 7)
    assert board.expected == {"e2": minute(30)}
    assert expected_of(lines, calls, minute(9)) == {"e2": minute(30), "e4": minute(40)}
    assert [line.number for line in in_order(lines, calls)] == [1, 3, 2, 4]
