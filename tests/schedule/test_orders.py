"""Is the order that is called best the best, counted by hand over all orders? And does every piece of the search keep the wishes?"""

from __future__ import annotations

import json
import time
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import ROOT
from festival.editions.rules.document import BrokenRuleset
from festival.schedule.orders import exact, process
from festival.schedule.orders.beam import changed_orders, held_orders
from festival.schedule.orders.bounds import proven_holds
from festival.schedule.orders.counted import cost_of, keeps_every_wish
from festival.schedule.orders.exact import OutOfTime, least_hold
from festival.schedule.orders.merged import merged
from festival.schedule.orders.nearby import better_orders, hold_count, settled_windows
from festival.schedule.orders.quick import changes_of, fewest_changes, fewest_consecutive
from festival.schedule.orders.reading import read_order
from festival.schedule.orders.solving import found_order
from festival.schedule.orders.wanted import OrderObjective, OrderPerson, WantedOrder, contradiction
from tests.harness.made_orders import BEST_KNOWN, PROVEN, made_order
from tests.harness.waiting import PATIENCE_S

PUBLISHED = json.loads((ROOT / "tests" / "vectors" / "published_orders.json").read_text("utf-8"))["cases"]
QUICK = OrderObjective.QUICK_CHANGES


@st.composite
def orders(draw: st.DrawFn, objective: OrderObjective, least: int = 1, most: int = 6) -> WantedOrder:
    """A small order with all kinds of wishes that do not contradict each other: those of a secret order."""
    size = draw(st.integers(least, most))
    secret = draw(st.permutations(range(size)))
    people = draw(st.lists(st.builds(OrderPerson, st.integers(0, 9), st.integers(0, 2**size - 1)), max_size=6))
    pairs = draw(st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=3))
    return WantedOrder(
        codes=tuple("abcdefgh"[:size]),
        minutes=tuple(draw(st.lists(st.integers(0, 5), min_size=size, max_size=size))),
        people=tuple(people),
        objective=objective,
        first=secret[0] if draw(st.booleans()) else None,
        last=secret[-1] if draw(st.booleans()) else None,
        before=tuple((secret[min(pair)], secret[max(pair)]) for pair in pairs if pair[0] != pair[1]),
    )


def best_of_all(wanted: WantedOrder) -> tuple[int, ...]:
    every = permutations(range(len(wanted.codes)))
    return min(cost_of(wanted, order) for order in every if keeps_every_wish(wanted, order))


def later() -> float:
    return time.monotonic() + PATIENCE_S


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["what"])
def test_published_instances_come_out_at_their_proven_optimum(case: dict[str, Any]) -> None:
    wanted = read_order(case["file"])
    small = merged(wanted)
    hold, order = least_hold(small.minutes, small.casts, small.before)
    assert (small.own + hold,) == cost_of(wanted, small.acts(order)) == (case["optimum"],)


@settings(deadline=None, max_examples=60)
@given(orders(OrderObjective.PRESENCE), st.sampled_from([2, 12]))
def test_least_presence_is_the_least_of_all_orders(wanted: WantedOrder, columns: int) -> None:
    """Also where a table has as many rows as one of many acts has."""
    small = merged(wanted)
    with pytest.MonkeyPatch.context() as narrow:
        narrow.setattr(exact, "_COLUMNS", columns)
        hold, blocks = least_hold(small.minutes, small.casts, small.before)
    order = small.acts(blocks)
    assert keeps_every_wish(wanted, order)
    assert cost_of(wanted, order) == (small.own + hold,) == best_of_all(wanted)


@settings(deadline=None, max_examples=60)
@given(orders(QUICK))
def test_fewest_quick_changes_are_the_fewest_of_all_orders(wanted: WantedOrder) -> None:
    before, changes = wanted.earlier(), changes_of(wanted)
    order = fewest_changes(changes, before, later())
    best = best_of_all(wanted)
    assert keeps_every_wish(wanted, order)
    assert cost_of(wanted, order) == changes.split(changes.of(order)) == best
    assert fewest_consecutive(changes, before, later()) == best[0]


@settings(deadline=None, max_examples=40)
@given(orders(OrderObjective.PRESENCE, least=2))
def test_windows_bounds_and_counts_are_right_where_the_whole_is_known(wanted: WantedOrder) -> None:
    small = merged(wanted)
    best, order = least_hold(small.minutes, small.casts, small.before)
    first = sorted(range(len(small.blocks)), key=lambda block: (small.before[block].bit_count(), block))
    count = hold_count(small)
    assert [int(each) + small.own for each in count(np.array([order, first]))] == [
        cost_of(wanted, small.acts(each))[0] for each in (order, first)
    ]
    tidied = [int(block) for block in settled_windows(small, 4)(np.array(first))]
    assert keeps_every_wish(wanted, small.acts(tidied))
    assert best <= int(count(np.array([tidied]))[0]) <= int(count(np.array([first]))[0])
    assert max([0, *proven_holds(small, later(), (2, 3, 4))]) <= best


