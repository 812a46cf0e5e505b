"""Does the example of contests that hang together read, and is refused what would give a contest two origins?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from festival.editions.rules.checks.summed import not_counted
from festival.editions.rules.document import BrokenRuleset, parse
from festival.editions.rules.file import read
from festival.editions.rules.ruleset import Ruleset
from festival.editions.rules.use import Brings, brings

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "ngay-hoi-nhieu-vong.json"


def stated() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    return found


def taken(document: dict[str, Any]) -> Ruleset:
    return read(parse(json.dumps(document)))


def test_the_example_says_where_entries_come_from_and_what_counts() -> None:
    rules = taken(stated())
    assert [(each.code, each.entries_from) for each in rules.contests] == [
        ("so-khao", None), ("chung-ket", "so-khao"), ("nau-an", None), ("huong-vi", "nau-an"), ("bua-com", "nau-an"),
        ("kien-thuc", None),
    ]  # fmt: skip
    assert not_counted(rules.contests) == {"nau-an", "huong-vi"}
    assert brings(rules.contests[5]) is Brings.ANSWERS
    assert sum(each.points for each in rules.contests[5].questions) == 40


def test_a_blind_contest_may_be_the_round_before() -> None:
    document = stated()
    final = document["contests"][1] | {"after": {"contest": "huong-vi", "take": 2}}
    document["contests"] = [document["contests"][0], *document["contests"][2:], final]
    assert taken(document).contests[-1].entries_from == "huong-vi"


@pytest.mark.parametrize(
    ("at", "more", "path", "words"),
    [
        (1, {"plates_of": "so-khao"}, "$.contests[1].after.contest", "từ một nơi"),
        (4, {"after": {"contest": "nau-an", "take": 2}}, "$.contests[4].after", "không dùng khóa này"),
        (3, {"plates_of": "chung-ket"}, "$.contests[3].plates_of", "phần thi gốc"),
    ],
)
def test_a_contest_has_one_origin(at: int, more: dict[str, Any], path: str, words: str) -> None:
    document = stated()
    document["contests"][at] |= more
    with pytest.raises(BrokenRuleset) as refused:
        taken(document)
    assert any(each.path == path and words in str(each.reason) for each in refused.value.problems), refused.value


def test_a_sum_is_no_round_before() -> None:
    document = stated()
    document["contests"].append(
        document["contests"][1] | {"code": "cuoi", "after": {"contest": "bua-com", "take": 2}, "place_points": [1]}
    )
    with pytest.raises(BrokenRuleset) as refused:
        taken(document)
    assert [each.path for each in refused.value.problems if "phần thi cộng" in str(each.reason)] == [
        "$.contests[6].after.contest"
    ]
