"""Does `flask judging tally` come to what published protocols print, and does it refuse what it does not know?"""

from __future__ import annotations

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from config import ROOT
from festival.results.outside.match_order import OutsideMatch, order_of

# No row is read: both databases would say the same.
pytestmark = pytest.mark.either_database

PUBLISHED = json.loads((ROOT / "tests" / "vectors" / "published_tallies.json").read_text("utf-8"))["cases"]
_EXAMPLE = re.search(
    r"```json\n(\{\"format\": \"festival-tally 1\".*?)```", (ROOT / "docs/judging.md").read_text("utf-8"), re.S
)
assert _EXAMPLE is not None
EXAMPLE: dict[str, Any] = json.loads(_EXAMPLE[1])


def tally(app: Flask, tmp_path: Path, document: object, *more: str, code: int = 0) -> Any:
    file = tmp_path / "marks.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["judging", "tally", str(file), *more])
    assert done.exit_code == code, done.output + repr(done.exception)
    return json.loads(done.stdout) if code == 0 else done.stderr


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["what"][:40])
def test_published_protocols_come_out_as_they_were_printed(app: Flask, tmp_path: Path, case: dict[str, Any]) -> None:
    said = tally(app, tmp_path, case["file"])
    assert said["format"] == "festival-standings 1"
    assert {each["code"]: each["points"] for each in said["entries"]} == case["points"]
    if case["places"]:
        assert {each["code"]: each["place"] for each in said["entries"]} == case["places"]


def test_the_documented_example_and_its_two_languages(app: Flask, tmp_path: Path) -> None:
    outside = {"shared": False, "open": False}
    assert tally(app, tmp_path, EXAMPLE) == {
        "format": "festival-standings 1",
        "entries": [
            {"code": "e2", "state": "ranked", "points": "7.25", "place": 1, "dropped": [], "reasons": []} | outside,
            {"code": "e1", "state": "ranked", "points": "7", "place": 2,
             "dropped": [{"judge": "j1", "total": "9", "why": "cao nhất"}, {"judge": "j3", "total": "7", "why": "thấp nhất"}],
             "reasons": ["Bỏ phiếu cao nhất: j1.", "Bỏ phiếu thấp nhất: j3.", "Trừ 0,5 điểm."]} | outside,
            {"code": "e3", "state": "dns", "points": None, "place": None, "dropped": [], "reasons": ["Không dự thi."]} | outside,
        ],
        "prizes": [{"code": "e2", "prize": "Nhất"}],
        "questions": [],
    }  # fmt: skip
    english = tally(app, tmp_path, EXAMPLE, "--lang", "en")
    assert english["entries"][-1]["reasons"] == ["Did not take part."]


def rubric(scoring: dict[str, Any], totals: dict[str, list[int | str]], **contest: Any) -> dict[str, Any]:
    judges = max(map(len, totals.values()))
    return {
        "format": "festival-tally 1",
        "contest": {
            "code": "a", "name": "A", "kind": "rubric", "secrecy": "kín", "duration_min": 5, "judges": judges,
            "criteria": [{"code": "x", "name": "X", "max": 100, "step": 1}], "scoring": scoring,
        } | contest,
        "entries": [
            {"code": code, "sheets": [
                {"judge": f"j{at}", "state": mark} if isinstance(mark, str)
                else {"judge": f"j{at}", "state": "marked", "marks": {"x": str(mark)}}
                for at, mark in enumerate(marks)
            ]}
            for code, marks in totals.items()
        ],
    }  # fmt: skip


def places(said: Any) -> list[tuple[str, str | None, int | None]]:
    return [(each["code"], each["points"], each["place"]) for each in said["entries"]]


