"""Who meets whom, when a set is won, and which places come of it: the pure rules of a knock-out, for every size."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from config import ROOT
from festival.editions.rules.bracket import BracketRule
from festival.judging.matches import match_rule
from festival.judging.matches.lots import drawn_lines, parted
from festival.judging.matches.match_rule import HowEnded, MatchResult, result_fault, typed_sets
from festival.judging.matches.tree import Bracket, bracket_size, fill, match_inside, match_name, places, seats
from tests.harness.node import run_node_tests

BADMINTON = BracketRule(best_of=3, points=21, lead=2, cap=30)
ENDLESS = BracketRule(best_of=1, points=11, lead=2)


def played_out(lines: list[str], results: dict[tuple[int, int], MatchResult], *, third: bool) -> Bracket:
    """Every match that is ready is won by the smaller name."""
    while True:
        tree = fill(lines, results, third_played=third)
        ready = [each for each in tree if each.ready]
        if not ready:
            return tree
        for each in ready:
            results[each.key] = MatchResult(HowEnded.PLAYED, min(each.a or "", each.b or ""))


@pytest.mark.parametrize("third", [True, False])
@pytest.mark.parametrize("n", range(2, 65))
def test_every_size_has_its_byes_spread_and_ends_in_places_for_all(n: int, third: bool) -> None:
    names = [f"t{at:02d}" for at in range(n)]
    size = bracket_size(n)
    assert sorted(seats(size)) == list(range(1, size + 1))
    lines = [names[lot - 1] if lot <= n else "" for lot in seats(size)]
    tree = played_out(lines, {}, third=third)
    byes = [each for each in tree.rounds[0] if each.bye]
    assert len(byes) == size - n and all(each.a or each.b for each in byes)
    if n > 3:
        halves = [sum(each.bye for each in half) for half in (tree.rounds[0][: size // 4], tree.rounds[0][size // 4 :])]
        assert abs(halves[0] - halves[1]) <= 1
    assert all(not each.bye for matches in tree.rounds[1:] for each in matches)
    groups = places(tree)
    assert groups is not None and sorted(code for group in groups for code in group) == names
    assert groups[:2] == [["t00"], ["t01"]]  # seeded so that the two first drawn meet in the final
    assert (tree.third is not None) == (third and n > 3)
    sizes = [len(group) for group in groups]
    if n > 3:
        assert sizes[2:4] == [1, 1] if third else sizes[2] == 2
    assert len([each for each in tree if each.result]) == n - 1 + (tree.third is not None)


def test_two_of_one_delegation_meet_first_only_where_nothing_else_is_possible() -> None:
    dice = random.Random(7)
    for _ in range(1500):
        n = dice.randint(2, 40)
        of = {f"e{at}": f"d{dice.randint(0, dice.choice([1, 3, 9]))}" for at in range(n)}
        lines = drawn_lines(str(dice.random()), "cau-long", of)
        assert sorted(each for each in lines if each) == sorted(of)
        clashes = [(a, b) for a, b in zip(lines[::2], lines[1::2], strict=True) if a and b and of[a] == of[b]]
        most = max(list(of.values()).count(each) for each in of.values())
        # one of each delegation fits into every first match and every bye: more than that have to meet
        assert len(clashes) == max(0, most - len(lines) // 2)


def test_the_draw_is_repeated_by_its_seed_and_follows_the_documented_steps() -> None:
    of = {code: "x" if code in "ab" else code for code in "abcde"}
    lines = drawn_lines("4-6-1", "keo-co", of)
    assert lines == drawn_lines("4-6-1", "keo-co", dict(reversed(of.items())))
    assert lines != drawn_lines("4-6-2", "keo-co", of)
    assert parted(["a", "b", "c", "", "d", "e", "", ""], of) == ["a", "c", "b", "", "d", "e", "", ""]
    assert parted(["a", "b"], of) == ["a", "b"]


@pytest.mark.parametrize(
    ("sets", "rule", "said"),
    [
        ("21:15 18:21 21:19", BADMINTON, None),
        ("21:0 30:29", BADMINTON, None),
        ("30:28 22:20", BADMINTON, None),
        ("21:21 21:5", BADMINTON, "Hiệp 1 đang hòa 21:21: hiệp đã xong phải có bên thắng."),
        ("21:20 21:5", BADMINTON, "Hiệp 1 (21:20) chưa xong: phải hơn 2 điểm."),
        ("20:18 21:5", BADMINTON, "Hiệp 1 (20:18) chưa xong: thắng hiệp cần 21 điểm."),
        ("25:21 21:5", BADMINTON, "Hiệp 1 (25:21) quá điểm: hiệp đã xong trước đó."),
        ("30:27 21:5", BADMINTON, "Hiệp 1 (30:27) quá điểm: hiệp đã xong trước đó."),
        ("31:29 21:5", BADMINTON, "Hiệp 1 (31:29) quá mức cao nhất 30 điểm."),
        ("21:15", BADMINTON, "Trận chưa xong: thắng trận cần 2 hiệp, mới có 1:0."),
        ("21:15 21:15 21:15", BADMINTON, "Trận đã xong sau hiệp 2, nhưng còn ghi thêm hiệp."),
        ("45:43", ENDLESS, None),
        ("11:10", ENDLESS, "Hiệp 1 (11:10) chưa xong: phải hơn 2 điểm."),
        ("2:1", BracketRule(best_of=1), None),
        ("2:1", BracketRule(), "Phần thi này không ghi điểm từng hiệp: chỉ chọn bên thắng."),
        ("", BracketRule(), None),
        ("15:21 15:21", BADMINTON, "Bên thắng đã chọn khác với bên thắng theo điểm các hiệp."),
    ],
)
def test_sets_that_end_a_match_and_sets_that_do_not(sets: str, rule: BracketRule, said: str | None) -> None:
    read = typed_sets(sets.split())
    assert isinstance(read, tuple)
    fault = result_fault("a", "b", MatchResult(HowEnded.PLAYED, "a", read), rule)
    assert (None if fault is None else str(fault)) == said


@pytest.mark.parametrize(
    ("how", "winner", "sets", "said"),
    [
        (HowEnded.WALKOVER, "b", (), None),
        (HowEnded.WALKOVER, "b", ((21, 3),), "Không có trận đấu thì không ghi điểm hiệp."),
        (HowEnded.RETIRED, "b", ((21, 3), (11, 20)), None),
        (HowEnded.RETIRED, "b", ((11, 20), (21, 3)), "Hiệp 1 (11:20) chưa xong: thắng hiệp cần 21 điểm."),
        (HowEnded.RETIRED, "b", ((21, 3), (21, 20)), None),
        (HowEnded.RETIRED, "b", ((21, 3), (35, 20)), "Hiệp 2 (35:20) quá mức cao nhất 30 điểm."),
        (HowEnded.DISQUALIFIED, "b", ((21, 3), (21, 3)), "Theo điểm các hiệp thì trận đã xong: chọn «Đấu xong»."),
        (HowEnded.DISQUALIFIED, "c", (), "Chưa chọn bên thắng."),
        (HowEnded.NOBODY, "", (), None),
        (HowEnded.PLAYED, "", (), "Trận chưa xong: thắng trận cần 2 hiệp, mới có 0:0."),
    ],
)
def test_a_match_that_was_not_played_to_its_end(
    how: HowEnded, winner: str, sets: tuple[tuple[int, int], ...], said: str | None
) -> None:
    fault = result_fault("a", "b", MatchResult(how, winner, sets), BADMINTON)
    assert (None if fault is None else str(fault)) == said


def test_what_follows_from_a_match_and_a_semi_final_nobody_came_to() -> None:
    results: dict[tuple[int, int], MatchResult] = {}
    tree = played_out(list("abcdefgh"), results, third=True)
    assert [each.key for each in tree.played_after((1, 1))] == [(3, 2), (3, 1), (2, 1)]
    # in the middle of a sentence no capital
    inside = [str(match_inside(tree, key)) for key in ((3, 1), (3, 2), (2, 1), (1, 4))]
    assert inside == ["chung kết", "trận tranh hạng ba", "bán kết, trận 1", "tứ kết, trận 4"]
    assert str(match_inside(fill(list("abcdefghijklmnop"), {}, third_played=False), (1, 2))) == "vòng 1/8, trận 2"
    assert str(match_name(tree, (3, 2))) == "Tranh hạng ba" and str(match_name(tree, (1, 4))) == "Tứ kết, trận 4"
    for key in ((3, 1), (3, 2)):
        del results[key]
    results[2, 2] = MatchResult(HowEnded.NOBODY, "")
    tree = fill(list("abcdefgh"), results, third_played=True)
    assert tree.rounds[2][0].winner == "a" and tree.third is not None and tree.third.winner == "c"
    assert places(tree) == [["a"], ["c"], ["e", "g"], ["b", "d", "f", "h"]]


def test_typed_sets_are_read_as_people_write_them() -> None:
    assert typed_sets(["21:15", " 18-21 ", "", "21–19"]) == ((21, 15), (18, 21), (21, 19))
    for typed in ("21", "21:x", "-1:2", "2111:3"):
        assert str(typed_sets([typed])) == f"«{typed}» không phải điểm của một hiệp; viết như 21:15."


FAULTS = {
    "equal": match_rule.EQUAL, "too_few": match_rule.TOO_FEW, "no_lead": match_rule.NO_LEAD, "too_many": match_rule.TOO_MANY,
    "over_cap": match_rule.OVER_CAP, "sets_go_on": match_rule.SETS_GO_ON, "sets_too_many": match_rule.SETS_TOO_MANY,
    "no_sets_here": match_rule.NO_SETS_HERE, "no_sets_played": match_rule.NO_SETS_PLAYED,
    "ended_by_sets": match_rule.ENDED_BY_SETS, "other_winner": match_rule.OTHER_WINNER, "no_winner": match_rule.NO_WINNER,
}  # fmt: skip


def test_the_vectors_that_the_ground_reads_too() -> None:
    vectors = json.loads((ROOT / "tests" / "vectors" / "brackets.json").read_text(encoding="utf-8"))
    for rule, how, winner, sets, code in vectors["results"]:
        result = MatchResult(HowEnded(how), winner, tuple((a, b) for a, b in sets))
        fault = result_fault("a", "b", result, BracketRule(**vectors["rules"][rule]))
        said = None if code is None else FAULTS[code].template
        assert (None if fault is None else fault.template) == said, (rule, how, winner, sets)
    for each in vectors["trees"]:
        results = {key_of(at): MatchResult(HowEnded(how), winner) for at, (how, winner) in each["results"].items()}
        tree = fill(each["lines"], results, third_played=each["third_played"])
        assert {f"{at.round}.{at.number}": [at.a, at.b, at.winner] for at in tree} == each["matches"]
        after = {at: [f"{r}.{n}" for r, n in (m.key for m in tree.played_after(key_of(at)))] for at in each["after"]}
        assert after == each["after"]
        assert places(tree) == each["places"]


def key_of(at: str) -> tuple[int, int]:
    round_, number = at.split(".")
    return int(round_), int(number)


def test_the_ground_counts_as_the_server_does() -> None:
    run_node_tests(Path(__file__).with_name("bracket_js.test.mjs"))
