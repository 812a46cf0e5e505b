"""Answers question by question: what they come to, how they are typed, and which lists of questions are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config import ROOT
from festival.contests.marks import Blank
from festival.contests.measures import BadTyped
from festival.contests.questions.answers import (
    Answered,
    counted,
    listed,
    read_answers,
    read_stored,
    value_of,
    written_answers,
)
from festival.contests.rule_columns import columns_of
from festival.editions.rules.document import BrokenRuleset
from festival.judging.ground.counts import Agreed, OneMore, Undecided, judge_answers
from festival.setup.trying.sample import sample
from festival.setup.trying.trial import trial, tried

VECTORS = json.loads((ROOT / "tests" / "vectors" / "questions.json").read_text("utf-8"))
ASKED = read_stored(VECTORS["questions"])
QUIZ = {"code": "do", "name": "Đố", "kind": "quiz", "secrecy": "kín", "duration_min": 5}


def test_answers_come_to_their_points_and_never_below_nothing() -> None:
    for answers, value in VECTORS["values"]:
        assert value_of(answers, ASKED) == value, answers
    # a letter too few, too many, or none of the three
    assert [value_of(each, ASKED) for each in ("rrw", "rrwpp", "rrwx", "")] == [None] * 4


def test_answers_are_typed_a_letter_each() -> None:
    for typed, expected in VECTORS["typed"]:
        read = read_answers(typed, ASKED)
        if expected is None:
            assert isinstance(read, Blank), typed
        elif expected == "bad":
            assert isinstance(read, BadTyped), typed
        else:
            assert read == Answered(value_of(expected, ASKED) or 0, expected), typed
    for answers, written in VECTORS["written"]:
        assert written_answers(answers) == written
    said = [read_answers(typed, ASKED) for typed in ("ĐĐS", "ĐĐSBB", "ĐXSB")]
    assert [str(each.said) for each in said if isinstance(each, BadTyped)] == [
        "Mới có 3 câu trả lời, phần thi có 4 câu. Câu chưa kịp hỏi ghi B.",
        "Có 5 câu trả lời, nhưng phần thi chỉ có 4 câu.",
        "Mỗi câu một chữ: Đ đúng, S sai, B bỏ qua; ví dụ ĐĐSB. «X» không phải chữ nào trong đó.",
    ]


def test_how_many_and_which_ones_are_said() -> None:
    assert str(counted("rrrwpr")) == "Đúng 4, sai 1, bỏ qua 1 trên 6 câu."
    codes = ["1", "2", "3", "4", "5", "ve-dich"]
    assert [str(each) for each in listed("rrrwpr", codes)] == [
        "Câu đúng: 1–3, ve-dich.",
        "Câu sai: 4.",
        "Câu bỏ qua: 5.",
    ]


def test_two_who_write_answers_agree_only_on_every_question() -> None:
    one, same_sum, other = (10, "rpp"), (10, "prp"), (0, "ppp")
    assert judge_answers([one], 2) == OneMore(apart=False)
    assert judge_answers([one, one], 2) == Agreed(10, "rpp")
    assert judge_answers([one, same_sum], 2) == OneMore(apart=True)
    assert judge_answers([one, same_sum, one], 2) == Agreed(10, "rpp")
    assert judge_answers([one, same_sum, other], 2) == Undecided()


def test_a_list_of_questions_becomes_columns() -> None:
    rule = tried(
        QUIZ | {"questions": [{"count": 2, "points": 10, "seconds": 15}, {"code": "vd", "points": 30, "minus": 15},
                              {"count": 2, "points": 5, "seconds_together": 120}]}, {}
    ).rule  # fmt: skip
    columns = columns_of(rule)
    assert (columns["best_possible"], columns["unit_label"], columns["points_per_answer_milli"]) == (60, "điểm", 1000)
    stored = read_stored(columns["questions"])
    assert [(each.code, each.points, each.minus, each.seconds, each.package, each.package_s) for each in stored] == [
        ("1", 10, 0, 15, 0, None), ("2", 10, 0, 15, 0, None), ("vd", 30, 15, None, 0, None),
        ("4", 5, 0, None, 1, 120), ("5", 5, 0, None, 1, 120),
    ]  # fmt: skip
    plain = columns_of(tried(QUIZ, {}).rule)
    assert (plain["questions"], plain["unit_label"], plain["best_possible"]) == (None, "", None)


@pytest.mark.parametrize(
    ("rules", "path", "words"),
    [
        ({"questions": []}, "questions", "phải có ít nhất một câu hỏi"),
        ({"questions": [{"points": 0}, {"points": 0}]}, "questions", "mọi câu đều 0 điểm"),
        ({"questions": [{"code": "a", "points": 1}, {"code": "a", "points": 2}]}, "questions", "«a» có hai lần"),
        ({"questions": [{"points": 1}, {"code": "1", "points": 2}]}, "questions", "«1» có hai lần"),
        ({"questions": [{"points": 0.5}]}, "questions[0].points", "phải là số nguyên"),
        ({"questions": [{"count": 201, "points": 1}]}, "questions[0].count", "phải từ 1 đến 200"),
        ({"questions": [{"count": 150, "points": 1}, {"count": 51, "points": 1}]}, "questions", "nhiều nhất 200 câu hỏi"),
        ({"questions": [{"count": 20, "points": 1000}]}, "questions", "nhiều nhất 9999"),
        ({"questions": [{"count": 2, "points": 1, "code": "a"}]}, "questions[0].code", "chỉ dùng cho một câu"),
        ({"questions": [{"points": 1, "seconds": 9, "seconds_together": 60}]}, "questions[0].seconds", "chỉ giữ một"),
        ({"questions": [{"points": 1, "bell": True}]}, "questions[0].bell", "chuông trả lời nhanh"),
        ({"questions": [{"points": 1, "stake": 2}]}, "questions[0].stake", "đặt cược"),
        ({"questions": [{"points": 1}], "points_per_answer": 2}, "points_per_answer", "chỉ giữ một trong hai khóa"),
        ({"counters": 2}, "counters", "phải có danh sách câu hỏi"),
        ({"questions": [{"points": 1}], "counters": 2, "counters_apart": 1}, "counters_apart", "không dùng khóa này"),
        ({"questions": [{"points": 1}], "kind": "count"}, "questions", "không dùng khóa này"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_asked_is_refused_in_words(rules: dict[str, Any], path: str, words: str) -> None:
    with pytest.raises(BrokenRuleset) as refused:
        tried(QUIZ | rules, {})
    found = {each.path.removeprefix("$.contests[0]."): str(each.reason) for each in refused.value.problems}
    assert words in found[path], found


def test_rules_are_tried_with_letters_and_bring_their_points_to_the_delegation() -> None:
    whole = {"whole_delegation": {"sum": "points"}}
    asked = QUIZ | {"questions": [{"count": 2, "points": 10}, {"points": 10, "minus": 5}]}
    found = trial(tried(asked, whole), {"t-0-0": "đđs", "t-1-0": "ĐBĐ", "t-2-0": "SSS", "t-3-0": "ĐĐ", "t-4-0": "15"})
    assert [(each.entry, each.value, each.rank) for each in found.table.standings[:3]] == [
        ("1", 20, 1), ("0", 15, 2), ("2", 0, 3),
    ]  # fmt: skip
    assert found.brought is not None and [found.brought[str(at)] for at in range(3)] == [15_000, 20_000, 0]
    assert [str(found.faults[name])[:10] for name in ("t-3-0", "t-4-0")] == ["Mới có 2 c", "Mỗi câu mộ"]
    # what is shown before anybody has typed is sound
    assert trial(tried(asked, whole), sample(tried(asked, whole).rule)).faults == {}
