"""Do the rules that are tried give what the real tally gives, and does the sample show what the rules do?"""

from __future__ import annotations

from typing import Any

import pytest

from festival.editions.rules.document import BrokenRuleset
from festival.editions.rules.scoring import ScoringKind
from festival.results.standings import ResultState
from festival.setup import pieces
from festival.setup.templates import offered, pack, template, with_pack, with_template
from festival.setup.trying.sample import MOST_CELLS, cell, mark_cell, sample, size_of, try_cell
from festival.setup.trying.trial import ORDER, PART_OF_SHEET, Trial, TriedContest, letter, trial, tried

FESTIVAL = {
    "code": "thu",
    "name": "Ngày hội thử",
    "organiser": "Ban Tổ chức",
    "starts_on": "2026-06-28",
    "ends_on": "2026-06-28",
}


def of(code: str, **changed: Any) -> TriedContest:
    chosen = template(code)
    assert chosen is not None
    document = with_template(pieces.blank(FESTIVAL), chosen)
    return tried(document["contests"][0] | changed, document)


def places(found: Trial) -> dict[str, int | None]:
    return {each.entry: each.rank for each in found.table.standings}


def reasons(found: Trial, entry: int) -> list[str]:
    return [str(each) for line in found.table.standings if line.entry == str(entry) for each in line.reasons]


@pytest.mark.parametrize("chosen", offered(), ids=lambda each: each.code)
@pytest.mark.parametrize("seed", [1, 2, 7])
def test_the_sample_of_every_template_is_without_fault_and_shows_a_drop_and_a_tie(chosen: Any, seed: int) -> None:
    those = of(chosen.code)
    found = trial(those, sample(those.rule, seed))
    assert found.faults == {}
    ranked = [each for each in found.table.standings if each.state is ResultState.RANKED]
    assert len(ranked) == 5
    assert [each.state for each in found.table.standings[5:]] == [ResultState.DNS]
    by_value = {each.entry: each.value for each in ranked}
    if found.table.by_order:
        assert any(each.shared for each in ranked)
    else:
        assert by_value["1"] == by_value["2"]
    if those.rule.scoring and those.rule.scoring.kind is ScoringKind.DEVIATION_DROP:
        panel = found.table.details["0"].panel
        assert [each.judge for each in panel.dropped] == ["1"]  # type: ignore[union-attr]
        assert any(each.startswith("Loại phiếu B: lệch quá") for each in reasons(found, 0))


def test_the_same_seed_is_the_same_sample_and_another_is_another() -> None:
    rule = of("tai-nang").rule
    assert sample(rule, 3) == sample(rule, 3)
    assert sample(rule, 3) != sample(rule, 4)


def test_a_panel_is_counted_as_the_regulation_says() -> None:
    """One mark of 20, δ = 2: 18, 18, 17, 18, 18, 18, 10 has the mean 16,714…, the 10 goes, 17,833… is left (2712, 2010)."""
    those = of("tiet-muc")
    typed = {mark_cell(0, judge, 0): mark for judge, mark in enumerate(("18", "18", "17", "18", "18", "18", "10"))}
    typed |= {mark_cell(1, judge, 0): "17,8" for judge in range(7)}
    typed |= {cell("o", entry): "dns" for entry in range(2, 6)}
    found = trial(those, typed)
    assert {each.entry: each.value for each in found.table.standings[:2]} == {"0": 17_830, "1": 17_800}
    assert reasons(found, 0) == ["Loại phiếu G: lệch quá 2 điểm so với trung bình 16,714."]
    assert {each.entry: each.prize for each in found.table.prizes.awards} == {"0": "Nhất", "1": "Nhì"}


def test_the_ladder_says_what_it_decided_and_what_it_leaves_to_the_panel() -> None:
    those = of("thoi-trang")
    typed = {}
    for entry, marks in enumerate((("8", "4", "10"), ("7", "4", "11"), ("6", "3", "9"), ("6", "3", "9"))):
        for judge in range(3):
            typed |= {mark_cell(entry, judge, at): mark for at, mark in enumerate(marks)}
    typed |= {cell("o", 4): "dsq", cell("o", 5): "dns"}
    found = trial(those, typed)
    assert places(found) == {"1": 1, "0": 2, "2": 3, "3": 3, "4": None, "5": None}
    assert reasons(found, 1) == ["Bằng điểm, xét «Phong cách biểu diễn»: 11."]
    assert reasons(found, 2) == ["Bằng điểm, đồng hạng: các bậc xét chưa phân định được."]
    assert [{each.entry for each in group} for group in found.table.ties] == [{"2", "3"}]
    assert reasons(found, 4) == ["Bị loại theo thể lệ."]
    assert [question.entries for question in found.table.prizes.questions] == [("2", "3")]


def test_overtime_costs_what_the_rules_say() -> None:
    those = of("tai-nang")
    typed = {mark_cell(0, judge, at): "10" for judge in range(5) for at in range(5)} | {cell("x", 0): "2:01"}
    typed |= {cell("o", entry): "dns" for entry in range(1, 6)}
    found = trial(those, typed)
    # 2:01 over, one minute is given, two minutes have begun
    assert [each.value for each in found.table.standings[:1]] == [46_000]
    assert reasons(found, 0) == ["Trừ 4 điểm do quá giờ."]


