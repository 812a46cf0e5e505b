"""Has every key a rule file may say an answer to "until when may it change", and is it the one the save holds?"""

from __future__ import annotations

import pytest

from festival.contests.changeable import BESIDE, COLUMNS, CONTEST, CRITERION, Until, over
from festival.contests.changeable import CRITERION_COLUMNS as OF_CRITERION
from festival.contests.saving import CRITERION_WRITTEN, RULE_COLUMNS
from festival.editions.rules.shapes import SHAPES
from festival.setup.deadlines import UNTIL_WORDS, until

# Where in the file the objects of SHAPES stand.
STANDS = {
    "ruleset": [""],
    "source": ["sources"],
    "festival": ["festival"],
    "quotas": ["quotas"],
    "span": ["quotas.families_per_delegation", "quotas.members_per_family", "quotas.contests_per_family",
             "contest.entries_per_delegation", "contest.performers"],
    "delegation": ["delegations"],
    "contest": ["contest"],
    "part": ["contest.part"],
    "after": ["contest.after"],
    "composed": ["contest.composition"],
    "overtime": ["contest.overtime"],
    "bracket": ["contest.bracket"],
    "question": ["contest.questions"],
    "undertime": ["contest.undertime"],
    "deduction": ["contest.deductions"],
    "dishes": ["contest.dishes"],
    "panel_step": ["contest.scoring.drop_by_panel"],
    "criterion": ["contest.criteria"],
    "descriptor": ["contest.criteria.descriptors"],
    "scoring": ["contest.scoring"],
    "scale_step": ["contest.points_scale"],
    "summed": ["contest.of"],
    "tie": ["contest.ties", "whole_delegation.ties"],
    "prize": ["contest.prizes", "whole_delegation.prizes"],
    "whole_delegation": ["whole_delegation"],
    "special_prize": ["special_prizes"],
}  # fmt: skip


def test_every_key_has_an_answer() -> None:
    assert set(STANDS) == set(SHAPES)
    paths = [f"{at}.{key}".lstrip(".") for shape, keys in SHAPES.items() for at in STANDS[shape] for key in keys]
    assert len(paths) > 90
    assert {until(path).words for path in paths} == set(UNTIL_WORDS.values())
    # the keys of a contest are answered by themselves, not by what they stand in
    assert set(CONTEST) == {f"contest.{key}" for key in SHAPES["contest"]}
    assert set(CRITERION) == {f"contest.criteria.{key}" for key in SHAPES["criterion"]}


def test_what_is_no_key_has_none() -> None:
    with pytest.raises(KeyError):
        until("colour")


def test_every_column_of_a_rule_has_an_answer() -> None:
    assert set(RULE_COLUMNS) == set(COLUMNS)
    assert set(BESIDE) <= set(COLUMNS)
    assert set(CRITERION_WRITTEN) - {"position"} | {"descriptor"} == set(OF_CRITERION)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("festival.starts_on", Until.ALWAYS),
        ("festival.code", Until.NEVER),
        ("quotas.families_per_delegation.max", Until.TAKEN),
        ("contest.criteria.max", Until.FIRST_MARK),
        ("contest.criteria.descriptors.text", Until.PUBLICATION),
        ("contest.scoring.delta", Until.FIRST_MARK),
        ("contest.name", Until.PUBLICATION),
        ("whole_delegation.prizes", Until.SIGNING),
        ("whole_delegation.ties.by", Until.FIRST_MARK),
    ],
)
def test_the_answers(path: str, answer: Until) -> None:
    assert until(path).until is answer


def test_when_the_time_is_over() -> None:
    marked = {"fixed": True, "signed": False, "published": False}
    signed, public = marked | {"signed": True}, marked | {"signed": True, "published": True}
    fresh = dict.fromkeys(marked, False)
    assert {each for each in Until if over(each, **fresh)} == {Until.NEVER}
    assert {each for each in Until if over(each, **marked)} == {Until.NEVER, Until.FIRST_MARK}
    assert {each for each in Until if over(each, **signed)} == {Until.NEVER, Until.FIRST_MARK, Until.SIGNING}
    assert {each for each in Until if over(each, **public)} == set(Until) - {
        Until.REGISTRATION,
        Until.TAKEN,
        Until.ALWAYS,
    }
