"""Is a child's story the same in whatever order its steps are heard, and however often?"""

from __future__ import annotations

import json
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from festival.checkin.lost.calling import KinPerson, whom_to_call
from festival.checkin.lost.stories import FOUND, HANDED, MISSING, OVER, UNDONE, LostStep, stories
from festival.core.births import Birth
from tests.harness.node import run_node_tests

VECTORS = Path(__file__).parents[2] / "vectors"


def step(key: str, kind: str, at_ms: int, child: str = "a", **more: object) -> LostStep:
    return LostStep(key=key, child=child, kind=kind, at_ms=at_ms, **more)  # type: ignore[arg-type]


# A mother misses Khang at gate 1; at gate 2, without a network, a boy in red is found, then known as Khang, handed over by
# mistake (taken back), and handed over again.
KHANG = [
    step("1", MISSING, 10, "a", device=1, person="khang", words="áo đỏ"),
    step("2", FOUND, 20, "b", device=2, words="bé trai áo đỏ"),
    step("3", FOUND, 30, "b", device=2, person="khang"),
    step("4", HANDED, 40, "b", device=2, words="một người tự nhận là cậu"),
    step("5", UNDONE, 41, "b", device=2, words="chưa trao", undoes="4"),
    step("6", HANDED, 60, "a", device=1, words="mẹ, bà Ánh"),
]


def test_every_order_and_repetition_tells_one_story() -> None:
    told = stories(KHANG)
    assert len(told) == 1
    story = told[0]
    assert (story.child, story.person, story.state, story.to) == ("a", "khang", HANDED, "mẹ, bà Ánh")
    assert (story.looks, story.since_ms, story.twice) == ("bé trai áo đỏ", 60, False)
    assert story.counts == {"1", "2", "3", "5", "6"}
    assert [each.key for each in story.steps] == ["1", "2", "3", "4", "5", "6"]
    for order in permutations(KHANG):
        assert stories([*order, order[0]]) == told


@pytest.mark.parametrize(
    ("heard", "state", "open_"),
    [(KHANG[:1], MISSING, True), (KHANG[:3], FOUND, True), (KHANG[:4], HANDED, False), (KHANG[:5], FOUND, True)],
)
def test_each_step_and_its_way_back(heard: list[LostStep], state: str, open_: bool) -> None:
    assert [(story.state, story.open) for story in stories(heard)] == [(state, open_)]


def test_until_the_child_is_known_there_are_two_stories_and_a_wrong_name_taken_back_parts_them() -> None:
    assert [(story.child, story.state) for story in stories(KHANG[:2])] == [("b", FOUND), ("a", MISSING)]
    wrong = step("7", UNDONE, 35, "b", words="không phải Khang", undoes="3")
    parted = stories([*KHANG[:3], wrong])
    assert {(story.child, story.person, story.state) for story in parted} == {
        ("a", "khang", MISSING),
        ("b", None, FOUND),
    }
    assert (
        stories([*KHANG[:3], wrong, step("8", UNDONE, 36, "b", words="vẫn là Khang", undoes="7")])[0].person == "khang"
    )


def test_all_taken_back_is_over_and_two_handings_over_are_seen() -> None:
    alone = [step("1", FOUND, 10, words="x"), step("2", UNDONE, 11, words="nhầm", undoes="1")]
    assert [(story.state, story.open) for story in stories(alone)] == [(OVER, False)]
    twice = [
        *KHANG[:3],
        step("8", HANDED, 50, "a", device=1, words="cha"),
        step("9", HANDED, 51, "b", device=2, words="mẹ"),
    ]
    assert [(story.state, story.twice, story.to) for story in stories(twice)] == [(HANDED, True, "mẹ")]


def test_the_right_grown_up_is_called_first() -> None:
    def person(
        code: str, relation: str, phone: str, year: int | None, *, here: bool = False, guardian: bool = False
    ) -> KinPerson:
        born = Birth(year) if year else None
        return KinPerson(code, code, relation, relation == "representative", phone, born, here, guardian)

    family = [
        person("bà đại diện", "representative", "", 1955),
        person("cậu", "other", "0903", 1990, here=True),
        person("mẹ", "child", "0902", 1988, here=True, guardian=True),
        person("con", "grandchild", "0909", 2018, here=True),
        person("cháu không ghi năm", "grandchild", "0908", None, here=True),
        person("ông không số", "spouse", "", 1950, here=True),
    ]
    called = whom_to_call(family, "0901", date(2024, 6, 14))
    # who is here first; the family's own number is its representative's; a child is never called
    assert [(each.name, each.phone) for each in called] == [
        ("mẹ", "0902"),
        ("cậu", "0903"),
        ("bà đại diện", "0901"),
        ("ông không số", ""),
    ]


def test_server_and_device_tell_the_same_stories() -> None:
    cases = json.loads((VECTORS / "lost_children.json").read_text(encoding="utf-8"))
    for case in cases:
        told = [
            {
                "child": story.child,
                "person": story.person,
                "state": story.state,
                "looks": story.looks,
                "to": story.to,
                "since_ms": story.since_ms,
                "twice": story.twice,
                "steps": [each.key for each in story.steps],
                "counts": sorted(story.counts),
            }
            for story in stories(LostStep(**each) for each in case["steps"])
        ]
        assert told == case["stories"]
    run_node_tests(Path(__file__).with_name("stories.test.mjs"))