def test_times_counts_answers_and_places_are_counted_each_in_its_way() -> None:
    slow = {
        try_cell(entry, number): value
        for entry, pair in enumerate((("41,2", "39"), ("40", "41,2")))
        for number, value in enumerate(pair)
    }
    gone = {cell("o", entry): "dns" for entry in range(2, 6)}
    relay = trial(of("bao-bo"), slow | gone)
    assert places(relay) == {"0": 1, "1": 2} | {str(entry): None for entry in range(2, 6)}
    bicycle = trial(of("xe-dap-cham"), slow | gone)
    assert [each.entry for each in bicycle.table.standings[:2]] == ["1", "0"]
    assert reasons(bicycle, 1) == ["Bằng điểm, xét «lượt tốt thứ 2»: 40."]
    ball = trial(of("bong-da"), {try_cell(0, 0): "7", try_cell(1, 0): "10"} | gone)
    assert [each.entry for each in ball.table.standings[:2]] == ["1", "0"]
    match = trial(of("cau-long"), {cell("p", entry): place for entry, place in enumerate("132345")})
    assert str(match.faults[ORDER]) == "Không có hạng 5: sau 4 tiết mục đầu, hạng tiếp theo là 5, không phải 4."
    match = trial(of("cau-long"), {cell("p", entry): place for entry, place in enumerate("132356")})
    assert places(match) == {"0": 1, "2": 2, "1": 3, "3": 3, "4": 5, "5": 6}


def test_answers_bring_points_and_places_bring_points_where_the_whole_is_summed() -> None:
    commune, province = pack("hoi-thi-xa"), pack("cap-tinh")
    assert commune is not None
    assert province is not None
    document = with_pack(pieces.blank(FESTIVAL), commune)
    quiz = tried(document["contests"][2] | {"points_per_answer": 3}, document)
    gone = {cell("o", entry): "dns" for entry in range(2, 6)}
    typed = {try_cell(0, 0): "7", try_cell(1, 0): "5"} | gone
    assert trial(quiz, typed).brought == {"0": 21_000, "1": 15_000} | {str(entry): 0 for entry in range(2, 6)}
    document = with_pack(pieces.blank(FESTIVAL), province)
    ball = tried(document["contests"][3], document)
    assert trial(ball, typed).brought == {"0": 15_000, "1": 14_000} | {str(entry): 0 for entry in range(2, 6)}
    assert trial(of("bong-ro"), typed).brought is None


def test_bad_marks_are_told_by_their_cell_and_left_out() -> None:
    those = of("thoi-trang")
    typed = sample(those.rule) | {
        mark_cell(0, 0, 0): "11",
        mark_cell(0, 1, 1): "",
        mark_cell(1, 0, 2): "tám",
        cell("n", 3): "0",
        cell("x", 3): "1:3",
    }
    found = trial(those, typed)
    assert {name: str(said) for name, said in found.faults.items()} == {
        mark_cell(0, 0, 0): "Điểm cao nhất là 10.",
        mark_cell(0, 1, 1): str(PART_OF_SHEET),
        mark_cell(1, 0, 2): "Điểm chỉ gồm chữ số và nhiều nhất một dấu phẩy, ví dụ 8,75.",
        cell("n", 3): "Số người là số nguyên từ 1 đến 1000.",
        cell("x", 3): "Thời gian viết như 1:23,45 (phút:giây) hoặc 83,45 (giây).",
    }
    assert (found.total(0, 0), found.total(0, 1)) == (None, None)
    assert found.total(0, 2) is not None
    ball = trial(of("bong-da"), {try_cell(0, 0): "11"})
    assert str(ball.faults[try_cell(0, 0)]) == "Nhiều nhất là 10 quả."
    match = trial(of("cau-long"), {cell("p", 0): "nhất"})
    assert str(match.faults[cell("p", 0)]) == "Hạng của Gia đình mẫu 1 phải là số từ 1."
    assert str(match.faults[cell("p", 1)]).startswith("Chưa ghi hạng của: Gia đình mẫu 2.")
    assert ORDER not in match.faults


def test_nothing_typed_is_nobody_ranked() -> None:
    for chosen in offered():
        found = trial(of(chosen.code), {})
        assert {each.rank for each in found.table.standings} == {None}


def test_rules_that_are_not_sound_are_told_before_anything_is_tried() -> None:
    with pytest.raises(BrokenRuleset) as told:
        of("tai-nang", judges=2)
    assert [each.path for each in told.value.problems] == ["$.contests[0].scoring.smallest_panel"]


def test_a_large_panel_has_a_smaller_table() -> None:
    chosen = template("tai-nang")
    assert chosen is not None
    criterion = chosen.piece["criteria"][0]
    many = [criterion | {"code": f"c{at}"} for at in range(12)]
    size = size_of(of("tai-nang", criteria=many, total=360, judges=9, ties=[]).rule)
    assert (size.entries, size.judges) == (3, 8)
    size = size_of(of("tai-nang", criteria=many, total=360, judges=60, ties=[]).rule)
    assert size.entries * size.judges * size.criteria <= MOST_CELLS
    assert [letter(at) for at in (0, 25, 26)] == ["A", "Z", "AA"]


def test_points_of_the_round_before_are_typed_and_count_by_their_weight() -> None:
    chosen = template("tai-nang")
    assert chosen is not None
    document = with_template(pieces.blank(FESTIVAL), chosen)
    final = document["contests"][0] | {"code": "cuoi", "after": {"contest": "tai-nang", "take": 6, "weight": 30}}
    final.pop("entries_per_delegation", None)
    those = tried(final, document)
    assert sample(those.rule)[cell("b", 1)] == "88"
    typed = {mark_cell(0, judge, at): "10" for judge in range(5) for at in range(5)} | {cell("b", 0): "92.5"}
    found = trial(those, typed | {cell("b", 1): "92.12345"})
    assert [each.value for each in found.table.standings[:1]] == [77_750]
    assert reasons(found, 0) == ["Vòng trước 92,5 × 30 % = 27,75 điểm mang sang."]
    assert list(found.faults) == [cell("b", 1)]