def test_sums_of_places_and_the_rungs_that_judges_part(app: Flask, tmp_path: Path) -> None:
    three = {"e1": [90, 80, 60], "e2": [80, 90, 50], "e3": [70, 70, 70]}
    assert places(tally(app, tmp_path, rubric({"rule": "rank_sum"}, three))) == [
        ("e1", "5", 1),
        ("e2", "6", 2),
        ("e3", "7", 3),
    ]
    recused: dict[str, list[int | str]] = {"e1": [90, 80, "recused"], "e2": [80, 90, 50], "e3": [70, 70, 70]}
    assert places(tally(app, tmp_path, rubric({"rule": "rank_sum"}, recused))) == [
        ("e1", "4.5", 1), ("e2", "5", 2), ("e3", "7", 3),
    ]  # fmt: skip
    equal = {"e1": [90, 70, 80], "e2": [70, 90, 80], "e3": [80, 80, 80]}
    for rung, first in (("firsts", ["e1", "e2", "e3"]), ("chair", ["e2", "e3", "e1"])):
        file = rubric({"rule": "mean"}, equal, ties=[{"by": rung}]) | {"chair": "j1"}
        said = tally(app, tmp_path, file)
        assert [each["code"] for each in said["entries"]] == first
        assert [each["kind"] for each in said["questions"]] == (["tie"] if rung == "firsts" else [])
    beaten = {"e1": [90, 90, 30], "e2": [80, 80, 50], "e3": [70, 70, 70]}
    said = tally(app, tmp_path, rubric({"rule": "mean"}, beaten, ties=[{"by": "head_to_head"}]))
    assert [(each["code"], each["place"]) for each in said["entries"]] == [("e1", 1), ("e2", 2), ("e3", 3)]


@pytest.mark.parametrize(
    ("kind", "results", "more", "told"),
    [
        ("count", {"e1": ["12", "7"], "e2": ["10", "10"]}, {}, [("e1", "12", 1), ("e2", "10", 2)]),
        (
            "count",
            {"e1": ["12", "7"], "e2": ["10", "10"]},
            {"attempts_count": "sum"},
            [("e2", "20", 1), ("e1", "19", 2)],
        ),
        (
            "count",
            {"e1": ["12", "7"], "e2": ["10", "dnf"]},
            {"attempts_count": "mean"},
            [("e1", "9.5", 1), ("e2", "5", 2)],
        ),
        ("time", {"e1": ["1:23.45", "90"], "e2": ["83.4", "dnf"]}, {}, [("e2", "83.4", 1), ("e1", "83.45", 2)]),
        (
            "time",
            {"e1": ["1:20", "1:30"], "e2": ["60", "dnf"]},
            {"attempts_count": "sum"},
            [("e1", "170", 1), ("e2", None, None)],
        ),
    ],
)
def test_tries(
    app: Flask,
    tmp_path: Path,
    kind: str,
    results: dict[str, list[str]],
    more: dict[str, Any],
    told: list[tuple[Any, ...]],
) -> None:
    contest = {"code": "a", "name": "A", "kind": kind, "secrecy": "kín", "duration_min": 5, "attempts": 2} | more
    contest |= {"better": "less"} if kind == "time" else {}
    entries = [{"code": code, "results": tries} for code, tries in results.items()]
    assert places(tally(app, tmp_path, {"format": "festival-tally 1", "contest": contest, "entries": entries})) == told


def bracket(**more: Any) -> dict[str, Any]:
    contest = {"code": "c", "name": "C", "kind": "match", "secrecy": "kín", "duration_min": 5} | more
    won = [(1, "a", "b", "a"), (1, "c", "d", "c"), (2, "a", "c", "c")]
    return {
        "format": "festival-tally 1", "contest": contest, "entries": [{"code": code} for code in "abcd"],
        "matches": [{"round": number, "a": a, "b": b, "winner": winner} for number, a, b, winner in won],
    }  # fmt: skip


