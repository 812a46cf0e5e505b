"""Do the sentences of a rule say what this rule does, and nothing of another?"""

from __future__ import annotations

import pytest

from festival.contests.rule_words import ScoringWords, scoring


@pytest.mark.parametrize(
    ("deviation_drop", "below_valid", "said"),
    [
        (False, True, "Có dưới 2 điểm thì ban giám khảo quyết định trước khi xếp hạng."),
        (True, True, "Có dưới 2 điểm thì không bỏ điểm nào."),
        (True, False, "Có dưới 2 điểm thì chưa có kết quả hợp lệ."),
        (False, False, "Có dưới 2 điểm thì chưa có kết quả hợp lệ."),
    ],
)
def test_few_marks_are_told_as_the_rule_takes_them(deviation_drop: bool, below_valid: bool, said: str) -> None:
    rule = ScoringWords(3, 3, 10_000, deviation_drop, 1_500, True, False, 2, below_valid, 1)
    assert [str(each) for each in scoring(rule) if "Có dưới" in str(each)] == [said]
