"""Which results of a delegation count, by every key of the rules: by hand, and on seeded random festivals two other ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest

import verify
from festival.contests.panel import rounded
from festival.core.canonical import canonical_json
from festival.core.sentence import to_json
from festival.editions.rules.document import BrokenRuleset, Node
from festival.editions.rules.whole import Credit, ScaledBy, WholeDelegationRule, WholeOrder, read_whole_delegation
from festival.results.delegations.counting import CountedContest, CountedSum, EntryBrings, counted, order_values
from festival.results.delegations.given import GivenPoints, given_words, read_given
from festival.results.standings import ResultState

R, DNS, DNF, DSQ = ResultState.RANKED, ResultState.DNS, ResultState.DNF, ResultState.DSQ
PLAIN = WholeDelegationRule(WholeOrder.POINTS, (), ())
CONTESTS = [CountedContest("a", "Nấu ăn", 40_000), CountedContest("b", "Kéo co", 10_000)]
# x has three entries in a; y gave up in a and is alone in b; z did not start in a and is out of b; w has no entry in b
RESULTS = [
    EntryBrings("x", "a", "1", R, 1, Fraction(30_000), "Nhất"),
    EntryBrings("x", "a", "2", R, 2, Fraction(20_000), "Nhì"),
    EntryBrings("x", "a", "3", R, 3, Fraction(10_000), ""),
    EntryBrings("y", "a", "4", DNF, None, Fraction(0)),
    EntryBrings("z", "a", "5", DNS, None, Fraction(0)),
    EntryBrings("x", "b", "6", R, 2, Fraction(4_000), "Nhì"),
    EntryBrings("y", "b", "7", R, 1, Fraction(8_000), "Nhất"),
    EntryBrings("z", "b", "8", DSQ, None, Fraction(0)),
    EntryBrings("w", "a", "9", R, 4, Fraction(1_000), ""),
]


def sums(rule: WholeDelegationRule, given: dict[str, list[GivenPoints]] | None = None) -> dict[str, CountedSum]:
    return counted(rule, CONTESTS, RESULTS, "wxyz", given or {})


def points(**changes: Any) -> dict[str, int]:
    return {code: each.points_milli for code, each in sums(replace(PLAIN, **changes)).items()}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"w": 1_000, "x": 64_000, "y": 8_000, "z": 0}),
        ({"best_of_contest": 2}, {"w": 1_000, "x": 54_000, "y": 8_000, "z": 0}),
        ({"best": 2}, {"w": 1_000, "x": 50_000, "y": 8_000, "z": 0}),
        ({"credit": Credit.BEST}, {"w": 1_000, "x": 34_000, "y": 8_000, "z": 0}),
        ({"credit": Credit.MEAN}, {"w": 1_000, "x": 24_000, "y": 8_000, "z": 0}),
        ({"credit": Credit.MEAN, "best_of_contest": 2}, {"w": 1_000, "x": 29_000, "y": 8_000, "z": 0}),
        ({"missing": "last"}, {"w": 5_000, "x": 64_000, "y": 8_000, "z": 1_000}),
        ({"missing": 500}, {"w": 1_500, "x": 64_000, "y": 8_000, "z": 500}),
        ({"withdrawn": "last"}, {"w": 1_000, "x": 64_000, "y": 9_000, "z": 0}),
        ({"disqualified": -2_000}, {"w": 1_000, "x": 64_000, "y": 8_000, "z": -2_000}),
        (
            {"scaled_to_milli": 100_000, "scaled_by": ScaledBy.POSSIBLE},
            {"w": 2_500, "x": 190_000, "y": 80_000, "z": 0},
        ),
        # 30 and 8 are the most that somebody has: 200 + 50; 3 1/3 of w is rounded once
        ({"scaled_to_milli": 100_000, "scaled_by": ScaledBy.REACHED}, {"w": 3_333, "x": 250_000, "y": 100_000, "z": 0}),
    ],
)
def test_each_rule_counts_as_it_says(changes: dict[str, Any], expected: dict[str, int]) -> None:
    assert points(**changes) == expected


def test_what_is_left_out_stated_or_scaled_stands_in_the_reasons() -> None:
    rule = replace(PLAIN, best_of_contest=2, best=2, missing=500, withdrawn="last", disqualified=-1_000)
    said = {code: [str(reason) for reason in each.reasons] for code, each in sums(rule).items()}
    assert said == {
        "w": ["Kéo co: không có lượt dự thi, tính 0,5 điểm."],
        "x": [
            "Nấu ăn: không tính 10 điểm, chỉ tính 2 kết quả cao nhất của phần thi.",
            "Kéo co: không tính 4 điểm, chỉ tính 2 kết quả cao nhất của đoàn.",
        ],
        "y": ["Nấu ăn: một lượt bỏ cuộc, tính 1 điểm."],
        "z": ["Nấu ăn: một lượt không dự thi, tính 0,5 điểm.", "Kéo co: một lượt bị loại, tính -1 điểm."],
    }
    assert sums(rule)["x"].by_contest == {"a": 50_000, "b": 0}  # it took part in b
    scaled = sums(replace(PLAIN, scaled_to_milli=100_000, scaled_by=ScaledBy.REACHED, credit=Credit.MEAN))
    assert [str(reason) for reason in scaled["x"].reasons] == [
        "Nấu ăn: quy về thang 100 điểm, được 200 điểm.",
        "Nấu ăn: trung bình của 3 lượt là 66,667 điểm.",
        "Kéo co: quy về thang 100 điểm, được 50 điểm.",
    ]


def test_points_that_were_given_are_in_the_sum_and_prizes_leave_no_room_for_them() -> None:
    given = GivenPoints(1, -1_500, "vào sân muộn", "7/BB", date(2024, 6, 4))
    assert str(given_words(given)) == "Trừ 1,5 điểm: vào sân muộn (văn bản số 7/BB ngày 4/6/2024)."
    assert read_given(given.kept()) == given
    found = sums(PLAIN, {"y": [given]})["y"]
    assert (found.points_milli, found.given, found.reasons) == (6_500, (given,), (given_words(given),))
    medals = WholeDelegationRule(WholeOrder.MEDALS, (), (), ("Nhất", "Nhì"))
    ranked = sums(medals, {"y": [given]})
    assert {code: (each.points_milli, each.medals, each.given) for code, each in ranked.items()} == {
        "w": (0, (0, 0), ()), "x": (0, (1, 2), ()), "y": (0, (1, 0), ()), "z": (0, (0, 0), ()),
    }  # fmt: skip
    assert order_values(WholeOrder.MEDALS, ranked) == {"w": 0, "x": 2, "y": 1, "z": 0}
    assert str(ranked["x"].reasons[-1]) == "Giải được đếm: 1 Nhất, 2 Nhì."


def stated(dice: Random) -> dict[str, Any]:
    """A rule of `whole_delegation` as a file says it."""
    rule: dict[str, Any] = {"sum": "points", "ties": [], "prizes": []}
    if dice.random() < 0.5:
        rule |= {"scaled_to": dice.choice([10, 100]), "scaled_by": dice.choice(["reached", "possible"])}
    if dice.random() < 0.4:
        rule["best"] = dice.randint(1, 4)
    rule |= dice.choice([{}, {"best_of_contest": dice.randint(1, 3)}, {"credit": "best"}, {"credit": "mean"}])
    for key in ("missing", "withdrawn", "disqualified"):
        if dice.random() < 0.5:
            rule[key] = dice.choice(["last", 0, 3, -2])
    if dice.random() < 0.2:
        rule = {"sum": "medals", "medals": ["Nhất", "Nhì"], "ties": [], "prizes": []}
    elif dice.random() < 0.3:
        rule["ties"], rule["medals"] = [{"by": "medals"}], ["Nhất"]
    return rule


def a_festival(dice: Random) -> tuple[list[dict[str, Any]], list[str]]:
    """Contests as an export tells them: entries of delegations, and their standings."""
    codes, contests = ["d1", "d2", "d3", "d4"], []
    for code in ("a", "b", "c"):
        entries = [
            {"code": f"{code}{at}", "delegation": dice.choice(codes), "members": dice.randint(1, 3)}
            for at in range(dice.randint(1, 7))
        ]
        lines = []
        for each in entries:
            state = dice.choice(["ranked", "ranked", "ranked", "dns", "dnf", "dsq"])
            value = dice.randint(0, 12) * 500 if state == "ranked" else None
            lines.append(
                {"entry": each["code"], "state": state, "value": value, "prize": dice.choice(["Nhất", "Nhì", None])}
            )
        values = [line["value"] for line in lines if line["value"] is not None]
        for line in lines:
            value = line["value"]
            line["place"] = None if value is None else 1 + sum(each > value for each in values)
        rules = {"name": code.upper(), "kind": "rubric", "scoring": {"rule": "mean"}, "criteria": [{"max": 6}]}
        contests.append({"code": code, "rules": rules, "entries": entries, "standings": lines})
    return contests, codes


def recount(rule: dict[str, Any], contests: list[dict[str, Any]], code: str) -> int:
    """The points of one delegation, the short way."""
    every = []
    for contest in contests:
        lines, own = contest["standings"], {each["code"]: each["delegation"] for each in contest["entries"]}
        reached = [Fraction(line["value"]) for line in lines if line["place"]]
        most = Fraction(6_000) if rule.get("scaled_by") == "possible" else max(reached, default=Fraction(0))
        times = (
            Fraction(rule["scaled_to"] * 1000) / most
            if "scaled_to" in rule and most
            else Fraction("scaled_to" not in rule)
        )
        worth = {"dns": rule.get("missing", 0), "dnf": rule.get("withdrawn", 0), "dsq": rule.get("disqualified", 0)}
        worth = {key: min(reached, default=0) * times if each == "last" else each * 1000 for key, each in worth.items()}
        mine = [line for line in lines if own[line["entry"]] == code]
        found = sorted((worth.get(each["state"], times * (each["value"] or 0)) for each in mine), reverse=True)
        if not mine and "missing" in rule:
            found = [worth["dns"]]
        found = found[: 1 if rule.get("credit") == "best" else rule.get("best_of_contest")]
        every += [sum(found) / Fraction(len(found))] if rule.get("credit") == "mean" and found else found
    return rounded(Fraction(sum(sorted(every, reverse=True)[: rule.get("best")])))


def test_random_festivals_come_out_the_same_three_ways() -> None:
    medals = 0
    for seed in range(400):
        dice = Random(seed)
        told = stated(dice)
        contests, codes = a_festival(dice)
        rule = read_whole_delegation(Node(told, "$", problems := []))
        assert rule is not None and problems == [], (seed, problems)
        given = [] if dice.random() < 0.5 else [
            {"n": 1, "delegation": "d2", "points": dice.choice([1_500, -700]), "reason": "x", "document": "1", "day": "2024-06-04"}
        ]  # fmt: skip
        those = [CountedContest(each["code"], each["rules"]["name"], 6_000) for each in contests]
        results = [
            EntryBrings(
                next(each["delegation"] for each in contest["entries"] if each["code"] == line["entry"]),
                contest["code"], line["entry"], ResultState(line["state"]), line["place"],
                Fraction(0 if told["sum"] == "medals" else line["value"] or 0), line["prize"] or "",
            )
            for contest in contests
            for line in contest["standings"]
        ]  # fmt: skip
        dice.shuffle(results)
        found = counted(rule, those, results, codes, {"d2": [read_given(each) for each in given]})
        whole = {
            "rule": told, "contests": ["a", "b", "c"], "delegations": [{"code": code} for code in codes], "decisions": [],
            "points": given,
        }  # fmt: skip
        lines = {each["delegation"]: each for each in verify.delegations(whole, contests, dict.fromkeys("abc", 0))}
        for code, each in found.items():
            line = lines[code]
            assert (line["points"], line["by_contest"]) == (
                each.points_milli,
                {name: rounded(Fraction(points)) for name, points in each.by_contest.items()},
            ), (seed, code)
            said = canonical_json([to_json(reason) for reason in each.reasons])
            assert verify.canonical(line["reasons"][: len(each.reasons)]) == said, (seed, code)
            if told["sum"] == "medals":
                medals += 1
            else:
                extra = sum(one["points"] for one in given if one["delegation"] == code)
                assert each.points_milli == recount(told, contests, code) + extra, (seed, code)
        values = order_values(rule.sum, found)
        for one in codes:  # whoever has more stands before, whatever parts equal ones
            assert lines[one]["place"] > sum(values[other] > values[one] for other in codes), (seed, one)
            assert lines[one]["place"] <= 1 + sum(values[other] >= values[one] for other in codes if other != one), seed
    assert medals > 100


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        ({"sum": "medals"}, "$.medals", "phải ghi tên các giải"),
        ({"medals": ["Nhất"]}, "$.medals", "không đếm giải"),
        ({"sum": "medals", "medals": ["Nhất", "Nhất"]}, "$.medals[1]", "có hai lần"),
        ({"sum": "medals", "medals": ["Nhất"], "best": 2}, "$.best", "xếp theo số giải"),
        ({"sum": "medals", "medals": ["Nhất"], "ties": [{"by": "medals"}]}, "$.ties[0].by", "hãy bỏ bậc này"),
        ({"ties": [{"by": "medals"}]}, "$.medals", "phải ghi tên các giải"),
        ({"scaled_to": 100}, "$.scaled_by", "đi cùng nhau"),
        ({"scaled_by": "reached"}, "$.scaled_to", "đi cùng nhau"),
        ({"scaled_to": 0, "scaled_by": "reached"}, "$.scaled_to", "lớn hơn 0"),
        ({"sum": "place_points", "scaled_to": 100, "scaled_by": "reached"}, "$.scaled_to", "chỉ quy về một thang"),
        ({"best": 0}, "$.best", "phải từ 1"),
        ({"credit": "best", "best_of_contest": 2}, "$.best_of_contest", "chỉ tính một kết quả"),
        ({"missing": "giữa"}, "$.missing", "phải là số điểm"),
        ({"credit": "một nửa"}, "$.credit", "chọn một trong"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(changes: dict[str, Any], path: str, said: str) -> None:
    document = {"sum": "points", "ties": [], "prizes": []} | changes
    read_whole_delegation(Node(document, "$", problems := []))
    assert path in [each.path for each in problems]
    assert said in str(BrokenRuleset(problems))
