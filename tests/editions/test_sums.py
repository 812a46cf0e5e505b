"""Which sums of contests does the reader of rule sets take, and what does it say of the others?"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from festival.editions.rules.checks.summed import not_counted
from festival.editions.rules.document import BrokenRuleset, parse
from festival.editions.rules.file import read
from festival.editions.rules.ruleset import Ruleset
from festival.editions.rules.use import unlike
from festival.editions.rules.whole import WholeSum
from tests.results.sum_cast import BALLS, SUM, TALENT, document

Change = Callable[[dict[str, Any]], object]
WHOLE = {"sum": "points", "ties": [], "prizes": []}


def taken(change: Change = lambda stated: None) -> Ruleset:
    stated = deepcopy(document(TALENT, BALLS, SUM))
    change(stated)
    return read(parse(json.dumps(stated)))


def test_what_is_added_is_read_with_its_weights_and_needs_no_time_on_a_stage() -> None:
    summed = taken().contests[2]
    assert summed.sum is not None and summed.sum.by is WholeSum.POINTS
    assert [(each.contest, each.weight_milli) for each in summed.sum.of] == [("tai-nang", 2000), ("bong-ro", 1000)]
    assert summed.entries_from == "tai-nang"


def test_in_the_whole_delegation_a_result_counts_once() -> None:
    beside = taken(lambda stated: stated.update(whole_delegation=WHOLE))
    assert (not_counted(beside.contests), unlike(beside)) == ({"tong"}, ())

    def instead(stated: dict[str, Any]) -> None:
        stated["contests"][2]["place_points"] = [3, 2, 1]
        stated["whole_delegation"] = WHOLE | {"sum": "place_points"}

    assert not_counted(taken(instead).contests) == {"tai-nang", "bong-ro"}


def of(stated: dict[str, Any], *codes: str) -> None:
    stated["contests"][2]["of"] = [{"contest": code} for code in codes]


REFUSED: dict[str, tuple[str, str, Change]] = {
    "no time on a stage": ("$.contests[2].duration_min", "không dùng khóa này", lambda s: s["contests"][2].update(duration_min=5)),
    "no entries of its own": (
        "$.contests[2].entries_per_delegation", "không dùng khóa này",
        lambda s: s["contests"][2].update(entries_per_delegation={"min": 0, "max": 2}),
    ),
    "what is added is said": ("$.contests[2].sum", "phải có khóa này", lambda s: s["contests"][2].pop("sum")),
    "of what is said": ("$.contests[2].of", "phải có khóa này", lambda s: s["contests"][2].pop("of")),
    "only a sum adds": ("$.contests[1].of", "không dùng khóa này", lambda s: s["contests"][1].update(of=[{"contest": "tai-nang"}])),
    "two at least": ("$.contests[2].of", "ít nhất hai", lambda s: of(s, "bong-ro")),
    "each once": ("$.contests[2].of[1].contest", "hai lần", lambda s: of(s, "bong-ro", "bong-ro")),
    "known ones": ("$.contests[2].of[1].contest", "không có phần thi «x»", lambda s: of(s, "bong-ro", "x")),
    "no sum of sums": (
        "$.contests[3].of[1].contest", "phần thi cộng",
        lambda s: s["contests"].append(SUM | {"code": "hai", "ties": [], "of": [{"contest": "bong-ro"}, {"contest": "tong"}]}),
    ),
    "after its components": ("$.contests[1].of[1].contest", "đứng sau", lambda s: s["contests"].insert(1, s["contests"].pop())),
    "a weight over nothing": ("$.contests[2].of[0].weight", "lớn hơn 0", lambda s: s["contests"][2]["of"][0].update(weight=0)),
    "numbers that are points": ("$.contests[2].of[1].contest", "không phải là điểm", lambda s: s["contests"][1].pop("points_scale")),
    "points for places": ("$.contests[2].of[0].contest", "không có place_points", lambda s: s["contests"][2].update(sum="place_points")),
    "no family in a mixed team": ("$.contests[2].of[1].contest", "đội ghép", lambda s: s["contests"][1].update(entry="team")),
    "kept until the end": ("$.contests[2].secrecy", "kín", lambda s: s["contests"][2].update(secrecy="công bố ngay")),
    "nothing leaks": ("$.contests[2].of[0].contest", "chỉ công bố giải", lambda s: s["contests"][2].update(published="standings")),
    "a rung of its own": (
        "$.contests[2].ties[0].contest", "không phải là phần thi thành phần",
        lambda s: s["contests"][2].update(ties=[{"by": "contest", "contest": "tong"}]),
    ),
    "a conversion nobody uses": (
        "$.contests[1].place_points", "whole_delegation", lambda s: s["contests"][1].update(place_points=[3]),
    ),
    "not twice in the whole": (
        "$.contests[3].place_points", "hai lần",
        lambda s: (s["contests"][2].update(place_points=[3]), s["contests"].append(SUM | {"code": "hai", "place_points": [3]}),
                   s.update(whole_delegation=WHOLE)),
    ),
    "no rung of the whole by what does not count": (
        "$.whole_delegation.ties[0].contest", "không tính vào toàn đoàn",
        lambda s: s.update(whole_delegation=WHOLE | {"ties": [{"by": "contest", "contest": "tong"}]}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_a_sum_that_cannot_be_made_is_refused_by_its_path(why: str) -> None:
    path, words, change = REFUSED[why]
    with pytest.raises(BrokenRuleset) as refused:
        taken(change)
    assert any(each.path == path and words in str(each.reason) for each in refused.value.problems), refused.value


def test_teams_are_added_by_delegation() -> None:
    def change(stated: dict[str, Any]) -> None:
        stated["contests"][1]["entry"] = stated["contests"][2]["entry"] = "team"

    assert taken(change).contests[2].sum is not None
