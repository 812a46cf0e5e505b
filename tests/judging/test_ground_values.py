"""The server and the device of the ground read and write counts and times alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config import ROOT
from festival.contests.marks import Blank
from festival.contests.measures import Typed, parse_count, parse_time, written_time
from tests.harness.node import run_node_tests

VECTORS = json.loads((ROOT / "tests" / "vectors" / "measures.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("kind", "typed", "expected"), VECTORS["typed"])
def test_typed(kind: str, typed: str, expected: int | str | None) -> None:
    answer = parse_time(typed) if kind == "time" else parse_count(typed)
    assert (answer.value if isinstance(answer, Typed) else None if isinstance(answer, Blank) else "bad") == expected


def test_written() -> None:
    assert [written_time(ms) for ms, _words in VECTORS["written"]] == [words for _ms, words in VECTORS["written"]]


def test_the_device_does_the_same() -> None:
    run_node_tests(Path(__file__).with_name("ground_js.test.mjs"))
