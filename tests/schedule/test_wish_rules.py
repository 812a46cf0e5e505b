"""Does the one checker see every wish that is not kept, does the first running order keep them, is what no plan can keep said before?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from festival.core.sentence import N_
from festival.schedule.conflicts import Clash, PlannedAct, PlannedSession, check
from festival.schedule.overlaps import Booked, told
from festival.schedule.rules.foreseen import impossible
from festival.schedule.rules.ordering import circle, in_order
from festival.schedule.rules.wished import AwayTime, PauseTime, Wishes, free_spans
from festival.schedule.running_order import first_plan
from tests.schedule.test_running_order import MORNING, act, placed, programmes, session


def minute(after: int) -> datetime:
    return MORNING + timedelta(minutes=after)


def away(begins: int, ends: int, **who: Any) -> AwayTime:
    return AwayTime(N_("«Gia đình X»"), minute(begins), minute(ends), **who)


LUNCH = PauseTime("Nghỉ trưa", minute(30), minute(90))
TWO = [placed(act("A", families=(1,)), session(), 0), placed(act("B", families=(2,)), session(), 20)]
OF_ONE = [placed(act("A", persons=(7,)), session(), 0), placed(act("B", persons=(7,)), session(), 30)]


@pytest.mark.parametrize(
    ("wishes", "kind", "said"),
    [
        ({"away": (away(10, 60, families=frozenset({1})),)}, Clash.AWAY,
         "«Tiết mục A» có giờ lúc 7 giờ 30 nhưng «Gia đình X» vắng mặt từ 7 giờ 40 ngày 15/6 đến 8 giờ 30 ngày 15/6."),
        ({"away": (away(0, 10, acts=frozenset({"A"})),)}, Clash.AWAY,
         "«Tiết mục A» có giờ lúc 7 giờ 30 nhưng «Gia đình X» vắng mặt từ 7 giờ 30 ngày 15/6 đến 7 giờ 40 ngày 15/6."),
        ({"away": (away(0, 90, panel="c"),)}, Clash.AWAY,
         "«Buổi s1» có giờ lúc 7 giờ 30 nhưng «Gia đình X» vắng mặt từ 7 giờ 30 ngày 15/6 đến 9 giờ ngày 15/6."),
        ({"pauses": (LUNCH,)}, Clash.PAUSE,
         "«Tiết mục B» (7 giờ 50 – 8 giờ 05) đứng trong giờ nghỉ «Nghỉ trưa», từ 8 giờ đến 9 giờ ngày 15/6."),
        ({"earliest": {"A": minute(60)}}, Clash.WINDOW,
         "«Tiết mục A» bắt đầu 7 giờ 30 ngày 15/6, sớm hơn giờ đã hẹn: không trước 8 giờ 30 ngày 15/6."),
        ({"latest": {"B": minute(30)}}, Clash.WINDOW,
         "«Tiết mục B» xong lúc 8 giờ 05 ngày 15/6, muộn hơn giờ đã hẹn: xong trước 8 giờ ngày 15/6."),
        ({"before": (("B", "A"),)}, Clash.BEFORE,
         "«Tiết mục B» phải thi xong trước «Tiết mục A», nhưng xong lúc 8 giờ 05 ngày 15/6 còn «Tiết mục A» bắt đầu 7 giờ 30 ngày 15/6."),
        ({"opening": frozenset({"B"})}, Clash.PLACE, "«Tiết mục B» phải mở màn buổi của mình, nhưng «Tiết mục A» thi trước."),
        ({"closing": frozenset({"A"})}, Clash.PLACE, "«Tiết mục A» phải kết thúc buổi của mình, nhưng «Tiết mục B» thi sau."),
        ({"takes": {"Sân khấu 1": frozenset({"d"})}}, Clash.TAKES,
         "«Buổi s1» diễn ra ở Sân khấu 1, nơi được ghi là không nhận phần thi này."),
    ],
)  # fmt: skip
def test_a_wish_that_is_not_kept_is_said_in_words(wishes: Mapping[str, Any], kind: Clash, said: str) -> None:
    assert [(each.kind, str(each)) for each in check(TWO, wishes=Wishes(**wishes))] == [(kind, said)]


@pytest.mark.parametrize(
    "wishes",
    [
        {"away": (away(15, 20, families=frozenset({1})), away(35, 99, families=frozenset({2})))},
        {"away": (away(0, 99, families=frozenset({3})), away(0, 99, panel="d"), away(0, 99, judge=5))},
        {"pauses": (PauseTime("Nghỉ", minute(15), minute(20)), PauseTime("Nghỉ", minute(0), minute(99), "Hội trường"))},
        {"earliest": {"A": minute(0)}, "latest": {"B": minute(35)}, "before": (("A", "B"), ("A", "nobody"))},
        {"opening": frozenset({"A"}), "closing": frozenset({"B"}), "takes": {"Sân khấu 1": frozenset({"c"})}},
        {"change_min": {"": 200}},
    ],
)
def test_what_is_kept_is_not_said(wishes: Mapping[str, Any]) -> None:
    assert check(TWO, wishes=Wishes(**wishes)) == []


def test_a_costume_needs_its_minutes_and_neighbours_on_stage_are_said() -> None:
    assert [str(each) for each in check(OF_ONE)] == [
        "Có người tham gia hai tiết mục liền nhau: «Tiết mục A» rồi «Tiết mục B»."
    ]
    short = Wishes(change_min={"": 5, "c": 20})
    assert [(each.kind, str(each)) for each in check(OF_ONE, wishes=short)] == [
        (
            Clash.CHANGE,
            "Có người chỉ có 15 phút thay trang phục giữa «Tiết mục A» và «Tiết mục B»; cần ít nhất 20 phút.",
        )
    ]
    between = [*OF_ONE, placed(act("C", minutes=5), session(), 18)]
    assert check(between, wishes=Wishes(change_min={"c": 15})) == []


def test_a_family_in_two_places_is_not_said_again_for_its_costume() -> None:
    plan = [placed(act("A", families=(1,), persons=(7,)), session(), 0),
            placed(act("B", families=(1,), persons=(7,)), session(), 20)]  # fmt: skip
    assert [each.kind for each in check(plan, gap_min=15, wishes=Wishes(change_min={"": 30}))] == [Clash.GAP]


# ------------------------------------------------------------------------------------- the first running order


def order(wishes: Wishes, **how: Any) -> list[tuple[str, int]]:
    """Five acts of 15 + 3 minutes drawn 1…5, from half past seven: who begins how many minutes after."""
    acts = [act(code, number=at, families=(at,)) for at, code in enumerate("ABCDE", start=1)]
    plan = first_plan(acts, how.get("sessions", [session()]), gap_min=15, wishes=wishes, fixed=how.get("fixed", ()))
    kinds = {each.kind for each in check(plan.placed, gap_min=15, wishes=wishes)}
    assert kinds <= {Clash.ORDER}, kinds
    return [(each.act.code, int((each.starts_at - MORNING).total_seconds()) // 60) for each in plan.placed]


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({}, "A0 B18 C36 D54 E72"),
        ({"away": (away(0, 50, families=frozenset({1})),)}, "B0 C18 D36 A54 E72"),
        ({"away": (away(10, 50, judge=3),)}, "A50 B68 C86 D104 E122"),
        ({"pauses": (LUNCH,)}, "A0 B90 C108 D126 E144"),
        ({"earliest": {"A": minute(60)}}, "B0 C18 D36 E54 A72"),
        ({"earliest": {"A": minute(200)}}, "B0 C18 D36 E54 A200"),
        ({"latest": {"E": minute(20)}}, "A0 B18 C36 D54"),
        ({"before": (("D", "A"),)}, "B0 C18 D36 A54 E72"),
        ({"opening": frozenset({"E"})}, "E0 A18 B36 C54 D72"),
        ({"closing": frozenset({"A"})}, "B0 C18 D36 E54 A72"),
        ({"opening": frozenset({"E"}), "closing": frozenset({"A"}), "before": (("D", "B"),)}, "E0 C18 D36 B54 A72"),
    ],
)
def test_the_first_running_order_keeps_wishes_before_the_drawn_order(wishes: Mapping[str, Any], expected: str) -> None:
    where = session(judges=frozenset({3}))
    found = order(Wishes(**wishes), sessions=[where])
    assert " ".join(f"{code}{at}" for code, at in found) == expected


def test_opening_and_closing_acts_get_the_first_and_the_last_session_that_can_hold_them() -> None:
    sessions = [session("a", minutes=60), session("b", start=120, minutes=60)]
    assert order(Wishes(opening=frozenset({"E"}), closing=frozenset({"A"})), sessions=sessions) == [
        ("E", 0), ("B", 18), ("C", 36), ("D", 120), ("A", 138),
    ]  # fmt: skip
    later = Wishes(opening=frozenset({"E"}), earliest={"E": minute(100)})
    assert order(later, sessions=sessions) == [("A", 0), ("B", 18), ("C", 36), ("E", 120), ("D", 138)]


def test_an_act_waits_for_one_on_another_stage_and_not_for_one_that_gets_no_time() -> None:
    song, sport = session("s1"), session("s2", "d", "Sân bóng", start=60)
    acts = [act("A"), act("B", "d")]
    plan = first_plan(acts, [song, sport], wishes=Wishes(before=(("B", "A"),)))
    assert [(each.act.code, each.starts_at) for each in plan.placed] == [("B", minute(60)), ("A", minute(75))]
    gone = Wishes(before=(("B", "A"),), away=(away(0, 600, acts=frozenset({"B"})),))
    plan = first_plan(acts, [song, sport], wishes=gone)
    assert [each.act.code for each in plan.placed] == ["A"]
    assert [str(each) for each in plan.unplaced] == [
        (
            "«Tiết mục B» cần 15 phút, nhưng trừ giờ vắng mặt, giờ nghỉ và giờ đã hẹn thì chỉ còn liền nhau 0 phút. "
            "Bớt một điều đã ghi, hoặc thêm buổi thi."
        )
    ]


def test_what_is_filled_in_comes_before_an_act_that_has_its_time_and_never_behind_a_closing_one() -> None:
    early, late = session("a", minutes=60), session("b", start=120, minutes=60)
    there = [placed(act("X"), late, 120)]
    found = first_plan([act("A")], [late, early], fixed=there, wishes=Wishes(before=(("A", "X"),)))
    assert [(each.act.code, each.session.code) for each in found.placed] == [("A", "a")]
    closed = first_plan([act("A")], [late], fixed=there, wishes=Wishes(closing=frozenset({"X"})))
    assert [each.act.code for each in closed.placed] == []


@st.composite
def wished(draw: st.DrawFn) -> tuple[list[PlannedAct], list[PlannedSession], int, Wishes]:
    acts, sessions, gap_min = draw(programmes())
    codes = [each.code for each in acts] or ["–"]
    one, moment = st.sampled_from(codes), st.integers(-30, 400)
    some = st.lists(one, max_size=2, unique=True)
    pairs = {(first, second) for first, second in draw(st.lists(st.tuples(one, one), max_size=4)) if first < second}
    spans = [(begins, begins + draw(st.integers(1, 120))) for begins in draw(st.lists(moment, max_size=3))]
    return acts, sessions, gap_min, Wishes(
        away=tuple(away(*span, families=frozenset({draw(st.integers(1, 6))})) for span in spans),
        pauses=tuple(PauseTime("Nghỉ", minute(at), minute(at + 20)) for at in draw(st.lists(moment, max_size=2))),
        earliest={code: minute(draw(moment)) for code in draw(some)},
        latest={code: minute(draw(moment)) for code in draw(some)},
        before=tuple(sorted(pairs)),
        opening=frozenset(draw(some)),
        closing=frozenset(draw(some)),
        change_min={"": draw(st.sampled_from([0, 10]))},
    )  # fmt: skip


@settings(max_examples=60)
@given(wished())
def test_a_first_plan_breaks_no_wish_but_the_place_in_a_session(
    programme: tuple[list[PlannedAct], list[PlannedSession], int, Wishes],
) -> None:
    acts, sessions, gap_min, wishes = programme
    plan = first_plan(acts, sessions, gap_min=gap_min, wishes=wishes)
    found = check(plan.placed, gap_min=gap_min, wishes=wishes)
    shown = {Clash.ORDER, Clash.PLACE}
    assert [each for each in found if each.kind not in shown and "liền nhau" not in str(each)] == []
    left = {code for conflict in plan.unplaced for code in conflict.acts}
    assert sorted([*(each.act.code for each in plan.placed), *left]) == sorted(each.code for each in acts)
    assert first_plan(list(reversed(acts)), sessions, gap_min=gap_min, wishes=wishes) == plan
    # what is called impossible has no place in this plan either
    never = {each.acts[0] for each in impossible(acts, sessions, wishes) if each.kind is Clash.WINDOW}
    assert never <= left


# ------------------------------------------------------------------------------------- said before planning


@pytest.mark.parametrize(
    ("acts", "wishes", "said"),
    [
        ([act("A", minutes=300)], {},
         "«Tiết mục A» cần 300 phút, dài hơn mọi buổi của phần thi (buổi dài nhất 240 phút). Kéo dài một buổi, hoặc bớt số phút của tiết mục."),
        ([act("A", families=(1,))], {"away": (away(10, 239, families=frozenset({1})),)},
         ("«Tiết mục A» cần 15 phút, nhưng trừ giờ vắng mặt, giờ nghỉ và giờ đã hẹn thì chỉ còn liền nhau 10 phút. "
         "Bớt một điều đã ghi, hoặc thêm buổi thi.")),
        ([act("A", families=(1,)), act("B", families=(1,))],
         {"earliest": {"A": minute(0), "B": minute(0)}, "latest": {"A": minute(15), "B": minute(15)}},
         ("«Tiết mục A» và «Tiết mục B» có chung gia đình hoặc người, mà theo các buổi và giờ đã ghi thì không cách nào thi lần lượt. "
         "Nới giờ của một trong hai.")),
        ([act("A"), act("B")], {"earliest": {"A": minute(60)}, "latest": {"B": minute(60)}, "before": (("A", "B"),)},
         ("«Tiết mục A» phải thi xong trước «Tiết mục B», nhưng sớm nhất 8 giờ 45 ngày 15/6 mới xong, còn «Tiết mục B» muộn nhất "
         "8 giờ 15 ngày 15/6 phải bắt đầu. Bỏ một trong các điều đã ghi.")),
        ([act("A"), act("B"), act("C")],
         {"earliest": {"A": minute(60)}, "latest": {"C": minute(95)}, "before": (("A", "B"), ("B", "C"))},
         ("«Tiết mục B» phải thi xong trước «Tiết mục C», nhưng sớm nhất 9 giờ ngày 15/6 mới xong, còn «Tiết mục C» muộn nhất "
         "8 giờ 50 ngày 15/6 phải bắt đầu. Bỏ một trong các điều đã ghi.")),
        ([act("A"), act("B")], {"before": (("A", "B"), ("B", "A"))},
         "Thứ tự trước sau đi thành vòng: «Tiết mục A» → «Tiết mục B» → «Tiết mục A». Bỏ một điều trong vòng này."),
        ([act("A"), act("B")], {"opening": frozenset({"A", "B"})},
         "2 tiết mục cùng phải mở màn, nhưng phần thi chỉ có 1 buổi. Bỏ bớt."),
        ([act("A"), act("B")], {"closing": frozenset({"A", "B"})},
         "2 tiết mục cùng phải kết thúc buổi, nhưng phần thi chỉ có 1 buổi. Bỏ bớt."),
    ],
)  # fmt: skip
def test_what_no_plan_can_keep_is_said_before(acts: list[PlannedAct], wishes: Mapping[str, Any], said: str) -> None:
    assert [str(each) for each in impossible(acts, [session()], Wishes(**wishes))] == [said]


def test_a_stage_without_hours_is_said_and_nothing_else_of_a_sound_festival() -> None:
    there = [act("A", families=(1,)), act("B", families=(1,))]
    assert [str(each) for each in impossible(there, [session()], Wishes(), ["Sân khấu 1", "Sân sau"])] == [
        "Sân sau chưa có buổi thi nào: chưa tiết mục nào xếp lên đó được."
    ]
    assert impossible([], [], Wishes()) == []


def test_who_cooks_together_is_bound_from_the_start_of_the_session() -> None:
    cooking = session(together=90, minutes=200)
    item = act("A", families=(1,))
    wishes = Wishes(away=(away(0, 10, families=frozenset({1})),))
    assert free_spans(item, cooking, wishes) == []
    assert [str(each.kind) for each in impossible([item], [cooking], wishes)] == ["window"]
    late = Wishes(away=(away(120, 150, families=frozenset({1})),))
    assert free_spans(item, cooking, late) == [(minute(90), minute(120))]


def test_a_circle_is_the_shortest_one_and_an_order_follows_what_waits() -> None:
    pairs = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "b"), ("c", "b")]
    assert circle(pairs) == ["b", "c", "b"]
    assert circle([("a", "a")]) == ["a", "a"]
    assert circle(pairs[:3]) == []
    assert in_order(["d", "c", "b", "a"], [*pairs[:3], ("x", "a")]) == ["a", "b", "c", "d"]


def test_a_session_on_a_stage_that_does_not_take_its_contest_is_asked_about() -> None:
    new = Booked("Hát", "san", "Sân bóng", "hat", minute(0), minute(60), takes=frozenset({"chay"}))
    assert [str(each) for each in told(new, [])] == ["Sân bóng được ghi là không nhận phần thi này."]
    assert told(Booked("Chạy", "san", "Sân bóng", "chay", minute(0), minute(60), takes=frozenset({"chay"})), []) == []
