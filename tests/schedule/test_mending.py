"""Is the answer to a plan that must be mended the best there is, and does it break no rule? Pure; against trying everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from festival.schedule.mending import answer
from festival.schedule.mending.answer import mended
from festival.schedule.mending.clashes import MendRules
from festival.schedule.mending.exact import best_mend
from festival.schedule.mending.pushing import pushed
from festival.schedule.mending.shapes import (
    MendAct,
    MendCost,
    MendProblem,
    MendSession,
    MendSpot,
    cost_of_mend,
    problem_from_json,
)
from festival.schedule.solver.checker import broken_rules
from festival.schedule.solver.shapes import AwaySpan
from tests.schedule.festivals import FIRST, crowded, odd
from tests.schedule.mended import plan_of, planned_whole, stopped, tiny


def every_answer(problem: MendProblem) -> Iterator[dict[str, MendSpot]]:
    """All of them, one act after the other."""
    rules = MendRules(problem)
    domains = rules.domains()
    acts = [act.code for act in problem.acts]

    def further(spots: dict[str, MendSpot]) -> Iterator[dict[str, MendSpot]]:
        if len(spots) == len(acts):
            yield spots
            return
        code = acts[len(spots)]
        for session, ranges in domains[code].items():
            for at in (at for low, high in ranges for at in range(low, high + 1)):
                here = MendSpot(session, at)
                if not any(rules.clash(code, here, other, spot) for other, spot in spots.items()):
                    yield from further({**spots, code: here})

    return further({})


def exactly(problem: MendProblem) -> MendCost | None:
    """What the solver finds in this very process."""
    costs: list[MendCost] = []
    rules = MendRules(problem)
    found = best_mend(
        problem, rules.domains(), pushed(rules, rules.domains()).spots, 10, lambda s: costs.append(cost_of_mend(problem, s))
    )  # fmt: skip
    assert found.impossible == (not costs)
    assert found.impossible or found.families == min(costs).families
    return min(costs) if costs else None


def test_the_best_answer_is_that_of_trying_everything() -> None:
    possible = 0
    for seed in range(40):
        problem = tiny(seed)
        stood = {act.code: act.was for act in problem.acts if act.was is not None and act.stays}
        if MendRules(problem).broken(stood):
            continue  # nobody asks of acts that clash already
        least = min((cost_of_mend(problem, each) for each in every_answer(problem)), default=None)
        assert exactly(problem) == least, seed
        rules = MendRules(problem)
        quick = pushed(rules, rules.domains()).spots
        if quick is not None:
            assert least is not None and rules.broken(quick) == [] and cost_of_mend(problem, quick) >= least
        possible += least is not None
    assert possible >= 12


def one(code: str, at: int, minutes: int = 10, **said: object) -> MendAct:
    values = {"rooms": {"s": ((0, 200),)}, "families": (f"f{code}",), "holds": {f"f{code}": 0}, **said}
    return MendAct(code, minutes, 0, MendSpot("s", at), **values)  # type: ignore[arg-type]


def test_whoever_stands_behind_a_stop_is_moved_no_more_than_it_must() -> None:
    hall = {"s": MendSession("s")}
    acts = (
        one("a", 0, rooms={}, fixed=True),
        one("b", 10, rooms={"s": ((25, 200),)}),
        one("c", 20),
        one("d", 40),
        one("e", 60),
    )
    rules = MendRules(problem := MendProblem(acts, hall, 20))
    found = pushed(rules, rules.domains()).spots
    assert found is not None
    # b cannot begin before 25, so c has to go: behind b, which leaves d five minutes; or b behind c, and nobody else moves
    assert {code: spot.at for code, spot in found.items()} == {"a": 0, "b": 30, "c": 20, "d": 40, "e": 60}
    assert cost_of_mend(problem, found) == MendCost(1, 20, 0, 20)
    drawn = replace(problem, after=(("b", "c", 0),))
    assert exactly(drawn) == MendCost(3, 15 + 15 + 5, 0, 15)


def test_it_says_who_has_no_place_and_who_stands_against_it() -> None:
    hall = {"s": MendSession("s")}
    acts = (one("a", 0, rooms={"s": ((30, 200),)}, asked=True), one("b", 30, rooms={}, fixed=True), one("c", 45))
    rules = MendRules(MendProblem((replace(acts[0], rooms={"s": ((30, 30),)}), *acts[1:]), hall, 5))
    found = pushed(rules, rules.domains())
    assert (found.spots, found.stuck, found.against) == (None, ("a",), ("b",))
    # one that is held is named when it is itself what cannot stay
    rules = MendRules(problem := MendProblem((one("h", 10, rooms={"s": ()}, fixed=True),), hall, 5))
    assert pushed(rules, rules.domains()).stuck == ("h",)
    assert mended(problem, 0, lambda _spots: True).impossible
    assert problem_from_json(problem.as_json()) == problem


def test_minutes_for_a_costume_are_kept_around_the_acts_that_need_them_alone() -> None:
    """One person in four acts on two stages, of which the last but one is in costume."""
    stages = {"s": MendSession("s"), "t": MendSession("t")}
    wide = {"rooms": {"t": ((0, 200),)}}
    acts = (
        one("a", 0, rooms={}, fixed=True, holds={"p": 0}),
        replace(one("b", 10, holds={"p": 0}, **wide), was=MendSpot("t", 5), rooms={"t": ((10, 200),)}),
        one("c", 40, rooms={}, fixed=True, holds={"p": 8}),
    )
    rules = MendRules(problem := MendProblem(acts, stages, 60))
    # behind «a» at once, but eight minutes before and behind «c», which is in costume
    assert rules.domains()["b"] == {"t": ((10, 22), (58, 65))}
    assert exactly(problem) == MendCost(1, 5, 0, 5)
    assert exactly(replace(problem, acts=(acts[0], replace(acts[1], rooms={"t": ((23, 200),)}), acts[2]))) == MendCost(
        1, 53, 0, 53
    )


def test_an_answer_that_was_shown_is_gone_on_from_and_no_other_is() -> None:
    hall = {"s": MendSession("s")}
    acts = (one("a", 0, rooms={}, fixed=True), one("b", 10, rooms={"s": ((25, 200),)}), one("c", 20), one("d", 40))
    problem = MendProblem(acts, hall, 30)
    shown = {"a": acts[0].was, "b": MendSpot("s", 25), "c": MendSpot("s", 10), "d": acts[3].was}
    assert mended(problem, 0, lambda _spots: True, shown, least=1).spots == shown  # type: ignore[arg-type]
    first = mended(problem, 0, lambda _spots: True)
    for wrong in (
        {**shown, "b": MendSpot("s", 15)},  # where it cannot be
        {**shown, "c": MendSpot("s", 30)},  # against another
        {**shown, "a": MendSpot("s", 5)},  # what stays
        {**shown, "c": MendSpot("x", 10)},  # nowhere
        {code: spot for code, spot in shown.items() if code != "c"},
    ):
        assert mended(problem, 0, lambda _spots: True, wrong).spots == first.spots  # type: ignore[arg-type]
    assert mended(problem, 0, lambda _spots: False, shown).spots is None  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(12))
def test_no_answer_breaks_a_rule_of_the_independent_checker(seed: int) -> None:
    """Panels, families and stages that stop, in odd festivals and crowded ones."""
    dice = Random(seed)
    festival = odd(seed) if seed % 2 else crowded(seed, families=15, stages=2, contests=4, load=0.5)
    festival = replace(festival, longest_wait_min=None, locked=())
    plan = planned_whole(festival, seed)
    chosen = dice.choice(plan)
    act = next(each for each in festival.acts if each.code == chosen.act)
    gone = [AwaySpan("family", act.families[0], chosen.at - 5, chosen.at + dice.randint(1, 30))] if act.families else []
    shut = [(chosen.stage, chosen.at, chosen.at + 25)] if dice.random() < 0.5 or not gone else []
    problem = stopped(festival, plan, gone, shut, at=chosen.at - 30, cap=45)
    placed = {each.act for each in plan}
    left_out = [each.code for each in festival.acts if each.code not in placed]
    stops = replace(festival, away=(*festival.away, *gone))
    rules = MendRules(problem)
    found = pushed(rules, rules.domains()).spots
    if found is not None:
        assert broken_rules(stops, plan_of(found), left_out) == []
        assert all(not b <= spot.at < e for spot in found.values() for code, b, e in shut if spot.session == code)


def test_the_process_finds_it_and_a_process_that_is_not_there_leaves_the_first_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    festival = crowded(1, families=15, stages=2, contests=4, load=0.5)
    plan = planned_whole(festival, 1)
    gone = [AwaySpan("panel", "h0", FIRST + 8 * 60, FIRST + 8 * 60 + 45)]
    problem = stopped(festival, plan, gone, at=FIRST + 8 * 60, cap=65)
    stops = replace(festival, away=tuple(gone))

    def proper(spots: dict[str, MendSpot]) -> bool:
        return broken_rules(stops, plan_of(spots)) == []

    found = mended(problem, 8, proper)  # type: ignore[arg-type]
    assert found.cost is not None and found.fewest and found.cost.longest <= 65
    monkeypatch.setattr(answer, "WORKER", "festival.schedule.mending.not_there")
    first = mended(problem, 8, proper)  # type: ignore[arg-type]
    assert first.cost is not None and first.cost >= found.cost and proper(dict(first.spots or {}))
