"""Marks, totals, penalties and the panel's mean, by example, by shared vectors and by property."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.contests.marks import BadMark, Blank, MarkFault, ReadMark, Scale, check_mark, parse_mark, written
from festival.contests.measures import BadTyped, Typed, parse_count, parse_time, written_time
from festival.contests.panel import (
    Incomplete,
    JudgeTotal,
    NoResult,
    NotValid,
    PanelMean,
    SheetState,
    SheetTotal,
    entry_points,
    overtime_penalty,
    panel_mean,
    rounded,
    sheet_total,
)
from festival.editions.rules.penalties import OvertimeRule
from festival.editions.rules.scoring import Passes, ScoringKind, ScoringRule, Shortfall
from tests.harness.node import run_node_tests

HERE = Path(__file__).parent
VECTORS = json.loads((HERE.parent / "vectors" / "marks.json").read_text(encoding="utf-8"))
SCALES = {
    name: Scale(max_milli=each["max"], step_milli=each["step"], min_milli=each["min"])
    for name, each in VECTORS["scales"].items()
}


@pytest.mark.parametrize(("scale", "typed", "expected"), VECTORS["cases"])
def test_typed_mark_is_read_as_the_vectors_say(scale: str, typed: str, expected: int | str | None) -> None:
    match parse_mark(typed, SCALES[scale]):
        case ReadMark(milli):
            assert milli == expected
        case Blank():
            assert expected is None
        case BadMark(fault, said):
            assert fault == expected
            assert "%" not in str(said)


def test_the_tablet_reads_marks_and_numbers_as_the_server_does() -> None:
    run_node_tests(HERE.parent / "judging" / "judge_js.test.mjs")


def test_refusals_say_what_to_do_in_vietnamese() -> None:
    scale = SCALES["hundred_whole"]
    assert [str(parse_mark(typed, scale).said) for typed in ("101", "-0", "NaN", "1e309", "9,5")] == [  # type: ignore[union-attr]
        "Điểm cao nhất là 100.",
        "Điểm không có dấu trừ.",
        "Điểm chỉ gồm chữ số và nhiều nhất một dấu phẩy, ví dụ 8,75.",
        "Điểm chỉ gồm chữ số và nhiều nhất một dấu phẩy, ví dụ 8,75.",
        "Điểm lẻ theo bước 1, tính từ 0.",
    ]


@given(st.integers(0, 400), st.sampled_from(sorted(SCALES)))
def test_a_written_legal_mark_reads_back(steps: int, name: str) -> None:
    scale = SCALES[name]
    milli = scale.min_milli + steps % ((scale.max_milli - scale.min_milli) // scale.step_milli + 1) * scale.step_milli
    assert parse_mark(written(milli), scale) == parse_mark(written(milli).replace(",", "."), scale) == ReadMark(milli)
    assert check_mark(milli, scale) == ReadMark(milli)


@given(st.text(max_size=12), st.sampled_from(sorted(SCALES)))
def test_no_text_makes_an_illegal_mark(typed: str, name: str) -> None:
    scale = SCALES[name]
    match parse_mark(typed, scale):
        case ReadMark(milli):
            assert check_mark(milli, scale) == ReadMark(milli)
            assert Fraction(typed.strip().replace(",", ".")) == Fraction(milli, 1000)
        case Blank():
            assert not typed.strip()
        case BadMark():
            pass


@pytest.mark.parametrize("wire", [True, False, 9.25, "9", None, float("nan"), [1]])
def test_only_whole_numbers_are_marks_on_the_wire(wire: object) -> None:
    answer = check_mark(wire, SCALES["milli"])
    assert isinstance(answer, BadMark) and answer.fault is MarkFault.NOT_A_NUMBER


def test_wire_marks_outside_the_scale_are_named() -> None:
    scale = SCALES["six_to_ten"]
    assert [check_mark(m, scale).fault for m in (-1, 0, 10_500, 6_250)] == [  # type: ignore[union-attr]
        MarkFault.NEGATIVE,
        MarkFault.TOO_LOW,
        MarkFault.TOO_HIGH,
        MarkFault.WRONG_STEP,
    ]


@pytest.mark.parametrize(("most", "step", "least"), [(10_000, 300, 0), (10_000, 0, 0), (5_000, 500, 5_000), (-1, 1, 0)])
def test_a_scale_without_reachable_marks_is_refused(most: int, step: int, least: int) -> None:
    with pytest.raises(ValueError):
        Scale(most, step, least)


# ------------------------------------------------------------------------------------------------------------- sheets


def test_a_blank_gives_no_total_and_a_zero_counts() -> None:
    assert sheet_total({"a": 0, "b": 9_250}, ["a", "b"]) == SheetTotal(9_250)
    assert sheet_total({"a": 9_250}, ["a", "b", "c"]) == Incomplete(("b", "c"))
    assert sheet_total({"a": 9_250, "b": None}, ["a", "b"]) == Incomplete(("b",))
    with pytest.raises(ValueError):
        sheet_total({"z": 1}, ["a"])
    with pytest.raises(ValueError):
        sheet_total({}, [])


@pytest.mark.parametrize(
    ("over_s", "expected"),
    [(-5, 0), (0, 0), (60, 0), (61, 2_000), (120, 2_000), (120.001, 4_000), (180, 4_000), (181, 6_000), (3600, 7_000)],
)
def test_overtime_is_counted_by_started_minutes_after_the_grace(over_s: float, expected: int) -> None:
    rule = OvertimeRule(grace_s=60, minus_milli=2_000, limit_milli=7_000)
    assert overtime_penalty(900_000 + int(over_s * 1000), 900_000, rule) == expected
    assert overtime_penalty(9_000_000, 900_000, None) == 0


# ----------------------------------------------------------------------------------------------------- the panel's mean


def rule(**changes: object) -> ScoringRule:
    fields: dict[str, object] = {
        "kind": ScoringKind.DEVIATION_DROP,
        "delta_milli": 1_500,
        "strict": True,
        "passes": Passes.ONE,
        "smallest_panel": 1,
        "below": Shortfall.KEEP_ALL,
        "all_dropped": Shortfall.KEEP_ALL,
        "round_milli": 1,
    }
    return ScoringRule(**(fields | changes))  # type: ignore[arg-type]


def sheets(*totals: int | SheetState) -> list[JudgeTotal]:
    return [
        JudgeTotal(f"gk{at}", each) if isinstance(each, SheetState) else JudgeTotal(f"gk{at}", SheetState.MARKED, each)
        for at, each in enumerate(totals)
    ]


def mean_of(answer: PanelMean | NotValid) -> Fraction:
    assert isinstance(answer, PanelMean)
    return answer.mean


def test_the_states_rule_drops_the_mark_far_from_the_mean_of_all() -> None:
    # circus festival 2016: mean of 9, 9, 9, 9, 6 is 8,4; 6 is 2,4 away, more than 1,5
    answer = panel_mean(sheets(9_000, 9_000, 9_000, 9_000, 6_000), rule())
    assert isinstance(answer, PanelMean)
    assert answer.mean == 9_000 and answer.mean_of_all == 8_400
    assert answer.kept == ("gk0", "gk1", "gk2", "gk3")
    assert [(d.judge, d.total_milli, d.deviation, d.in_pass) for d in answer.dropped] == [("gk4", 6_000, 2_400, 1)]


def test_a_deviation_of_exactly_delta_stays_when_strict_and_falls_when_not() -> None:
    exact = sheets(10_000, 7_000)  # mean 8,5; both exactly 1,5 away
    three = sheets(9_000, 9_000, 9_000, 7_000)  # mean 8,5; the last is exactly 1,5 away
    assert mean_of(panel_mean(exact, rule())) == 8_500
    assert mean_of(panel_mean(three, rule())) == 8_500
    assert mean_of(panel_mean(three, rule(strict=False))) == 9_000
    a_thousandth_more = sheets(9_000, 9_000, 9_000, 6_999)
    assert mean_of(panel_mean(a_thousandth_more, rule())) == 9_000


def test_a_mean_that_no_decimal_can_write_is_compared_exactly() -> None:
    # mean of 10, 10, 8 is 28/3; 8 is 4/3 away: beyond 1,333 and inside 1,334
    panel = sheets(10_000, 10_000, 8_000)
    assert mean_of(panel_mean(panel, rule(delta_milli=1_333))) == 10_000
    assert mean_of(panel_mean(panel, rule(delta_milli=1_334))) == Fraction(28_000, 3)


def test_a_second_pass_drops_what_the_first_mean_had_hidden() -> None:
    # all: mean 7,5, only 0 is further than 3; rest: mean 9, 5,5 is 3,5 away and falls in the second pass
    panel = sheets(10_000, 10_000, 10_000, 9_500, 5_500, 0)
    once = panel_mean(panel, rule(delta_milli=3_000))
    twice = panel_mean(panel, rule(delta_milli=3_000, passes=Passes.REPEATED))
    assert isinstance(once, PanelMean) and isinstance(twice, PanelMean)
    assert [(d.judge, d.in_pass) for d in once.dropped] == [("gk5", 1)] and once.mean == 9_000
    assert [(d.judge, d.in_pass) for d in twice.dropped] == [("gk5", 1), ("gk4", 2)] and twice.mean == 9_875


def test_when_everybody_is_outside_the_parameter_decides() -> None:
    apart = sheets(10_000, 5_000)
    kept = panel_mean(apart, rule())
    assert isinstance(kept, PanelMean) and kept.mean == 7_500 and kept.dropped == () and len(kept.notes) == 1
    refused = panel_mean(apart, rule(all_dropped=Shortfall.NOT_VALID))
    assert isinstance(refused, NotValid) and refused.why is NoResult.ALL_DROPPED
    assert str(refused.said) == "Mọi phiếu đều lệch quá mức 1,5: ban giám khảo phải quyết định."


def test_below_the_smallest_panel_nobody_is_dropped_or_nothing_is_valid() -> None:
    panel = [*sheets(9_000, 9_000, 9_000, 9_000, 4_000), JudgeTotal("late", SheetState.LATE)]
    assert mean_of(panel_mean(panel, rule(smallest_panel=5))) == 9_000
    kept = panel_mean(panel, rule(smallest_panel=6))
    assert isinstance(kept, PanelMean) and kept.mean == 8_000
    assert [str(note) for note in kept.notes] == ["Chỉ có 5 giám khảo chấm, dưới mức 6: không loại điểm nào."]
    refused = panel_mean(panel, rule(smallest_panel=6, below=Shortfall.NOT_VALID))
    assert isinstance(refused, NotValid) and refused.why is NoResult.PANEL_TOO_SMALL
    plain = rule(kind=ScoringKind.MEAN, smallest_panel=6, below=Shortfall.NOT_VALID)
    assert isinstance(panel_mean(panel, plain), NotValid)


@pytest.mark.parametrize("state", [SheetState.RECUSED, SheetState.LATE, SheetState.ABSENT])
def test_a_judge_who_did_not_mark_is_never_a_zero(state: SheetState) -> None:
    assert panel_mean(sheets(9_000, 8_000, state), rule()) == panel_mean(sheets(9_000, 8_000), rule())
    assert mean_of(panel_mean(sheets(9_000, 8_000, 0), rule(delta_milli=9_000))) == Fraction(17_000, 3)


def test_nobody_marked_is_no_result() -> None:
    for panel in ([], sheets(SheetState.ABSENT, SheetState.RECUSED)):
        answer = panel_mean(panel, rule())
        assert isinstance(answer, NotValid) and answer.why is NoResult.NOBODY_MARKED


def test_a_sheet_carries_a_total_exactly_when_marked() -> None:
    with pytest.raises(ValueError):
        JudgeTotal("a", SheetState.LATE, 0)
    with pytest.raises(ValueError):
        JudgeTotal("a", SheetState.MARKED)
    with pytest.raises(ValueError):
        panel_mean([JudgeTotal("a", SheetState.LATE), JudgeTotal("a", SheetState.ABSENT)], rule())


TOTALS = st.lists(st.integers(0, 20_000), min_size=1, max_size=9)
RULES = st.builds(
    rule,
    kind=st.sampled_from([ScoringKind.MEAN, ScoringKind.DEVIATION_DROP]),
    delta_milli=st.integers(0, 6_000),
    strict=st.booleans(),
    passes=st.sampled_from(Passes),
    smallest_panel=st.integers(1, 9),
    below=st.sampled_from(Shortfall),
    all_dropped=st.sampled_from(Shortfall),
)


def by_hand(totals: list[int], r: ScoringRule) -> Fraction | None:
    """The same rule written a second time, as a clerk would do it with a list and a pencil."""
    if len(totals) < r.smallest_panel and r.below is Shortfall.NOT_VALID:
        return None
    everybody = Fraction(sum(totals), len(totals))
    if r.kind is ScoringKind.MEAN or len(totals) < r.smallest_panel:
        return everybody
    left = list(totals)
    for _ in range(1 if r.passes is Passes.ONE else len(totals) + 1):
        mean = Fraction(sum(left), len(left))
        inside = []
        for total in left:
            apart = max(total - mean, mean - total)
            if apart < r.delta_milli or (r.strict and apart == r.delta_milli):
                inside.append(total)
        if not inside:
            return everybody if r.all_dropped is Shortfall.KEEP_ALL else None
        left = inside
    return Fraction(sum(left), len(left))


@given(TOTALS, RULES)
def test_the_mean_equals_the_clerks(totals: list[int], r: ScoringRule) -> None:
    answer = panel_mean(sheets(*totals), r)
    assert (answer.mean if isinstance(answer, PanelMean) else None) == by_hand(totals, r)


@given(TOTALS, RULES, st.randoms(use_true_random=False))
def test_the_order_of_delivery_changes_nothing(totals: list[int], r: ScoringRule, random: object) -> None:
    panel = sheets(*totals)
    shuffled = list(panel)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert panel_mean(shuffled, r) == panel_mean(panel, r)


@given(TOTALS, RULES)
def test_every_judge_is_kept_or_dropped_and_the_mean_is_theirs(totals: list[int], r: ScoringRule) -> None:
    panel = sheets(*totals)
    answer = panel_mean(panel, r)
    if isinstance(answer, PanelMean):
        assert sorted((*answer.kept, *(d.judge for d in answer.dropped))) == sorted(each.judge for each in panel)
        kept = [each.total_milli for each in panel if each.judge in answer.kept]
        assert answer.mean == Fraction(sum(each for each in kept if each is not None), len(kept))
        assert min(totals) <= answer.mean <= max(totals)


@pytest.mark.parametrize(
    ("points", "to", "expected"),
    [
        (Fraction(28_000, 3), 1, 9_333),
        (Fraction(26_000, 3), 1, 8_667),
        (Fraction(17, 2), 1, 9),
        (Fraction(8_335), 10, 8_340),
        (Fraction(8_334), 10, 8_330),
        (Fraction(8_345), 10, 8_350),
        (Fraction(-3, 2), 1, -1),
        (Fraction(0), 10, 0),
    ],
)
def test_rounding_is_half_up_once(points: Fraction, to: int, expected: int) -> None:
    assert rounded(points, to) == expected


def test_points_are_mean_minus_penalty_and_not_below_zero() -> None:
    assert entry_points(Fraction(28_000, 3), 2_000, rule()) == 7_333
    assert entry_points(Fraction(28_000, 3), 2_000, rule(round_milli=10)) == 7_330
    assert entry_points(Fraction(1_000), 2_000, rule()) == 0


# ------------------------------------------------------------------------------------------------- counts and times


@pytest.mark.parametrize(("typed", "value"), [("0", 0), ("7", 7), (" 12 ", 12), ("9999", 9999)])
def test_counts_are_whole_numbers(typed: str, value: int) -> None:
    assert parse_count(typed) == Typed(value)


@pytest.mark.parametrize("typed", ["-1", "7,5", "1e2", "NaN", "10000", "٣"])
def test_other_counts_are_refused(typed: str) -> None:
    assert isinstance(parse_count(typed), BadTyped)


@pytest.mark.parametrize(
    ("typed", "ms"),
    [("1:23,45", 83_450), ("1'23,45\"", 83_450), ("83,45", 83_450), ("83.45", 83_450), ("9", 9_000), ("0:07", 7_000)],
)
def test_times_are_read_to_the_millisecond(typed: str, ms: int) -> None:
    assert parse_time(typed) == Typed(ms)
    assert parse_time(written_time(ms)) == Typed(ms)


@pytest.mark.parametrize("typed", ["1:60", "12:3", "1:002", "0", "-3", "1:2:3", "1e3", "abc", "1,2345"])
def test_other_times_are_refused(typed: str) -> None:
    assert isinstance(parse_time(typed), BadTyped)


def test_blank_is_not_zero_anywhere() -> None:
    assert parse_count(" ") == parse_time("") == parse_mark("", SCALES["milli"]) == Blank()