def test_a_knock_out(app: Flask, tmp_path: Path) -> None:
    said = tally(app, tmp_path, bracket(shared_from=3))
    assert places(said) == [("c", None, 1), ("a", None, 2), ("b", None, 3), ("d", None, 3)] and said["questions"] == []
    assert tally(app, tmp_path, bracket())["questions"][0]["entries"] == ["b", "d"]
    third = bracket()
    third["matches"].append({"round": 2, "a": "b", "b": "d", "sets": ["21:15", "18:21", "21:19"], "winner": "b"})
    assert [each["code"] for each in tally(app, tmp_path, third)["entries"]] == ["c", "a", "b", "d"]
    assert order_of([OutsideMatch(1, "a", "b", "b")], ["a", "b", "c"]) == [["b"], ["a"]]


def change(path: str, value: object) -> dict[str, Any]:
    document = deepcopy(EXAMPLE)
    *way, last = path.split(".")
    node: Any = document
    for step in way:
        node = node[int(step)] if step.isdigit() else node[step]
    node[int(last) if last.isdigit() else last] = value
    return document


SHEET = "entries.0.sheets.0"


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ("{", "$:"), ("[1]", "$:"), ('{"format": "festival-tally 1", "format": 1}', "$..format:"), ("\xff", "$:"),
        (change("format", "festival-tally 2"), "$.format:"),
        (change("colour", "red"), "$.colour:"),
        (change("contest.criteria.0.step", 3), "$.contest.criteria[0].step:"),
        (change("contest.bunch", 1), "$.contest.bunch:"),
        (change("entries.1.code", "e1"), "$.entries[1].code:"),
        (change("entries.0.penalty", "-1"), "$.entries[0].penalty:"),
        (change("entries.0.overtime_s", 1.5), "$.entries[0].overtime_s:"),
        (change("entries.0.results", ["12"]), "$.entries[0].results:"),
        (change("entries.2.out", "late"), "$.entries[2].out:"),
        (change("matches", [{}]), "$.matches:"),
        (change("chair", "j9"), "$.chair:"),
        (change(f"{SHEET}.state", "asleep"), "$.entries[0].sheets[0].state:"),
        (change(f"{SHEET}.judge", "j2"), "$.entries[0].sheets[1].judge:"),
        (change(f"{SHEET}.marks.content", "10.5"), "$.entries[0].sheets[0].marks.content:"),
        (change(f"{SHEET}.marks.content", "NaN"), "$.entries[0].sheets[0].marks.content:"),
        (change(f"{SHEET}.marks.fault", "-0"), "$.entries[0].sheets[0].marks.fault:"),
        (change(f"{SHEET}.marks", {"content": "9"}), "$.entries[0].sheets[0].marks.fault:"),
        (change(f"{SHEET}.marks.voice", "9"), "$.entries[0].sheets[0].marks.voice:"),

        (change("entries.1.sheets.1.marks", {"content": "9"}), "$.entries[1].sheets[1].marks:"),
        (bracket() | {"matches": [{"round": 1, "a": "a", "b": "b", "sets": ["21:21"], "winner": "a"}]}, "$.matches[0].sets:"),
        (bracket() | {"matches": [{"round": 1, "a": "a", "b": "b", "sets": ["21:15"], "winner": "b"}]}, "$.matches[0].sets:"),
        (bracket() | {"matches": [{"round": 1, "a": "a", "b": "x", "winner": "a"}]}, "$.matches[0].b:"),
        (bracket() | {"matches": [{"round": 1, "a": "a", "b": "b", "winner": "c"}]}, "$.matches[0].winner:"),
    ],
)  # fmt: skip
def test_wrong_input_is_one_sentence_with_its_path(app: Flask, tmp_path: Path, document: Any, path: str) -> None:
    said = tally(app, tmp_path, document, code=2)
    assert said.startswith(path) and said.count("\n") == 1, said


def test_a_file_that_is_not_there(app: Flask, tmp_path: Path) -> None:
    done = app.test_cli_runner().invoke(args=["judging", "tally", str(tmp_path / "none.json")])
    assert done.exit_code == 2 and done.stderr.startswith("$: ")
