"""Do the further scoring rules, weights, tries and too short acts come out as somebody with pencil and paper has them?"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from json import dumps
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.contests.counting.attempts import counted, shown
from festival.contests.counting.dropping import places, rank_sums
from festival.contests.panel import (
    DropReason,
    JudgeTotal,
    PanelMean,
    SheetState,
    SheetTotal,
    entry_points,
    panel_mean,
    rounded,
    sheet_total,
    undertime_penalty,
)
from festival.editions.rules.document import BrokenRuleset, parse
from festival.editions.rules.file import read
from festival.editions.rules.measured import AttemptsCount
from festival.editions.rules.penalties import UndertimeRule
from festival.editions.rules.scoring import PanelStep, Passes, Rounding, ScoringKind, ScoringRule, Shortfall

KEEP = Shortfall.KEEP_ALL


def rule(kind: ScoringKind, **more: Any) -> ScoringRule:
    return ScoringRule(kind, 0, True, Passes.ONE, 1, KEEP, KEEP, 1, **more)


def mean_of(totals: list[int], by: ScoringRule) -> PanelMean:
    found = panel_mean([JudgeTotal(f"g{at}", SheetState.MARKED, 1000 * each) for at, each in enumerate(totals)], by)
    assert isinstance(found, PanelMean)
    return found


BY_SIZE = (PanelStep(3, 0, 0, 2), PanelStep(4, 1, 1, None), PanelStep(7, 2, 2, None))


@pytest.mark.parametrize(
    ("totals", "more", "mean"),
    [
        ([5, 9, 7, 8, 6], {"drop_high": 1, "drop_low": 1}, 7),
        ([5, 9, 7, 8, 6], {"drop_high": 1}, Fraction(26, 4)),
        ([5, 9], {"drop_high": 1, "drop_low": 1}, 7),  # too few to drop: all count
        ([5, 9, 9], {"drop_high": 1, "drop_low": 1}, 9),
        ([112, 114], {"by_panel": BY_SIZE}, 113),
        ([112, 115, 118], {"by_panel": BY_SIZE}, Fraction(233, 2)),  # equally near: the higher two
        ([112, 113, 118], {"by_panel": BY_SIZE}, Fraction(225, 2)),
        ([1, 5, 6, 20], {"by_panel": BY_SIZE}, Fraction(11, 2)),
        ([1, 2, 5, 6, 7, 20, 30], {"by_panel": BY_SIZE}, 6),
    ],
)
def test_the_highest_and_lowest_go(totals: list[int], more: dict[str, Any], mean: Fraction | int) -> None:
    by = rule(ScoringKind.TRIMMED_MEAN, **more)
    assert {mean_of(list(order), by).mean for order in permutations(totals[:5])} and mean_of(
        totals, by
    ).mean == 1000 * mean


def test_why_a_sheet_does_not_count_is_known() -> None:
    found = mean_of([5, 9, 7, 8], rule(ScoringKind.TRIMMED_MEAN, drop_high=1, drop_low=1))
    assert [(each.judge, each.why) for each in found.dropped] == [("g1", DropReason.HIGHEST), ("g0", DropReason.LOWEST)]
    assert found.kept == ("g2", "g3")


@given(st.lists(st.integers(0, 40), min_size=1, max_size=9))
def test_the_median_parts_the_panel_in_two_halves(totals: list[int]) -> None:
    middle = mean_of(totals, rule(ScoringKind.MEDIAN)).mean / 1000
    below, above = sum(each < middle for each in totals), sum(each > middle for each in totals)
    assert max(below, above) * 2 <= len(totals)
    assert middle == middle.limit_denominator(2)


def test_places_are_shared_as_1_2_2_4_and_summed() -> None:
    a = {"x": 90, "y": 80, "z": 80, "w": 10}
    b = {"x": 10, "y": 30, "z": 20, "w": 40}
    assert places(a) == {"x": 1, "y": 2, "z": 2, "w": 4}
    assert rank_sums({"a": a, "b": b}) == {"x": 5, "y": 4, "z": 5, "w": 5}
    # who was not marked by everybody has no better sum for it: the mean of the other places stands in
    assert rank_sums({"a": a, "b": b, "c": {"x": 9, "y": 8, "z": 7}})["w"] == Fraction(15, 2)


def test_points_are_cut_off_or_rounded_half_up_once() -> None:
    eleven_thirds = Fraction(11_000, 3)
    assert entry_points(eleven_thirds, 0, rule(ScoringKind.MEAN)) == 3_667
    assert entry_points(eleven_thirds, 0, rule(ScoringKind.MEAN, rounding=Rounding.TRUNCATE)) == 3_666
    assert rounded(Fraction(9_995), 10, Rounding.TRUNCATE) == 9_990
    assert rounded(Fraction(9_995), 10) == 10_000


def test_marks_count_by_their_weight_and_below_zero_they_take_off() -> None:
    marks = {"x": 8_500, "y": 9_000, "z": -1_500}
    assert sheet_total(marks, ["x", "y", "z"], {"x": 1_500, "y": 2_000, "z": 1_000}) == SheetTotal(29_250)
    assert sheet_total(marks, ["x", "y", "z"]) == SheetTotal(16_000)


@pytest.mark.parametrize(
    ("lasted", "off"), [(180_000, 0), (179_999, 500), (120_001, 500), (120_000, 500), (119_000, 1_000), (0, 1_200)]
)
def test_each_minute_begun_that_an_act_lacks_costs_points(lasted: int, off: int) -> None:
    assert undertime_penalty(lasted, UndertimeRule(180, 500, 1_200)) == off
    assert undertime_penalty(lasted, None) == 0


BEST, SUM, MEAN = AttemptsCount


@pytest.mark.parametrize(
    ("values", "count", "lower", "value"),
    [
        ([12, 7], BEST, False, 12), ([12, 7], BEST, True, 7), ([None, 7], BEST, True, 7), ([None, None], BEST, False, None),
        ([12, 7], SUM, False, 19), ([12], SUM, False, None), ([12, None], SUM, False, 12), ([12, None], SUM, True, None),
        ([12, 7], MEAN, False, 19), ([None, None], MEAN, False, None),
    ],
)  # fmt: skip
def test_what_several_tries_come_to(
    values: list[int | None], count: AttemptsCount, lower: bool, value: int | None
) -> None:
    assert counted(values, count, attempts=2, lower_wins=lower) == value


def test_a_mean_is_shown_as_mean() -> None:
    assert shown(19, MEAN, 2) == Fraction(19, 2)
    assert shown(19, SUM, 2) == 19


def a_file(scoring: dict[str, Any], criterion: dict[str, Any] | None = None, **contest: Any) -> dict[str, Any]:
    one = {"code": "x", "name": "X", "max": 10, "step": 1} | (criterion or {})
    piece = {
        "code": "a", "name": "A", "kind": "rubric", "secrecy": "kín", "duration_min": 5, "judges": 5, "criteria": [one],
        "scoring": scoring,
    }  # fmt: skip
    day = {"code": "f", "name": "F", "organiser": "O", "starts_on": "2099-01-01", "ends_on": "2099-01-02"}
    return {"schema": "family-festival-ruleset/1", "sources": [], "festival": day, "contests": [piece | contest]}


@pytest.mark.parametrize(
    ("document", "path", "words"),
    [
        (a_file({"rule": "median", "delta": 1}), "scoring.delta", "«median» không dùng"),
        (a_file({"rule": "rank_sum", "round": 1}), "scoring.round", "«rank_sum» không dùng"),
        (a_file({"rule": "trimmed_mean"}), "scoring.drop_high", "phải nói bỏ bao nhiêu"),
        (a_file({"rule": "trimmed_mean", "drop_high": 3, "drop_low": 2}), "scoring.drop_high", "bỏ hết điểm"),
        (a_file({"rule": "trimmed_mean", "drop_high": 1, "drop_by_panel": [{"from": 3, "high": 1}]}), "scoring.drop_high", "một trong hai"),
        (a_file({"rule": "trimmed_mean", "drop_by_panel": [{"from": 2, "high": 1, "low": 1}]}), "scoring.drop_by_panel[0].from", "giữ ít nhất"),
        (a_file({"rule": "trimmed_mean", "drop_by_panel": [{"from": 6, "high": 1}]}), "scoring.drop_by_panel[0].from", "không bao giờ"),
        (a_file({"rule": "trimmed_mean", "drop_by_panel": [{"from": 4, "high": 1}, {"from": 4, "low": 1}]}), "scoring.drop_by_panel[1].from", "bước trước"),
        (a_file({"rule": "trimmed_mean", "drop_by_panel": [{"from": 4, "high": 1, "closest": 2}]}), "scoring.drop_by_panel[0].closest", "high và low"),
        (a_file({"rule": "deviation_drop", "delta": 1, "delta_percent": "15"}), "scoring.delta_percent", "một trong hai"),
        (a_file({"rule": "deviation_drop", "delta_percent": "0.001"}), "scoring.delta_percent", "không tròn"),
        (a_file({"rule": "deviation_drop", "delta_percent": "nhiều"}), "scoring.delta_percent", "không phải là số"),
        (a_file({"rule": "mean"}, {"weight": "0.0005"}), "criteria[0].weight", "không phải là số"),
        (a_file({"rule": "mean"}, {"weight": "0.333", "step": 0.5}), "criteria[0].weight", "không tròn"),
        (a_file({"rule": "mean"}, {"min": 0, "max": 0}), "criteria[0].min", "nhỏ hơn điểm tối đa"),
        (a_file({"rule": "mean"}, undertime={"least_s": 301, "minus_per_started_minute": 1}), "undertime.least_s", "dài hơn"),
        (a_file({"rule": "mean"}, deductions=[{"code": "d", "name": "D", "points": 1}] * 2), "deductions[1].code", "hai lần"),
        (a_file({"rule": "mean"}, ties=[{"by": "draw"}, {"by": "firsts"}]), "ties[1].by", "bốc thăm sau cùng"),
        (a_file({"rule": "mean"}, attempts_count="sum"), "attempts_count", "không dùng khóa này"),
        (a_file({"rule": "rank_sum"}) | {"whole_delegation": {"sum": "points", "ties": [], "prizes": []}}, "", "không phải là điểm"),
    ],
)  # fmt: skip
def test_what_has_no_effect_or_no_meaning_is_refused(document: dict[str, Any], path: str, words: str) -> None:
    with pytest.raises(BrokenRuleset) as told:
        read(_exact(document))
    assert [each.path.removeprefix("$.contests[0]").lstrip(".") for each in told.value.problems] == [path]
    assert words in str(told.value.problems[0].reason)


def test_delta_may_be_a_share_of_the_weighted_total() -> None:
    stated = read(_exact(a_file({"rule": "deviation_drop", "delta_percent": "15"}, {"weight": "2.5"})))
    scoring = stated.contests[0].scoring
    assert stated.contests[0].total_milli == 25_000
    assert scoring is not None and scoring.delta_milli == 3_750


def _exact(document: dict[str, Any]) -> object:
    return parse(dumps(document))
