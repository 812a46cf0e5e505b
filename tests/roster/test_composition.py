"""In what is a mixed team outside the composition its contest states?"""

from __future__ import annotations

from datetime import date

import pytest

from festival.contests.composing.composed import composing_words, read_kept
from festival.core.births import Birth
from festival.roster.composition.rule import TeamMate, composition_faults, generations
from festival.roster.people import Relation, Sex

ON = date(2024, 6, 14)


def mate(family: str, relation: Relation | None, year: int | None, sex: Sex = Sex.FEMALE) -> TeamMate:
    return TeamMate(family, f"{family}{year}", sex, Birth(year) if year else None, relation)


REP, CHILD, GRAND, PARENT = Relation.REPRESENTATIVE, Relation.CHILD, Relation.GRANDPARENT, Relation.PARENT


@pytest.mark.parametrize(
    ("people", "count"),
    [
        ([], 0),
        ([mate("a", REP, 1980)], 1),
        ([mate("a", REP, 1980), mate("a", Relation.SPOUSE, 1958)], 1),  # of one family the relation says it
        ([mate("a", REP, 1980), mate("a", CHILD, 1996)], 2),  # whatever lies between them
        ([mate("a", GRAND, 1940), mate("a", REP, 1980), mate("a", CHILD, 2012)], 3),
        ([mate("a", REP, 1950), mate("b", REP, 1980), mate("c", CHILD, 2012)], 3),  # of three families, by age
        ([mate("a", REP, 1980), mate("b", REP, 1961)], 1),  # nineteen years
        ([mate("a", REP, 1980), mate("b", REP, 1960)], 2),
        ([mate("a", REP, 1980), mate("b", REP, None)], 1),  # nobody knows
        ([mate("a", REP, 1980), mate("a", Relation.OTHER, 2005)], 2),  # no relation that says it: by age
        ([mate("a", GRAND, 1940), mate("a", PARENT, 1960), mate("a", REP, 1980), mate("a", CHILD, 2000), mate("a", Relation.GRANDCHILD, 2020)], 5),
        # contradicts itself (a child older than its mother's mother): an end all the same
        ([mate("a", REP, 1990), mate("a", CHILD, 1940), mate("b", REP, 1965)], 6),
    ],
)  # fmt: skip
def test_generations(people: list[TeamMate], count: int) -> None:
    assert generations(people) == count


TEAM = [
    mate("a", REP, 1980),
    mate("a", CHILD, 2012, Sex.MALE),
    mate("b", REP, 1962, Sex.MALE),
    mate("b", Relation.OTHER, None),
]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"what": "members", "least": 4, "most": 4}, []),
        ({"what": "members", "least": 5}, ["Đội cần ít nhất 5 người, đang có 4."]),
        ({"what": "members", "most": 3}, ["Đội được nhiều nhất 3 người, đang có 4."]),
        ({"what": "families", "least": 2, "most": 2}, []),
        ({"what": "families", "least": 3}, ["Đội cần ít nhất 3 gia đình, đang có 2."]),
        ({"what": "families", "most": 1}, ["Đội được nhiều nhất 1 gia đình, đang có 2."]),
        ({"what": "generations", "least": 4}, ["Đội cần ít nhất 4 thế hệ, đang có 2."]),
        ({"what": "men", "least": 2, "most": 2}, []),
        ({"what": "men", "most": 1}, ["Đội được nhiều nhất 1 nam, đang có 2: a2012, b1962."]),
        ({"what": "women", "least": 3}, ["Đội cần ít nhất 3 nữ, đang có 2."]),
        ({"what": "ages", "to": 15, "least": 1}, []),
        ({"what": "ages", "to": 15, "most": 0}, ["Đội được nhiều nhất 0 người không quá 15 tuổi, đang có 1: a2012."]),
        # who has only a year of birth counts as the younger: 2012 may still be 11 on that day
        ({"what": "ages", "from": 12, "to": 15, "least": 1}, ["Đội cần ít nhất 1 người từ 12 đến 15 tuổi, đang có 0."]),
        ({"what": "ages", "from": 12, "to": 15, "least": 1, "on": "2025-01-01"}, []),
        (
            {"what": "ages", "from": 62, "least": 1, "on": "2024-01-01"},
            ["Đội cần ít nhất 1 người từ 62 tuổi trở lên (tính đến 1/1/2024), đang có 0."],
        ),
    ],
)
def test_lines(line: dict[str, object], said: list[str]) -> None:
    faults = composition_faults(TEAM, read_kept([line]), ON)
    assert [str(each.reason) for each in faults] == said
    assert [each.over for each in faults] == ["nhiều nhất" in each for each in said]
    warned = composition_faults(TEAM, read_kept([{**line, "otherwise": "warn"}]), ON)
    assert [(each.warns, each.reason) for each in warned] == [(True, each.reason) for each in faults]


def test_a_long_list_of_names_is_cut() -> None:
    people = [mate("a", None, 1970 + at, Sex.MALE) for at in range(6)]
    (fault,) = composition_faults(people, read_kept([{"what": "men", "most": 1}]), ON)
    assert str(fault.reason).endswith("đang có 6: a1970, a1971, a1972, a1973, ….")


def test_the_lines_are_said_before() -> None:
    kept = [
        {"what": "families", "least": 2},
        {"what": "women", "least": 2, "most": 2},
        {"what": "ages", "to": 5, "most": 0},
        {"what": "generations", "least": 2, "most": 3, "otherwise": "warn"},
    ]
    assert [str(each) for each in composing_words(kept)] == [
        "Đội ghép: ít nhất 2 gia đình.",
        "Đội ghép: đúng 2 nữ.",
        "Đội ghép: nhiều nhất 0 người không quá 5 tuổi.",
        "Đội ghép: từ 2 đến 3 thế hệ, khác thì ghi lý do.",
    ]
