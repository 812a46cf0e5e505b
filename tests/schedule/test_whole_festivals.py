"""A whole festival from a file: is it read strictly, is every plan checked, is nothing claimed that is not so?"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from festival.editions.rules.document import BrokenRuleset
from festival.schedule.solver.answer import answered, plans_of
from festival.schedule.solver.capacity import too_much
from festival.schedule.solver.checker import BrokenRule, broken_rules, cost_of, waits_of
from festival.schedule.solver.reading import read_festival
from festival.schedule.solver.shapes import (
    ActToTime,
    AwaySpan,
    ContestToTime,
    OpenWindow,
    PlaceOfAct,
    SittingPanel,
    StageToFill,
    WholeFestival,
)
from festival.schedule.solver.whole.floors import contradictions, floors_of
from festival.schedule.solver.whole.greedy import Search
from festival.schedule.solver.whole.joint import stood_together
from festival.schedule.solver.writing import to_document
from tests.schedule.festivals import FIRST, crowded, odd

pytestmark = pytest.mark.either_database

MORNING = FIRST + 450  # half past seven


def small(**changed: Any) -> WholeFestival:
    """Two contests, two stages, one morning; family f1 in both, f2 in one."""
    return replace(
        WholeFestival(
            acts=(
                ActToTime("a1", "hat", 10, ("f1",), ("p1",), 1),
                ActToTime("a2", "mua", 5, ("f1",), ("p1",)),
                ActToTime("a3", "hat", 10, ("f2",), ("p2",), 2),
            ),
            contests=(ContestToTime("hat", 2, order_binds=True), ContestToTime("mua", 0)),
            stages=(StageToFill("s1", frozenset({"hat"})), StageToFill("s2", frozenset({"hat", "mua"}))),
            panels=(SittingPanel("h1", frozenset({"hat"})), SittingPanel("h2", frozenset({"mua"}))),
            windows=(OpenWindow("s1", MORNING, MORNING + 120), OpenWindow("s2", MORNING, MORNING + 120)),
            longest_wait_min=60,
        ),
        **changed,
    )


def search(festival: WholeFestival, seed: int = 1, steps: int = 0) -> Search:
    found = Search(festival, seed, floors_of(festival).cost)
    found.begin()
    for _, _ in zip(range(steps), found.improve(lambda: 0.5), strict=False):
        pass
    return found


# ------------------------------------------------------------------------------------------------ what a file says


def test_a_file_is_read_as_it_was_written() -> None:
    for seed in range(30):
        assert read_festival(to_document(odd(seed))) == odd(seed)


def changed(*path: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        here: Any = document
        for step in path[:-1]:
            here = here[step]
        if to is KeyError:
            del here[path[-1]]
        else:
            here[path[-1]] = to

    return change


LOCK = {"act": "a1", "stage": "s1", "at": "2024-06-14T07:30"}
BAD = [
    (changed("format", to="festival-timetable 2"), "$.format", "phải là «festival-timetable 1»"),
    (changed("day_cost_min", to=KeyError), "$.day_cost_min", "thiếu khóa bắt buộc"),
    (changed("colour", to=1), "$.colour", "khóa không có trong lược đồ"),
    (changed("acts", to=[]), "$.acts", "chưa có tiết mục nào"),
    (changed("acts", 0, "minutes", to=-5), "$.acts[0].minutes", "phải từ 1 đến 1440"),
    (changed("acts", 0, "minutes", to=True), "$.acts[0].minutes", "phải là số nguyên"),
    (
        changed("acts", 0, "minutes", to=121),
        "$.acts[0].minutes",
        "dài hơn mọi khung giờ có thể nhận (dài nhất 120 phút)",
    ),
    (changed("acts", 0, "minutes", to=KeyError), "$.acts[0].minutes", "thiếu khóa bắt buộc"),
    (changed("acts", 0, "contest", to="khac"), "$.acts[0].contest", "không có phần thi «khac»"),
    (changed("acts", 1, "code", to="a1"), "$.acts", "mã «a1» có hai lần"),
    (changed("acts", 0, "families", to=["f1", "f1"]), "$.acts[0].families", "mã «f1» có hai lần"),
    (changed("acts", 2, "number", to=1), "$.acts[2].number", "số 1 đã là của «a1»"),
    (changed("stages", 0, "takes", to=["khac"]), "$.stages[0].takes", "không có phần thi «khac»"),
    (changed("windows", 0, "stage", to="s9"), "$.windows[0].stage", "không có sân khấu «s9»"),
    (changed("windows", 0, "to", to="2024-06-14T07:30"), "$.windows[0].to", "giờ kết thúc phải sau giờ bắt đầu"),
    (changed("windows", 0, "to", to="14/06/2024 9h"), "$.windows[0].to", "giờ phải viết dạng 2024-06-14T07:30"),
    (changed("windows", 0, "to", to="2024-06-20T07:30"), "$.windows[0]", "không dài quá 24 giờ"),
    (changed("windows", 0, "stage", to="s2"), "$.stages[0]", "sân khấu «s1» chưa có giờ nào"),
    (
        changed("windows", 1, "contests", to=["hat"]),
        "$.contests[1]",
        "không sân khấu nào, vào giờ nào, nhận phần thi «mua»",
    ),
    (
        changed("away", to=[{"from": "2024-06-14T07:30", "to": "2024-06-14T08:30"}]),
        "$.away[0]",
        "đúng một trong: family, person, panel",
    ),
    (
        changed("away", to=[{"family": "f9", "from": "2024-06-14T07:30", "to": "2024-06-14T08:30"}]),
        "$.away[0].family",
        "«f9» không có ở đâu khác",
    ),
    (changed("locked", to=[LOCK | {"act": "a9"}]), "$.locked[0].act", "không có tiết mục «a9»"),
    (changed("locked", to=[LOCK | {"stage": "s9"}]), "$.locked[0].stage", "không có sân khấu «s9»"),
    (changed("locked", to=[LOCK, LOCK]), "$.locked[1].act", "đã có giờ cố định ở locked[0]"),
    (changed("locked", to=[LOCK | {"at": "2024-06-14T12:00"}]), "$.locked[0]", "nằm ngoài giờ mà sân khấu «s1» nhận"),
    (
        changed("locked", to=[LOCK, {"act": "a2", "stage": "s2", "at": "2024-06-14T07:30"}]),
        "$.locked[1]",
        "gia đình «f1» ở hai nơi cùng lúc: «a2» và «a1»",
    ),
    (
        changed(
            "locked", to=[LOCK | {"at": "2024-06-14T08:30"}, {"act": "a3", "stage": "s2", "at": "2024-06-14T08:00"}]
        ),
        "$.locked[1]",
        "«a3» bốc thăm số 2 nhưng thi trước «a1» (số 1)",
    ),
]


@pytest.mark.parametrize(("change", "path", "said"), BAD, ids=[path for _, path, _ in BAD])
def test_what_is_wrong_in_a_file_is_named_with_its_place(
    change: Callable[[dict[str, Any]], None], path: str, said: str
) -> None:
    document = to_document(small())
    change(document)
    with pytest.raises(BrokenRuleset) as refused:
        read_festival(document)
    assert next((each.path, said in str(each.reason)) for each in refused.value.problems) == (path, True)


# ------------------------------------------------------------------------------------------------ the checker


GOOD = {"a1": ("s1", 0), "a2": ("s2", 25), "a3": ("s1", 12)}
BROKEN: list[tuple[dict[str, tuple[str, int]], dict[str, Any], list[tuple[BrokenRule, tuple[str, ...]]]]] = [
    ({}, {}, []),
    ({"a1": ("s1", -1)}, {}, [(BrokenRule.WINDOW, ("a1",))]),
    ({"a3": ("s1", 111)}, {}, [(BrokenRule.WINDOW, ("a3",))]),
    ({"a2": ("s1", 25)}, {}, [(BrokenRule.WINDOW, ("a2",))]),
    ({"a3": ("s1", 11)}, {}, [(BrokenRule.CHANGEOVER, ("a1", "a3"))]),
    ({"a2": ("s2", 24)}, {}, [(BrokenRule.FAMILY, ("a1", "a2"))]),
    ({"a3": ("s2", 9)}, {}, [(BrokenRule.PANEL, ("a1", "a3"))]),
    ({"a3": ("s1", 40), "a1": ("s1", 60), "a2": ("s2", 85)}, {}, [(BrokenRule.ORDER, ("a3", "a1"))]),
    ({"a2": ("s2", 71)}, {}, [(BrokenRule.WAIT, ("a1", "a2"))]),
    ({}, {"away": (AwaySpan("panel", "h2", MORNING + 29, MORNING + 90),)}, [(BrokenRule.AWAY, ("a2",))]),
    ({}, {"away": (AwaySpan("person", "p2", MORNING, MORNING + 12),)}, []),
    ({}, {"locked": (PlaceOfAct("a3", "s2", MORNING + 12),)}, [(BrokenRule.LOCKED, ("a3",))]),
    (
        {},
        {"acts": (*small().acts[:2], replace(small().acts[2], people=("p1",)), ActToTime("a4", "mua", 5, (), ("p1",)))},
        [(BrokenRule.COUNT, ("a4",))],
    ),
    ({"a2": ("s2", 20)}, {"acts": (small().acts[0], replace(small().acts[1], families=()), replace(small().acts[2], people=("p1",)))}, [(BrokenRule.PERSON, ("a3", "a2"))]),
]  # fmt: skip


@pytest.mark.parametrize(("moves", "festival", "faults"), BROKEN)
def test_the_checker_sees_each_rule_break(
    moves: dict[str, tuple[str, int]], festival: dict[str, Any], faults: list[tuple[BrokenRule, tuple[str, ...]]]
) -> None:
    plan = [PlaceOfAct(act, stage, MORNING + at) for act, (stage, at) in (GOOD | moves).items()]
    assert [(each.rule, each.acts) for each in broken_rules(small(**festival), plan)] == faults


def test_the_cost_is_days_and_waiting() -> None:
    plan = [PlaceOfAct(act, stage, MORNING + at) for act, (stage, at) in GOOD.items()]
    assert (cost_of(small(), plan), waits_of(small(), plan)) == (120 + 15 + 120, {"f1": 15, "f2": 0})
    assert floors_of(small()).bound == 120 + 15 + 120


def test_what_goes_on_after_midnight_is_the_evening_before() -> None:
    late = tuple(OpenWindow(stage, FIRST + 1400, FIRST + 1520) for stage in ("s1", "s2"))
    plan = [
        PlaceOfAct("a1", "s1", FIRST + 1420),
        PlaceOfAct("a2", "s2", FIRST + 1445),
        PlaceOfAct("a3", "s1", FIRST + 1435),
    ]
    assert broken_rules(small(windows=late), plan) == []
    assert cost_of(small(windows=late), plan) == 120 + 15 + 120


# ------------------------------------------------------------------------------------------------ plans


def kept(seed: int, steps: int) -> tuple[list[str], bool, bool]:
    """What a plan of an odd festival breaks, whether its cost is what the search believed, whether the bound is one."""
    festival = odd(seed)
    floors = floors_of(festival)
    found = search(festival, seed, steps)
    plan = found.plan()
    unplaced = found.unplaced()
    faults = [f"{seed}: {each.rule} {each.reason}" for each in broken_rules(festival, plan, unplaced)]
    as_believed = bool(unplaced) or cost_of(festival, plan) == found.best_value
    return faults, as_believed, bool(unplaced) or cost_of(festival, plan) >= floors.bound


def test_no_plan_of_odd_festivals_breaks_a_rule() -> None:
    assert [kept(seed, 6) for seed in (*range(30), 61)] == [([], True, True)] * 31


@pytest.mark.faults
def test_no_plan_of_a_thousand_odd_festivals_breaks_a_rule() -> None:
    assert [kept(seed, 10) for seed in range(1_000)] == [([], True, True)] * 1_000


def test_sixty_acts_stand_at_the_floor() -> None:
    festival = crowded(1, families=15, stages=2, contests=4, load=0.5)
    found = search(festival, steps=2_000)
    assert (len(festival.acts), found.at_floor, cost_of(festival, found.plan())) == (
        60,
        True,
        floors_of(festival).bound,
    )


def test_the_floor_of_one_family_is_the_best_of_all_its_plans() -> None:
    for seed in range(4):
        dice = Random(seed)
        acts = tuple(ActToTime(f"a{at}", "c", dice.randint(2, 7), ("f",)) for at in range(3))
        windows = tuple(
            OpenWindow("s", FIRST + day * 1440, FIRST + day * 1440 + dice.randint(9, 20)) for day in range(2)
        )
        gone = FIRST + dice.randrange(20)
        festival = WholeFestival(
            acts, (ContestToTime("c"),), (StageToFill("s", frozenset({"c"})),), (), windows,
            away=(AwaySpan("family", "f", gone, gone + 5),), family_gap_min=4, day_cost_min=dice.choice((2, 6)),
        )  # fmt: skip
        moments = [at for window in windows for at in range(window.begins, window.ends)]
        costs = []
        for chosen in product(moments, repeat=3):
            spans = sorted((at, at + act.minutes) for at, act in zip(chosen, acts, strict=True))
            if all(after[0] - before[1] >= 4 for before, after in pairwise(spans)):
                plan = [PlaceOfAct(act.code, "s", at) for act, at in zip(acts, chosen, strict=True)]
                if not broken_rules(festival, plan):
                    costs.append(cost_of(festival, plan))
        floors = floors_of(festival)
        assert (floors.most["f"] == 3, floors.cost["f"]) == (bool(costs), min(costs, default=0))


def test_a_drawn_order_that_binds_is_kept_and_has_its_price() -> None:
    free = crowded(3, families=16, stages=2, contests=4)
    numbers = [*range(16)]
    Random(3).shuffle(numbers)
    drawn = tuple(
        replace(act, number=numbers[int(act.families[0][1:])] + 1) if act.contest == "c0" else act for act in free.acts
    )
    bound = replace(free, acts=drawn, contests=(replace(free.contests[0], order_binds=True), *free.contests[1:]))
    found = search(bound, steps=50)
    assert broken_rules(bound, found.plan()) == []
    assert {each.rule for each in broken_rules(bound, search(free, steps=50).plan())} == {BrokenRule.ORDER}


# ------------------------------------------------------------------------------------------------ what cannot be


def test_too_many_minutes_are_said_with_the_acts_to_leave_out() -> None:
    stages = tuple(StageToFill(f"s{at}", frozenset({"c"})) for at in range(6))
    festival = WholeFestival(
        acts=tuple(ActToTime(f"a{at}", "c", 12 if at else 40, (f"f{at // 4}",)) for at in range(960)),
        contests=(ContestToTime("c"),),
        stages=stages,
        panels=(),
        windows=tuple(
            OpenWindow(each.code, MORNING + day * 1440, MORNING + day * 1440 + 420)
            for each in stages
            for day in range(3)
        ),
    )
    (short,) = too_much(festival)
    assert (short.needed, short.room, len(short.leave_out)) == (11_548, 7_560, 330)
    assert short.leave_out[0] == "a0"
    assert str(short.reason) == (
        "Tất cả cần 11548 phút sân khấu mà chỉ có 7560 phút; bỏ bớt 330 tiết mục, thêm giờ hoặc thêm sân khấu"
    )
    fits = replace(festival, acts=tuple(act for act in festival.acts if act.code not in short.leave_out))
    assert too_much(fits) == []


def test_a_panel_that_has_too_little_time_is_named() -> None:
    away = (AwaySpan("panel", "h1", MORNING - 60, MORNING + 105),)
    (short,) = too_much(small(away=away))
    assert (short.needed, short.room, short.leave_out) == (20, 15, ("a1",))
    assert "ban giám khảo «h1» phải chấm 20 phút mà chỉ có 15 phút" in str(short.reason)


def test_wishes_that_contradict_each_other_are_each_needed() -> None:
    needless = tuple(AwaySpan("family", "f2", MORNING - at - 1, MORNING - at) for at in range(110))
    festival = small(
        away=(
            AwaySpan("family", "f1", MORNING + 30, MORNING + 60),
            AwaySpan("person", "p1", MORNING, MORNING + 3),
            AwaySpan("panel", "h2", MORNING, MORNING + 50),
            AwaySpan("panel", "h1", MORNING + 50, MORNING + 118),
            *needless,
        ),
        longest_wait_min=29,
    )
    (found,) = contradictions(festival, floors_of(festival))
    assert (found.family, found.acts) == ("f1", ("a1", "a2"))
    assert [str(each) for each in found.wishes] == [
        "«f1» vắng từ 2024-06-14T08:00 đến 2024-06-14T08:30",
        "«h2» vắng từ 2024-06-14T07:30 đến 2024-06-14T08:20",
        "«h1» vắng từ 2024-06-14T08:20 đến 2024-06-14T09:28",
        "không chờ quá 29 phút",
    ]


# ------------------------------------------------------------------------------------------------ the process beside


def test_the_answer_to_a_file_is_a_plan_at_its_floor() -> None:
    answer, noted = answered(to_document(small()), 5, 3)
    assert noted is None
    assert {key: answer[key] for key in ("format", "cost", "bound", "gap", "proven", "unplaced", "contradiction")} == {
        "format": "festival-plan 1", "cost": 255, "bound": 255, "gap": 0.0, "proven": True, "unplaced": [], "contradiction": [],
    }  # fmt: skip
    assert answered(to_document(small()), 5, 3)[0]["plan"] == answer["plan"]


def test_who_stops_keeps_the_best_so_far() -> None:
    festival = crowded(5, families=40, stages=2, contests=4)
    plans = plans_of(festival, 60)
    assert isinstance(plans, Generator)
    first = next(plans)
    plans.close()
    assert broken_rules(festival, first.plan, first.unplaced) == []


def test_a_solver_that_dies_leaves_its_last_plan() -> None:
    festival = crowded(5, families=40, stages=2, contests=4)
    plans = plans_of(festival, 60)
    found = [next(plans)]
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    (worker,) = [int(pid) for pid in children if b"solver.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(worker, signal.SIGKILL)
    found += plans
    assert (found[-1].last, broken_rules(festival, found[-1].plan, found[-1].unplaced)) == (False, [])


def against_each_other(minutes: int) -> WholeFestival:
    """One stage, three families, two drawn orders that run against each other."""
    festival = crowded(2, families=3, stages=1, contests=2, days=1, load=0.3, each=2)
    turns = {act.code: int(act.families[0][1:]) for act in festival.acts}
    return replace(
        festival,
        acts=tuple(
            replace(act, number=(turns[act.code] if act.contest == "c0" else -turns[act.code]) + 5)
            for act in festival.acts
        ),
        contests=tuple(replace(each, order_binds=True) for each in festival.contests),
        windows=(replace(festival.windows[0], ends=festival.windows[0].begins + minutes),),
    )


def test_families_solved_together_stand_best_or_it_is_proved_that_they_cannot_stand() -> None:
    festival = against_each_other(170)
    found = search(festival)
    found.together(stood_together, len(found.groups), 60)
    assert (broken_rules(festival, found.plan()), cost_of(festival, found.plan())) == ([], found.proved)
    assert found.proved > floors_of(festival).bound
    found = search(replace(festival, longest_wait_min=15))
    found.together(stood_together, len(found.groups), 60)
    assert (found.all_stand, broken_rules(festival, found.plan(), found.unplaced())) == (False, [])


def test_what_is_proved_impossible_is_said() -> None:
    answer, _ = answered(to_document(replace(against_each_other(170), longest_wait_min=15)), 4, 1)
    assert (answer["proven"], bool(answer["unplaced"]), len(answer["contradiction"])) == (False, True, 1)
    assert str(answer["contradiction"][0]["reason"]).startswith("Đã chứng minh: không lịch nào")