@settings(deadline=None, max_examples=30)
@given(orders(OrderObjective.PRESENCE, least=5, most=7), st.randoms(use_true_random=False))
def test_a_stretch_between_two_others_is_put_into_its_best_order(wanted: WantedOrder, chance: Any) -> None:
    """Those who came before it or are on after it too are there while it lasts, or until they are through."""
    small = merged(WantedOrder(wanted.codes, wanted.minutes, wanted.people, wanted.objective))
    size = len(small.blocks)
    order = chance.sample(range(size), size)
    count = hold_count(small)
    tidied = settled_windows(small, 4)(np.array(order))
    begins = 2 * (max(range(0, max(1, size - 2), 2)) // 2)  # the last window that was looked at
    window = [int(block) for block in tidied[begins : begins + 4]]
    others = [[*tidied[:begins], *each, *tidied[begins + 4 :]] for each in permutations(window)]
    assert int(count(np.array([tidied]))[0]) == int(count(np.array(others)).min())


def test_many_acts_of_one_cast_are_one_and_never_more_than_what_must_come_before_allows() -> None:
    """a and c are of one cast; b must come between them."""
    people = (OrderPerson(1, 0b1101), OrderPerson(2, 0b1010))
    loose = WantedOrder(("a", "b", "c", "d"), (3, 4, 5, 6), people, OrderObjective.PRESENCE)
    tied = WantedOrder(loose.codes, loose.minutes, people, loose.objective, before=((0, 1), (1, 2)))
    assert merged(loose).blocks == ((0, 2), (1,), (3,))
    assert merged(tied).blocks == ((0,), (1,), (2,), (3,))
    assert [int(least_hold(each.minutes, each.casts, each.before)[0]) + each.own for each in map(merged, (loose, tied))] == [
        best_of_all(loose)[0], best_of_all(tied)[0],
    ]  # fmt: skip


def test_the_search_and_the_wider_one_come_to_the_proven_optimum() -> None:
    case = next(each for each in PUBLISHED if each["what"] == "film105")
    small = merged(read_order(case["file"]))
    best = case["optimum"] - small.own
    first = list(range(len(small.blocks)))
    found = better_orders(first, small.before, hold_count(small), settled_windows(small), 0, best, later())
    assert [cost for cost, _order in found][-1] == best
    small = merged(read_order(next(each for each in PUBLISHED if each["what"] == "film-10")["file"]))
    best = 352 - small.own
    *_, (order, bound) = held_orders(small, best + 1, later())
    *_, (none, same) = held_orders(small, best, later())
    assert order is not None
    assert (int(hold_count(small)(np.array([order]))[0]), bound, none, same) == (best, best, None, best)


@settings(deadline=None, max_examples=15)
@given(orders(QUICK, least=2))
def test_the_wider_search_knows_the_fewest_quick_changes(wanted: WantedOrder) -> None:
    before, changes = wanted.earlier(), changes_of(wanted)
    least = changes.of(fewest_changes(changes, before, later()))
    *_, (order, bound) = changed_orders(*changes.tables(), before, least + 1, later())
    assert order is not None
    assert (changes.of(order), bound, keeps_every_wish(wanted, order)) == (least, least, True)


@pytest.mark.parametrize("wider", [True, False])
def test_too_many_acts_for_the_exact_programme_still_get_a_checked_order_and_a_bound(
    wider: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the library for the wider search and without it, for both objectives."""
    if not wider:
        monkeypatch.setattr(process, "wider_search", lambda: None)
    for objective in OrderObjective:
        people = tuple(
            OrderPerson(1 + who % 3, sum(1 << act for act in range(30) if (act * 7 + who * 11 + act * act) % 10 < 3))
            for who in range(12)
        )
        wanted = WantedOrder(
            tuple(map(str, range(30))),
            tuple(2 + at % 4 for at in range(30)),
            people,
            objective,
            0,
            29,
            before=((5, 4), (4, 3)),
        )
        said: list[dict[str, Any]] = []
        process.said(wanted, 1.5, 1, said.append)
        costs = [cost_of(wanted, line["order"]) for line in said if "order" in line]
        bounds = [tuple(line["bound"]) for line in said if "bound" in line]
        assert all(keeps_every_wish(wanted, line["order"]) for line in said if "order" in line)
        assert min(costs) < costs[0]
        assert all(bound <= min(costs) for bound in bounds)
        assert bounds or objective is QUICK


def test_no_time_is_said_and_not_waited_for() -> None:
    with pytest.raises(OutOfTime):
        least_hold([1] * 14, [(3, 1)], [0] * 14, until=0)
    wanted = WantedOrder(tuple("abcd"), (1,) * 4, (), QUICK)
    with pytest.raises(OutOfTime):
        fewest_changes(changes_of(wanted), wanted.earlier(), 0)


@settings(deadline=None, max_examples=60)
@given(st.integers(2, 6), st.data())
def test_a_contradiction_is_the_smallest_and_each_of_its_wishes_is_needed(size: int, data: st.DataObject) -> None:
    act = st.integers(0, size - 1)
    pairs = tuple(data.draw(st.lists(st.tuples(act, act), max_size=7)))
    first, last = data.draw(st.none() | act), data.draw(st.none() | act)
    codes = tuple("abcdef"[:size])

    def possible(first: int | None, last: int | None, before: tuple[tuple[int, int], ...]) -> bool:
        wanted = WantedOrder(codes, (1,) * size, (), QUICK, first, last, before)
        return any(keeps_every_wish(wanted, order) for order in permutations(range(size)))

    found = [str(each) for each in contradiction(WantedOrder(codes, (1,) * size, (), QUICK, first, last, pairs))]
    assert bool(found) != possible(first, last, pairs)
    if not found:
        return
    named = {f"«{codes[one]}» diễn trước «{codes[other]}»": (one, other) for one, other in pairs}
    both = [any("đầu tiên" in each for each in found), any("cuối cùng" in each for each in found)]
    for without in found:
        kept = tuple(named[each] for each in found if each in named and each != without)
        starts = first if both[0] and "đầu tiên" not in without else None
        ends = last if both[1] and "cuối cùng" not in without else None
        assert possible(starts, ends, kept)


def test_the_reader_says_each_fault_with_its_path() -> None:
    good: dict[str, Any] = {
        "format": "festival-order 1", "objective": "presence", "acts": [{"code": "1", "minutes": 2}, {"code": "2", "minutes": 3}],
        "people": [{"code": "a", "cost": 1, "acts": ["1", "2"]}],
    }  # fmt: skip
    one, two = good["acts"]
    for change, path in (
        ({"acts": []}, "$.acts"),
        ({"acts": None}, "$.acts"),
        ({"acts": "1"}, "$.acts"),
        ({"acts": [one, {"code": "2"}]}, "$.acts[1].minutes"),
        ({"acts": [one, two | {"minutes": -3}]}, "$.acts[1].minutes"),
        ({"acts": [one, two | {"minutes": 2.5}]}, "$.acts[1].minutes"),
        ({"acts": [one, two | {"minutes": True}]}, "$.acts[1].minutes"),
        ({"acts": [one, two | {"code": "1"}], "people": []}, "$.acts[1].code"),
        ({"acts": [one, two | {"length": 1}]}, "$.acts[1].length"),
        ({"acts": [{"code": str(at), "minutes": 1} for at in range(201)], "people": []}, "$.acts"),
        ({"people": [{"code": "a", "cost": 1, "acts": ["1", "9"]}]}, "$.people[0].acts[1]"),
        ({"people": [{"code": "a", "cost": 1, "acts": ["1", "1"]}]}, "$.people[0].acts[1]"),
        ({"people": [{"code": "a", "acts": ["1"]}]}, "$.people[0].cost"),
        ({"people": [{"code": "a", "cost": -1, "acts": ["1"]}]}, "$.people[0].cost"),
        ({"people": [*good["people"], *good["people"]]}, "$.people[1].code"),
        ({"objective": "waiting"}, "$.objective"),
        ({"format": "festival-order 2"}, "$.format"),
        ({"fixed": {"first": "9"}}, "$.fixed.first"),
        ({"fixed": {"first": "1", "second": "2"}}, "$.fixed.second"),
        ({"before": [["1"]]}, "$.before[0]"),
        ({"before": [["1", "9"]]}, "$.before[0][1]"),
        ({"speed": 1}, "$.speed"),
    ):  # fmt: skip
        with pytest.raises(BrokenRuleset) as refused:
            read_order(good | change)
        assert path in [each.path for each in refused.value.problems], (change, str(refused.value))
    for change, said in (
        ({"before": [["1", "2"], ["2", "1"]]}, "«1» diễn trước «2»; «2» diễn trước «1»"),
        ({"before": [["1", "1"]]}, "«1» diễn trước «1»"),
        ({"fixed": {"first": "1", "last": "1"}}, "«1» được đặt diễn đầu tiên; «1» được đặt diễn cuối cùng"),
        ({"fixed": {"first": "1"}, "before": [["2", "1"]]}, "«1» được đặt diễn đầu tiên; «2» diễn trước «1»"),
    ):
        with pytest.raises(BrokenRuleset, match="không thể cùng giữ") as refused:
            read_order(good | change)
        assert str(refused.value).endswith(said)
    assert read_order(good | {"objective": "quick_changes", "people": [{"code": "a", "acts": []}]}).people == (
        OrderPerson(1, 0),
    )


@pytest.mark.faults
@pytest.mark.parametrize("size", BEST_KNOWN)
def test_made_orders_come_out_at_their_optimum_or_within_a_hundredth_of_the_best_known(size: int) -> None:
    found = found_order(made_order(size), PATIENCE_S if size <= 24 else 20)
    assert (found.proven, found.whole) == (size <= 24, True)
    assert found.cost[0] <= BEST_KNOWN[size] * 1.01
    assert size not in PROVEN or found.bound[0] <= PROVEN[size] <= found.cost[0]
