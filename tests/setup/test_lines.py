"""Does a path lead to the line on which a person finds it in the file?"""

from __future__ import annotations

import json

import pytest

from config import ROOT
from festival.setup.rule_file.lines import line_of, lines_of

TEXT = """{
  "schema": "x", "a": [1,
    2, {"b": null,
      "c\\u0111": {} } ],
  "d": {
    "e": [ ], "f": "} ] \\" ,"
  },
  "g": -1.5e3
}
"""


def test_every_path_has_its_line() -> None:
    assert lines_of(TEXT) == {
        "$": 1,
        "$.schema": 2,
        "$.a": 2,
        "$.a[0]": 2,
        "$.a[1]": 3,
        "$.a[2]": 3,
        "$.a[2].b": 3,
        "$.a[2].cđ": 4,
        "$.d": 5,
        "$.d.e": 6,
        "$.d.f": 6,
        "$.g": 8,
    }


def test_what_is_missing_stands_where_its_object_begins() -> None:
    lines = lines_of(TEXT)
    assert line_of("$.d.e", lines) == 6
    assert line_of("$.d.missing.deeper[3].x", lines) == 5
    assert line_of("$.h", lines) == 1
    assert line_of("$..twice", lines) == 1
    assert line_of("$.a[2].b", {}) is None


@pytest.mark.parametrize("text", ["", "{", '{"a"', '{"a": "', "[1 2]", "[" * 5000])
def test_what_is_no_json_has_no_lines(text: str) -> None:
    assert lines_of(text) == {}


def test_a_deep_text_and_every_rule_set_of_the_house_are_walked() -> None:
    assert len(lines_of("[" * 3000 + "]" * 3000)) == 3000
    for path in (ROOT / "festival" / "editions" / "data" / "rulesets").glob("*.json"):
        text = path.read_text(encoding="utf-8")
        lines = lines_of(text)
        at = text.splitlines().index('  "festival": {') + 1
        assert lines["$.festival"] == at
        for number in range(len(json.loads(text)["contests"])):
            assert f"$.contests[{number}].code" in lines
