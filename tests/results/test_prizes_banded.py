"""Prizes by levels of points with numbers and shares; a prize left empty; who just missed, and what one bound moves."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.editions.rules.prizes import PrizeRule
from festival.results.awarding.proposing import changes, just_missed, prize_by_entry
from festival.results.prizes import (
    LeftEmpty,
    PrizeDecision,
    PrizeOfEntry,
    Prizes,
    Vacancy,
    award,
    by_rank,
    moved,
    parted_silently,
    rooms_of,
)
from festival.results.standings import RankedEntry
from tests.results.test_prizes import USUAL, given_by_prize, table

MEDALS = (PrizeRule("Vàng", None, 9_000, 35_000), PrizeRule("Bạc", None, 8_000, 35_000))  # Quyết định 05/QĐ-BVHTTDL
PAPER = PrizeRule("Giấy khen", None)
NAMES = ("Danh Chung",)


def said(prizes: Prizes, entry: str) -> str:
    own = {each.entry: each.reasons for each in prizes.awards} | dict(prizes.without)
    return " ".join(map(str, own[entry]))


def test_all_medals_together_are_not_over_35_percent_of_who_has_a_place() -> None:
    """Twenty items, three more that did not come: 7 medals. The eighth reaches gold and has none."""
    found = award(table([9_500 - at * 10 for at in range(8)] + [8_500] + [5_000 - at for at in range(11)], 3), MEDALS)
    assert given_by_prize(found.awards) == {"Vàng": [f"e{at:02d}" for at in range(7)]} and found.questions == ()
    assert said(found, "e00") == "Được 9,5 điểm, đủ mức Vàng (từ 9 điểm)."
    assert said(found, "e07") == (
        "Được 9,43 điểm, đủ mức Vàng, nhưng giải đã đủ 35 % (7/20). "
        "Được 9,43 điểm, đủ mức Bạc, nhưng giải đã đủ 35 % (7/20)."
    )
    assert said(found, "e08") == (
        "Được 8,5 điểm, chưa đủ mức Vàng (từ 9 điểm). Được 8,5 điểm, đủ mức Bạc, nhưng giải đã đủ 35 % (7/20)."
    )
    assert "x0" not in found.without and len(found.without) == 13


def test_a_full_prize_passes_on_to_the_next_that_is_reached() -> None:
    rules = (PrizeRule("Vàng", 1, 9_000), PrizeRule("Bạc", 1, 8_000), PAPER)
    found = award(table([9_500, 9_200, 9_100, 7_000]), rules)
    assert given_by_prize(found.awards) == {"Vàng": ["e00"], "Bạc": ["e01"], "Giấy khen": ["e02", "e03"]}
    assert said(found, "e01") == (
        "Được 9,2 điểm, đủ mức Vàng, nhưng đã đủ 1 giải. Được 9,2 điểm, đủ mức Bạc (từ 8 điểm)."
    )


def test_a_cap_through_equals_is_a_question() -> None:
    """Four items, one medal, two who share the first place: the panel is asked, nobody else moves."""
    found = award(table([9_500, 9_500, 9_100, 7_000]), MEDALS)
    (question,) = found.questions
    assert (question.entries, question.seats, found.awards) == (("e00", "e01"), {"Vàng": 1, "": 1}, ())
    both = award(
        table([9_500, 9_500, 9_100, 7_000]), MEDALS, [PrizeDecision(dict.fromkeys(("e00", "e01")), "x", NAMES)]
    )
    assert (both.questions, both.awards, set(both.without)) == ((), (), {"e00", "e01", "e02", "e03"})


BOUNDS = st.one_of(st.none(), st.integers(1, 3))


@st.composite
def rules_of(draw: st.DrawFn) -> tuple[PrizeRule, ...]:
    """Up to three prizes as the reader lets them be: levels that fall, shares that grow."""
    many = draw(st.integers(0, 3))
    levels = sorted(draw(st.lists(st.integers(1, 6), min_size=many, max_size=many)), reverse=True)
    shares = sorted(draw(st.lists(st.integers(1, 100_000), min_size=many, max_size=many)))
    return tuple(
        PrizeRule(f"P{at}", draw(BOUNDS), level, draw(st.sampled_from([None, share])))
        for at, (level, share) in enumerate(zip(levels, shares, strict=True))
    ) + draw(st.sampled_from([(), (PAPER,)]))


def best(places: Sequence[int], rules: Sequence[PrizeRule]) -> list[str]:
    """By the definition: of all ways to give each place a prize it may have, the one that is best for the first, then the second …"""
    allowed: list[list[str]] = [[]]
    for value in places:
        following: list[list[str]] = []
        for before in allowed:
            for at, rule in enumerate(rules):
                own, above = before.count(rule.name), sum(before.count(each.name) for each in rules[: at + 1])
                share = rule.share_milli
                if value < (rule.from_milli or 0) or (rule.count is not None and own + 1 > rule.count):
                    continue
                if share is not None and (above + 1) * 100_000 > len(places) * share:
                    continue
                following.append([*before, rule.name])
            following.append([*before, ""])
        order = [rule.name for rule in rules] + [""]
        allowed = [min(following, key=lambda way: [order.index(each) for each in way])]
    return allowed[0]


@given(st.lists(st.integers(0, 7), max_size=9), rules_of())
def test_every_place_has_the_best_prize_the_rules_leave(values: list[int], rules: tuple[PrizeRule, ...]) -> None:
    standing = table(values)
    found = award(standing, rules)
    seats = best(sorted(values, reverse=True), rules)
    given_ = prize_by_entry(standing, found)
    at = 0
    for members in by_rank(standing).values():
        own = seats[at : at + len(members)]
        at += len(members)
        wanted = own[0] if len(set(own)) == 1 else None
        assert {given_[each.entry] for each in members} == {wanted}
    assert parted_silently(standing, found) == ()
    # whoever has no prize is told why
    assert {entry for entry, prize in given_.items() if prize == ""} == set(found.without)
    assert all(found.without.values()) and all(each.reasons for each in found.awards)


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        (LeftEmpty.NEXT, {"Nhì": ["e00", "e01", "e02"], "Ba": ["e03", "e04", "e05"], "Khuyến khích": ["e06"]}),
        (LeftEmpty.NONE, {"Nhì": ["e01", "e02"], "Ba": ["e03", "e04", "e05"], "Khuyến khích": ["e06"]}),
        (LeftEmpty.HAND_DOWN, {"Nhì": ["e00", "e01"], "Ba": ["e02", "e03", "e04"], "Khuyến khích": ["e05", "e06"]}),
    ],
)
def test_a_prize_left_empty_says_what_becomes_of_its_places(then: LeftEmpty, expected: dict[str, list[str]]) -> None:
    found = award(table(list(range(20, 13, -1))), USUAL, (), [Vacancy("Nhất", then, "chưa xứng", NAMES)])
    assert given_by_prize(found.awards) == expected and found.questions == ()
    assert "Giải Nhất để trống" in said(found, "e00") and "chưa xứng (Danh Chung)" in said(found, "e00")
    assert "để trống" not in said(found, "e03")


def test_nobody_is_given_what_was_left_empty_and_two_may_be() -> None:
    left = [Vacancy(name, LeftEmpty.NEXT, "x", NAMES) for name in ("Nhất", "Nhì")]
    answer = PrizeDecision({"e00": "Nhất"}, "x", NAMES)
    found = award(table([9, 8, 7, 6]), USUAL, [answer], left)
    assert given_by_prize(found.awards) == {"Ba": ["e00", "e01", "e02", "e03"]}
    # a border that was one is none any more
    assert award(table([9, 9, 7]), USUAL[:2], (), left[:1]).questions == ()


def test_other_prizes_for_a_place_need_all_who_stand_on_it() -> None:
    """Of two equals one cannot be passed over; what is said of another group counts for nothing."""
    one = award(table([9, 8, 8, 7]), USUAL, [PrizeDecision({"e01": "Nhất"}, "x", NAMES)])
    assert given_by_prize(one.awards)["Nhì"] == ["e01", "e02"]
    both = award(table([9, 8, 8, 7]), USUAL, [PrizeDecision({"e01": "Nhất", "e02": "Ba"}, "x", NAMES)])
    assert prize_by_entry(table([9, 8, 8, 7]), both) == {"e00": "Nhất", "e01": "Nhất", "e02": "Ba", "e03": "Ba"}
    assert parted_silently(table([9, 8, 8, 7]), both) == ()


def test_equals_in_different_prizes_without_a_decision_are_found() -> None:
    standing: tuple[RankedEntry, ...] = table([9, 8, 8])
    silent = Prizes((PrizeOfEntry("e00", "Nhất", 1), PrizeOfEntry("e01", "Nhì", 2), PrizeOfEntry("e02", "Ba", 2)), ())
    assert parted_silently(standing, silent) == ("e01", "e02")
    one = Prizes((PrizeOfEntry("e00", "Nhất", 1), PrizeOfEntry("e01", "Nhì", 2)), ())
    assert parted_silently(standing, one) == ("e01", "e02")


def test_who_just_missed_and_what_one_bound_moves() -> None:
    standing = table([20, 19, 18, 17, 16, 15, 14])
    prizes = award(standing, USUAL)
    missed = just_missed(standing, prizes)
    assert [(each.prize, each.entries, each.rank, each.short) for each in missed.values()] == [
        ("Nhất", ("e01",), 2, 1),
        ("Nhì", ("e03",), 4, 1),
        ("Ba", ("e06",), 7, 1),
    ]
    rooms = rooms_of(USUAL, 7)
    before = prize_by_entry(standing, prizes)
    more = moved(rooms, "Nhì", 1)
    assert more is not None
    after = prize_by_entry(standing, award(standing, USUAL, rooms=more))
    assert [(each.entry, each.before, each.after) for each in changes(before, after)] == [
        ("e03", "Ba", "Nhì"),
        ("e06", "Khuyến khích", "Ba"),
    ]
    none = moved(rooms, "Nhất", -1)
    assert none is not None and moved(none, "Nhất", -1) is None
    assert moved(rooms, "Khuyến khích", 1) is None and moved(rooms, "Vàng", 1) is None
    # of a share the number it comes to moves
    fewer = moved(rooms_of(MEDALS, 20), "Bạc", -1)
    assert fewer is not None and [each.together for each in fewer] == [7, 6]
