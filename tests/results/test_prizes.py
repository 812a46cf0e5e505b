"""1 Nhất, 2 Nhì, 3 Ba, the rest Khuyến khích; what a tie at a border leaves open; bands with a cap."""

from hypothesis import given
from hypothesis import strategies as st

from festival.editions.rules.prizes import PrizeRule
from festival.results.prizes import PrizeDecision, PrizeOfEntry, award
from festival.results.standings import EntryResult, ResultState, standings

USUAL = (PrizeRule("Nhất", 1), PrizeRule("Nhì", 2), PrizeRule("Ba", 3), PrizeRule("Khuyến khích", None))


def table(values: list[int], absent: int = 0):  # type: ignore[no-untyped-def]
    results = [EntryResult(f"e{at:02d}", ResultState.RANKED, value) for at, value in enumerate(values)]
    results += [EntryResult(f"x{at}", ResultState.DNS) for at in range(absent)]
    return standings(results, higher_wins=True)


def given_by_prize(awards: tuple[PrizeOfEntry, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in awards:
        found.setdefault(each.prize, []).append(each.entry)
    return found


def test_fifteen_delegations_share_four_prizes() -> None:
    prizes = award(table(list(range(100, 85, -1)), absent=2), USUAL)
    assert prizes.questions == ()
    assert given_by_prize(prizes.awards) == {
        "Nhất": ["e00"],
        "Nhì": ["e01", "e02"],
        "Ba": ["e03", "e04", "e05"],
        "Khuyến khích": [f"e{at:02d}" for at in range(6, 15)],
    }


def test_a_tie_inside_one_prize_is_no_question() -> None:
    prizes = award(table([9, 8, 8, 7, 6, 5, 4, 4]), USUAL)
    assert prizes.questions == () and given_by_prize(prizes.awards)["Nhì"] == ["e01", "e02"]


def test_a_tie_at_a_border_is_a_question_and_moves_nobody_else() -> None:
    prizes = award(table([9, 9, 8, 7, 6, 5, 4]), USUAL)
    (question,) = prizes.questions
    assert (question.entries, question.rank, question.seats) == (("e00", "e01"), 1, {"Nhất": 1, "Nhì": 1})
    assert str(question.said) == "2 tiết mục cùng đứng thứ 1, nằm giữa hai mức giải: ban giám khảo quyết định."
    assert given_by_prize(prizes.awards) == {
        "Nhì": ["e02"],
        "Ba": ["e03", "e04", "e05"],
        "Khuyến khích": ["e06"],
    }


def test_a_decision_of_the_panel_answers_the_question() -> None:
    decision = PrizeDecision({"e00": "Nhất", "e01": "Nhất"}, "đồng giải Nhất", ("Danh Chung",))
    prizes = award(table([9, 9, 8]), USUAL, [decision])
    assert prizes.questions == ()
    assert given_by_prize(prizes.awards) == {"Nhất": ["e00", "e01"], "Nhì": ["e02"]}
    assert str(*prizes.awards[0].reasons) == "Ban giám khảo quyết định: đồng giải Nhất (Danh Chung)."


def test_a_decision_may_leave_one_without_a_prize() -> None:
    rules = (PrizeRule("A", 1),)
    assert award(table([9, 9]), rules).questions[0].seats == {"A": 1, "": 1}
    decided = award(table([9, 9]), rules, [PrizeDecision({"e00": None, "e01": "A"}, "lý do", ("X",))])
    assert given_by_prize(decided.awards) == {"A": ["e01"]} and decided.questions == ()


def test_nobody_without_a_place_is_awarded_and_no_prize_is_invented() -> None:
    assert given_by_prize(award(table([5], absent=3), USUAL).awards) == {"Nhất": ["e00"]}
    assert given_by_prize(award(table([9, 8]), (PrizeRule("A", 1),)).awards) == {"A": ["e00"]}
    assert award(table([9, 8]), ()).awards == ()


@given(st.lists(st.integers(0, 6), max_size=20))
def test_every_placed_entry_is_awarded_or_asked_about_once(values: list[int]) -> None:
    prizes = award(table(values), USUAL)
    named = [each.entry for each in prizes.awards] + [entry for each in prizes.questions for entry in each.entries]
    assert sorted(named) == [f"e{at:02d}" for at in range(len(values))]
    counted = given_by_prize(prizes.awards)
    for rule in USUAL[:3]:
        asked = sum(each.seats.get(rule.name, 0) for each in prizes.questions)
        assert len(counted.get(rule.name, [])) + asked == min(
            rule.count or 0, max(0, len(values) - sum(r.count or 0 for r in USUAL[: USUAL.index(rule)]))
        )
