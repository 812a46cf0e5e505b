"""Does the first running order put nobody in two places at once, and does the checker see it when one does?"""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta, timezone
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.schedule.conflicts import Clash, Placed, PlannedAct, PlannedSession, capacity, check
from festival.schedule.running_order import first_plan

ZONE = timezone(timedelta(hours=7))
MORNING = datetime(2024, 6, 15, 7, 30, tzinfo=ZONE)


def session(code: str = "s1", contest: str = "c", stage: str = "Sân khấu 1", start: int = 0, minutes: int = 240,
            together: int = 0, judges: frozenset[int] = frozenset()) -> PlannedSession:  # fmt: skip
    begins = MORNING + timedelta(minutes=start)
    return PlannedSession(
        code, f"Buổi {code}", contest, stage, begins, begins + timedelta(minutes=minutes), together, judges
    )


def act(code: str, contest: str = "c", minutes: int = 15, changeover: int = 3, number: int | None = None,
        families: tuple[int, ...] = (), persons: tuple[int, ...] = ()) -> PlannedAct:  # fmt: skip
    return PlannedAct(
        code, f"Tiết mục {code}", contest, minutes, changeover, number, frozenset(families), frozenset(persons)
    )


def placed(item: PlannedAct, in_session: PlannedSession, minute: int) -> Placed:
    return Placed(item, in_session, MORNING + timedelta(minutes=minute))


@st.composite
def programmes(draw: st.DrawFn) -> tuple[list[PlannedAct], list[PlannedSession], int]:
    contests = [f"c{at}" for at in range(draw(st.integers(1, 4)))]
    sessions, acts = [], []
    for at, contest in enumerate(contests):
        together = draw(st.sampled_from([0, 0, 0, 30]))
        for block in range(draw(st.integers(1, 2))):
            sessions.append(
                session(f"s{at}{block}", contest, f"Sân khấu {at}", block * 300 + draw(st.integers(0, 60)),
                        draw(st.integers(30, 200)), together)
            )  # fmt: skip
        numbered = draw(st.booleans())
        for number in range(draw(st.integers(0, 8))):
            acts.append(
                act(f"{contest}-{number:02d}", contest, draw(st.integers(1, 20)), draw(st.integers(0, 5)),
                    number + 1 if numbered else None,
                    tuple(draw(st.sets(st.integers(1, 6), max_size=2))), tuple(draw(st.sets(st.integers(1, 9), max_size=2))))
            )  # fmt: skip
    return acts, sessions, draw(st.sampled_from([0, 10, 15]))


@given(programmes())
def test_a_first_plan_has_no_conflict_and_loses_no_act(
    programme: tuple[list[PlannedAct], list[PlannedSession], int],
) -> None:
    acts, sessions, gap_min = programme
    plan = first_plan(acts, sessions, gap_min=gap_min)
    # somebody in two acts that follow each other is said, and no hindrance
    assert [each for each in check(plan.placed, gap_min=gap_min) if each.kind is not Clash.CHANGE] == []
    left = {code for conflict in plan.unplaced for code in conflict.acts}
    assert sorted([*(each.act.code for each in plan.placed), *left]) == sorted(each.code for each in acts)
    assert first_plan(list(reversed(acts)), sessions, gap_min=gap_min) == plan


@given(programmes(), st.integers(0, 2**32))
def test_the_checker_sees_every_family_and_person_in_two_places(
    programme: tuple[list[PlannedAct], list[PlannedSession], int], seed: int
) -> None:
    """Acts thrown anywhere: the checker speaks of people in two places exactly when counting by brute force does."""
    acts, sessions, _ = programme
    chance = random.Random(seed)
    thrown = [
        Placed(each, where := chance.choice(sessions), where.starts_at + timedelta(minutes=chance.randrange(0, 200)))
        for each in acts
    ]

    def overlaps(one: Placed, other: Placed) -> bool:
        return one.busy_from < other.ends_at and other.busy_from < one.ends_at

    def expected(kind: Clash) -> bool:
        pairs = [pair for pair in combinations(thrown, 2) if overlaps(*pair)]
        if kind is Clash.FAMILY:
            return any(one.act.families & other.act.families for one, other in pairs)
        return any(
            one.act.persons & other.act.persons and not one.act.families & other.act.families for one, other in pairs
        )

    found = {conflict.kind for conflict in check(thrown, ordered=False)}
    assert (Clash.FAMILY in found) == expected(Clash.FAMILY)
    if not expected(Clash.FAMILY):
        assert (Clash.PERSON in found) == expected(Clash.PERSON)


def test_a_family_in_two_places_is_named_with_acts_and_minutes() -> None:
    talent, sport = session("s1"), session("s2", "d", "Sân bóng")
    plan = [placed(act("A", families=(1,)), talent, 0), placed(act("B", "d", families=(1,)), sport, 10)]
    assert [str(conflict) for conflict in check(plan)] == [
        (
            "Một gia đình phải ở hai nơi cùng lúc: «Tiết mục A» (Sân khấu 1) và «Tiết mục B» (Sân bóng) "
            "trùng nhau 5 phút từ 7 giờ 40 ngày 15/6."
        )
    ]


