"""A proposal for all panels: no tie broken, loads even, the best there is; or which panels cannot be filled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from random import Random

from festival.contests.assigning.proposal import (
    Assignable,
    Assigned,
    NotEnough,
    PanelProposed,
    PanelWanted,
    blocks,
    faults,
    propose,
)

DAY = datetime(2024, 6, 14, 1, tzinfo=UTC)


def hours(start: int, end: int, day: int = 0) -> tuple[tuple[datetime, datetime], ...]:
    return ((DAY + timedelta(days=day, hours=start), DAY + timedelta(days=day, hours=end)),)


def every_way(people: Sequence[Assignable], panels: Sequence[PanelWanted]) -> Iterator[list[PanelProposed]]:
    """All panels that break nothing, one after another: what the proposal is held against."""
    ids = [each.id for each in people]
    own = [
        [
            PanelProposed(panel.code, chair, rest)
            for chair in ids
            for rest in combinations([each for each in ids if each != chair], panel.size - 1)
        ]
        for panel in panels
    ]
    for chosen in product(*own):
        if not faults(people, panels, chosen):
            yield list(chosen)


def squares(chosen: Sequence[PanelProposed]) -> int:
    seats = [who for panel in chosen for who in (panel.chair, *panel.members)]
    return sum(seats.count(who) ** 2 for who in set(seats))


def drawn(random: Random) -> tuple[list[Assignable], list[PanelWanted]]:
    panels = [
        PanelWanted(
            code,
            2,
            frozenset(random.sample(["u1", "u2", "u3", "u4"], 2)),
            hours(at := random.choice((0, 1, 4)), at + 2),
        )
        for code in ("a", "b", "c")
    ]
    people = [
        Assignable(
            number,
            frozenset(code for code in "abc" if random.random() < 0.8),
            chairs=random.random() < 0.6,
            tied=frozenset(random.sample(["u1", "u2", "u3", "u4"], random.choice((0, 0, 1)))),
        )
        for number in range(1, 6)
    ]
    return people, panels


def test_of_all_ways_it_is_the_best_and_no_way_is_said_only_when_there_is_none() -> None:
    random, solved, short = Random(20240614), 0, 0
    for _each in range(12):
        people, panels = drawn(random)
        ways = [squares(way) for way in every_way(people, panels)]
        answer = propose(people, panels)
        if isinstance(answer, NotEnough):
            short += 1
            assert ways == []
            assert answer.there < answer.needed and answer.panels
        else:
            solved += 1
            assert faults(people, panels, answer.panels) == []
            assert squares(answer.panels) == min(ways)
            assert propose(list(reversed(people)), panels) == answer  # whatever the order they are named in
    assert solved > 2 and short > 2


def test_who_sits_there_already_stays_where_nothing_speaks_against_it() -> None:
    people = [Assignable(each, frozenset({"a"}), chairs=True) for each in range(1, 7)]
    answer = propose(people, [PanelWanted("a", 3, now=frozenset({6, 5, 2}), chair=6)])
    assert isinstance(answer, Assigned)
    assert answer.panels == (PanelProposed("a", 6, (2, 5)),)
    assert answer.changes == 0


def test_the_panels_that_cannot_be_filled_are_named() -> None:
    people = [Assignable(1, frozenset({"a", "b"}), chairs=True), Assignable(2, frozenset({"a", "b", "c"}), chairs=True)]
    people += [Assignable(3, frozenset({"c"}), chairs=True), Assignable(4, frozenset({"c"}))]
    at_once = [PanelWanted(code, 2, times=hours(0, 3)) for code in "ab"]
    answer = propose(people, [*at_once, PanelWanted("c", 2, times=hours(5, 6))])
    assert isinstance(answer, NotEnough)
    assert (answer.needed, answer.there) == (4, 2)
    assert answer.panels == ("a", "b")
    tied = [Assignable(1, frozenset({"a"}), chairs=True, tied=frozenset({"u1"}))]
    assert propose(tied, [PanelWanted("a", 1, frozenset({"u1"}))]) == NotEnough(("a",), 1, 0)


def test_hours_that_overlap_in_a_chain_are_one_block_and_hand_made_panels_are_checked() -> None:
    panels = [
        PanelWanted("a", 1, times=hours(0, 2)),
        PanelWanted("b", 1, times=hours(1, 4)),
        PanelWanted("c", 1, times=hours(3, 5)),
    ]
    panels.append(PanelWanted("d", 2, frozenset({"u1"}), hours(5, 6)))
    number = blocks(panels)
    assert number["a"] == number["b"] == number["c"] != number["d"]
    people = [
        Assignable(1, frozenset("abcd"), chairs=True, tied=frozenset({"u1"})),
        Assignable(2, frozenset("abc"), days=frozenset({"2024-06-15"})),
    ]
    chosen = [
        PanelProposed("a", 1, ()),
        PanelProposed("b", 1, ()),
        PanelProposed("c", 2, ()),
        PanelProposed("d", 1, (1,)),
    ]
    assert faults(people, panels, chosen) == [
        ("c", "away", 2), ("c", "no_chair", 2), ("d", "twice", 0), ("d", "short", 0), ("d", "tied", 1), ("b", "same_time", 1),
    ]  # fmt: skip


def test_a_festival_of_twelve_panels_and_forty_judges_is_even() -> None:
    people = [Assignable(each, frozenset(f"p{at}" for at in range(12)), chairs=each % 3 == 0) for each in range(40)]
    answer = propose(
        people, [PanelWanted(f"p{at}", 5, times=hours(3 * (at % 4), 3 * (at % 4) + 2, at // 4)) for at in range(12)]
    )
    assert isinstance(answer, Assigned)
    assert sorted(set(answer.loads.values())) == [1, 2]
