"""Places, ladders and sums: examples with names, and properties against a second, brute-force reading of the rules."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.results.standings import (
    Contribution,
    DelegationSum,
    EntryResult,
    RankedEntry,
    ResultState,
    delegation_sums,
    place_points,
    standings,
)
from festival.results.ties import Rung, Shown, TieDecision, part


def points(**values: int) -> list[EntryResult]:
    return [EntryResult(entry, ResultState.RANKED, value) for entry, value in values.items()]


def places(table: tuple[RankedEntry, ...]) -> dict[str, tuple[int | None, bool, bool]]:
    return {each.entry: (each.rank, each.shared, each.open) for each in table}


def test_shared_places_are_shared_and_the_next_is_skipped() -> None:
    table = standings(points(a=9_500, b=9_000, c=9_000, d=8_000), higher_wins=True)
    assert places(table) == {
        "a": (1, False, False),
        "b": (2, True, True),
        "c": (2, True, True),
        "d": (4, False, False),
    }
    assert [str(reason) for reason in table[1].reasons] == ["Bằng điểm, đồng hạng: các bậc xét chưa phân định được."]


def test_fast_or_slow_wins_by_parameter() -> None:
    times = points(a=61_500, b=59_990, c=75_000)
    assert [each.entry for each in standings(times, higher_wins=False)] == ["b", "a", "c"]
    assert [each.entry for each in standings(times, higher_wins=True)] == ["c", "a", "b"]


def test_who_did_not_start_or_finish_has_no_place_and_no_zero() -> None:
    results = [
        *points(a=0, b=5),
        EntryResult("c", ResultState.DNS),
        EntryResult("d", ResultState.DNF),
        EntryResult("e", ResultState.WAITING),
        EntryResult("f", ResultState.NOT_VALID),
    ]
    table = standings(results, higher_wins=False)
    assert places(table) == {
        "a": (1, False, False),
        "b": (2, False, False),
        "c": (None, False, False),
        "d": (None, False, False),
        "e": (None, False, True),
        "f": (None, False, True),
    }
    assert [str(each.reasons[0]) for each in table[2:4]] == ["Không dự thi.", "Không hoàn thành phần thi."]
    with pytest.raises(ValueError):
        EntryResult("x", ResultState.DNF, 0)
    with pytest.raises(ValueError):
        EntryResult("x", ResultState.RANKED)
    with pytest.raises(ValueError):
        standings(points(a=1) + points(a=2), higher_wins=True)


CONTENT = Rung("Nội dung, chủ đề", {"a": Fraction(28_500), "b": Fraction(28_500), "c": Fraction(27_000)})
MEMBERS = Rung("số thành viên trên sân khấu", {"a": 4, "b": 6, "c": 5}, shown=Shown.COUNT)


def test_the_ladder_goes_down_rung_by_rung_and_says_why() -> None:
    table = standings(points(a=9_000, b=9_000, c=9_000), higher_wins=True, ladder=(CONTENT, MEMBERS))
    assert [(each.entry, each.rank, each.shared) for each in table] == [
        ("b", 1, False),
        ("a", 2, False),
        ("c", 3, False),
    ]
    assert [str(reason) for reason in table[0].reasons] == [
        "Bằng điểm, xét «Nội dung, chủ đề»: 28,5.",
        "Bằng điểm, xét «số thành viên trên sân khấu»: 6.",
    ]
    assert [str(reason) for reason in table[2].reasons] == ["Bằng điểm, xét «Nội dung, chủ đề»: 27."]


def test_less_overtime_wins_when_the_rung_says_lower() -> None:
    rung = Rung("ít quá giờ hơn", {"a": 61_000, "b": 0}, higher_wins=False, shown=Shown.TIME)
    assert [group.entries for group in part(["a", "b"], [rung])] == [("b",), ("a",)]


def test_a_rung_with_a_missing_fact_parts_nobody_of_the_group() -> None:
    rung = Rung("Sáng tạo", {"a": 9_000, "b": None})
    (group,) = part(["b", "a", "c"], [rung])
    assert group.entries == ("a", "b", "c") and group.open
    assert str(group.reasons[0]) == "Bằng điểm, chưa xét được «Sáng tạo»: thiếu số liệu."


def test_the_panel_decides_with_reason_and_names() -> None:
    decision = TieDecision((("b",), ("a",)), "phần thuyết minh chắc hơn", ("Nguyễn Thị Lan", "Danh Chung"))
    table = standings(points(a=9_000, b=9_000, c=1), higher_wins=True, decisions=[decision])
    assert places(table) == {"b": (1, False, False), "a": (2, False, False), "c": (3, False, False)}
    assert str(table[0].reasons[-1]) == (
        "Bằng điểm, ban giám khảo quyết định: phần thuyết minh chắc hơn (Nguyễn Thị Lan, Danh Chung)."
    )


def test_the_panel_may_let_them_share_and_that_is_no_longer_open() -> None:
    decision = TieDecision((("a", "b"),), "ngang tài", ("Danh Chung",))
    table = standings(points(a=9_000, b=9_000), higher_wins=True, decisions=[decision])
    assert places(table) == {"a": (1, True, False), "b": (1, True, False)}


def test_a_decision_about_another_group_is_stale() -> None:
    decision = TieDecision((("b",), ("a",)), "lý do", ("Danh Chung",))
    table = standings(points(a=9_000, b=9_000, c=9_000), higher_wins=True, decisions=[decision])
    assert {each.open for each in table} == {True}


def test_the_last_decision_about_a_group_is_in_force() -> None:
    first = TieDecision((("a",), ("b",)), "lần một", ("X",))
    second = TieDecision((("b",), ("a",)), "sửa lại", ("X",))
    assert [g.entries for g in part(["a", "b"], [], [first, second])] == [("b",), ("a",)]


@pytest.mark.parametrize(
    ("order", "reason", "names"),
    [
        ((("a",),), "r", ("x",)),
        ((("a",), ("a",)), "r", ("x",)),
        ((("a",), ("b",)), " ", ("x",)),
        ((("a", "b"),), "r", ()),
    ],
)
def test_a_decision_without_reason_names_or_two_entries_is_none(
    order: tuple[tuple[str, ...], ...], reason: str, names: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError):
        TieDecision(order, reason, names)


VALUES = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 4), min_size=1)
LADDERS = st.lists(
    st.builds(
        lambda facts, higher: Rung("bậc", facts, higher),
        st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 2)),
        st.booleans(),
    ),
    max_size=3,
)


def before(x: str, y: str, values: dict[str, int], ladder: list[Rung], group: frozenset[str]) -> bool | None:
    """Brute force: does x stand before y? The group shrinks rung by rung to those equal to x so far."""
    if values[x] != values[y]:
        return values[x] > values[y]
    for rung in ladder:
        facts = {entry: rung.facts.get(entry) for entry in group}
        if None in facts.values():
            continue
        if facts[x] != facts[y]:
            return (facts[x] > facts[y]) == rung.higher_wins  # type: ignore[operator]
        group = frozenset(entry for entry in group if facts[entry] == facts[x])
    return None


@given(VALUES, LADDERS)
def test_places_equal_a_brute_force_count_of_those_before(values: dict[str, int], ladder: list[Rung]) -> None:
    table = standings(points(**values), higher_wins=True, ladder=ladder)
    for each in table:
        equals = frozenset(other for other in values if values[other] == values[each.entry])
        ahead = [x for x in values if x != each.entry and before(x, each.entry, values, ladder, equals) is True]
        level = [x for x in values if x != each.entry and before(x, each.entry, values, ladder, equals) is None]
        assert (each.rank, each.shared) == (len(ahead) + 1, bool(level))
    assert [each.rank for each in table] == sorted(each.rank or 0 for each in table)


@given(VALUES, LADDERS, st.randoms(use_true_random=False))
def test_the_order_of_the_results_changes_nothing(values: dict[str, int], ladder: list[Rung], random: object) -> None:
    shuffled = points(**values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert standings(shuffled, higher_wins=True, ladder=ladder) == standings(
        points(**values), higher_wins=True, ladder=ladder
    )


@given(st.permutations("abcd"), st.integers(1, 4))
def test_every_decision_of_the_panel_is_followed_exactly(order: list[str], cut: int) -> None:
    groups = tuple(g for g in (tuple(sorted(order[:cut])), tuple(sorted(order[cut:]))) if g)
    table = standings(points(a=1, b=1, c=1, d=1), higher_wins=True, decisions=[TieDecision(groups, "lý do", ("X",))])
    ranks = {each.entry: each.rank for each in table}
    assert ranks == {entry: 1 + sum(map(len, groups[:at])) for at, group in enumerate(groups) for entry in group}


# ---------------------------------------------------------------------------------------------- points for places, sums


def test_places_bring_the_points_of_the_table_and_shared_places_the_same() -> None:
    table = standings([*points(a=9, b=8, c=8, d=7, e=6), EntryResult("f", ResultState.DNS)], higher_wins=True)
    assert place_points(table, [15_000, 14_000, 13_000, 12_000]) == {
        "a": 15_000,
        "b": 14_000,
        "c": 14_000,
        "d": 12_000,
        "e": 0,
        "f": 0,
    }


def test_the_whole_delegation_is_the_sum_of_its_parts() -> None:
    sums = delegation_sums(
        [
            Contribution("hon-dat", "tai-nang", 15_000, 1),
            Contribution("hon-dat", "bong-ro", 12_000, 4),
            Contribution("ha-tien", "tai-nang", 14_000, 2),
            Contribution("ha-tien", "tai-nang", 1_000, 9),
        ],
        ["hon-dat", "ha-tien", "kien-hai"],
    )
    assert sums == (
        DelegationSum("ha-tien", 15_000, {"tai-nang": 15_000}, 0),
        DelegationSum("hon-dat", 27_000, {"bong-ro": 12_000, "tai-nang": 15_000}, 1),
        DelegationSum("kien-hai", 0, {}, 0),
    )
    with pytest.raises(ValueError):
        delegation_sums([Contribution("la", "tai-nang", 1)], ["hon-dat"])


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("pq"), st.integers(0, 99)), max_size=20))
def test_no_point_is_lost_or_doubled_in_the_sums(rows: list[tuple[str, str, int]]) -> None:
    sums = delegation_sums([Contribution(*row) for row in rows], "xyz")
    assert sum(each.points_milli for each in sums) == sum(row[2] for row in rows)
    assert all(sum(each.by_contest.values()) == each.points_milli for each in sums)


def test_every_ordering_of_three_is_reachable_only_by_facts() -> None:
    for order in itertools.permutations("abc"):
        rung = Rung("bậc", {entry: -at for at, entry in enumerate(order)})
        assert [group.entries[0] for group in part(sorted(order), [rung])] == list(order)