def test_a_short_gap_an_overrun_and_a_broken_draw_are_said_in_words() -> None:
    talent = session("s1", minutes=30)
    plan = [
        placed(act("A", number=2, families=(1,)), talent, 0),
        placed(act("B", number=1, families=(1,)), talent, 18),
    ]
    assert [(conflict.kind, str(conflict)) for conflict in check(plan, gap_min=15)] == [
        (
            Clash.GAP,
            (
                "Gia đình chỉ có 3 phút giữa «Tiết mục A» (xong lúc 7 giờ 45) và «Tiết mục B» (bắt đầu 7 giờ 48); "
                "cần ít nhất 15 phút."
            ),
        ),
        (Clash.ORDER, "«Tiết mục A» bốc thăm số 2 nhưng thi trước «Tiết mục B» (số 1)."),
        (Clash.OVERRUN, "«Tiết mục B» xong lúc 8 giờ 03, quá giờ kết thúc của «Buổi s1» (8 giờ) 3 phút."),
    ]


def test_a_panel_cannot_sit_in_two_sessions() -> None:
    one = session("s1", judges=frozenset({1, 2, 3}))
    other = session("s2", "d", "Hội trường", judges=frozenset({3, 4}))
    plan = [placed(act("A"), one, 0), placed(act("B", "d"), other, 5)]
    assert [str(conflict) for conflict in check(plan)] == [
        "1 giám khảo phải chấm hai nơi cùng lúc: «Buổi s1» và «Buổi s2» từ 7 giờ 35 ngày 15/6."
    ]
    assert check([plan[0], placed(act("B", "d"), other, 15)]) == []


def test_the_stage_needs_its_changeover() -> None:
    where = session()
    plan = [placed(act("A"), where, 0), placed(act("B"), where, 16)]
    assert [conflict.kind for conflict in check(plan)] == [Clash.STAGE]
    assert check([plan[0], placed(act("B"), where, 18)]) == []


def test_cooking_binds_the_family_from_the_beginning_of_the_session() -> None:
    cooking, song = session("s1", together=90), session("s2", "d", "Hội trường")
    plan = [placed(act("A", minutes=5, families=(1,)), cooking, 90), placed(act("B", "d", families=(1,)), song, 30)]
    assert [conflict.kind for conflict in check(plan)] == [Clash.FAMILY]
    planned = first_plan([plan[0].act, plan[1].act], [cooking, song])
    assert check(planned.placed) == []
    assert len(planned.placed) == 2


def test_the_sum_of_minutes_is_said_at_once_when_it_cannot_fit() -> None:
    """960 acts of 12 minutes do not fit into 7,560 stage minutes."""
    acts = [act(f"{number:03d}", minutes=12) for number in range(960)]
    sessions = [session(f"s{number}", minutes=420, start=number * 1440) for number in range(18)]
    began = time.process_time()
    [conflict] = capacity(acts, sessions)
    assert time.process_time() - began < 5, "work of the processor, so a busy machine changes nothing: 0.01 s as a rule"
    assert str(conflict) == (
        "Không đủ giờ: 960 tiết mục cần ít nhất 11520 phút trên sân khấu, các buổi thi chỉ có 7560 phút "
        "(thiếu 3960 phút)."
    )
    plan = first_plan(acts, sessions)
    assert plan.placed == ()
    assert plan.unplaced == (conflict,)


def test_the_drawn_order_is_kept_and_without_it_nobody_waits() -> None:
    """Number 1's family is busy elsewhere: drawn, everybody waits for it; not drawn, the others go first."""
    talent, sport = session("s1"), session("s2", "d", "Sân bóng", start=-20)
    away = placed(act("X", "d", minutes=60, families=(1,)), sport, -20)
    numbered = [act("A", number=1, families=(1,)), act("B", number=2, families=(2,))]
    kept = first_plan(numbered, [talent], fixed=[away])
    assert [(each.act.code, each.starts_at - MORNING) for each in kept.placed] == [
        ("A", timedelta(minutes=40)),
        ("B", timedelta(minutes=58)),
    ]
    free = first_plan(numbered, [talent], fixed=[away], order_binds=False)
    assert [each.act.code for each in free.placed] == ["B", "A"]


def test_the_real_size_fits_two_sittings() -> None:
    """15 acts of 15 + 3 minutes are 4.5 h on one stage, as the sources estimate."""
    acts = [act(f"{number:02d}", number=number) for number in range(1, 16)]
    plan = first_plan(acts, [session("a", minutes=150), session("b", start=360, minutes=150)])
    assert plan.unplaced == ()
    assert [each.act.number for each in plan.placed] == list(range(1, 16))


@pytest.mark.parametrize("seed", range(3))
def test_480_acts_on_six_stages_are_planned_in_seconds(seed: int) -> None:
    chance = random.Random(seed)
    contests = [f"c{at}" for at in range(8)]
    sessions = [
        session(f"{contest}-{day}", contest, f"Sân khấu {at % 6}", day * 1440 + (at // 6) * 300, 290)
        for day in range(3)
        for at, contest in enumerate(contests)
    ]
    acts = [
        act(f"{number:03d}", contests[number % 8], 8, 2, families=(chance.randrange(200),)) for number in range(480)
    ]
    began = time.process_time()
    plan = first_plan(acts, sessions, gap_min=15)
    assert time.process_time() - began < 60, "work of the processor: 1 s as a rule"
    assert len(plan.placed) == 480
    assert check(plan.placed, gap_min=15) == []


def test_a_family_and_a_person_of_the_same_number_do_not_wait_for_each_other() -> None:
    first, second = session("s1"), session("s2", "d", "Sân bóng")
    plan = first_plan([act("A", families=(1,)), act("B", "d", persons=(1,))], [first, second])
    assert [each.starts_at for each in plan.placed] == [MORNING, MORNING]
