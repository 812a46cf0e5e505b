"""Do the sentences of a rule say what this rule does, and nothing of another?"""

from __future__ import annotations

import pytest

from festival.contests.rule_words import ScoringWords, scoring
from festival.editions.rules.scoring import ScoringKind


@pytest.mark.parametrize(
    ("kind", "below_valid", "said"),
    [
        ("mean", True, "Có dưới 2 điểm thì ban giám khảo quyết định trước khi xếp hạng."),
        ("deviation_drop", True, "Có dưới 2 điểm thì không bỏ điểm nào."),
        ("deviation_drop", False, "Có dưới 2 điểm thì chưa có kết quả hợp lệ."),
        ("mean", False, "Có dưới 2 điểm thì chưa có kết quả hợp lệ."),
    ],
)
def test_few_marks_are_told_as_the_rule_takes_them(kind: str, below_valid: bool, said: str) -> None:
    rule = ScoringWords(3, 3, 10_000, ScoringKind(kind), 1_500, True, False, 2, below_valid, 1)
    assert [str(each) for each in scoring(rule) if "Có dưới" in str(each)] == [said]
