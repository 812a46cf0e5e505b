"""Does `verify.py` come to the same standings and the same steps after any amendment, without a line of the product?"""

from __future__ import annotations

from random import Random

import verify
from festival.contests.questions.answers import value_of
from festival.core.canonical import canonical_json
from festival.judging.contest_rules import questions_of
from festival.judging.models import MeasureState
from festival.judging.tally import Tally
from festival.results.amended.corrections import Corrections, StatedTry, corrected
from festival.results.current import settled_table
from festival.results.explain.steps import steps_of
from festival.results.explain.words import explained
from tests.results.recount_cast import PRIZES, decided, exported, rules, table_of, tally

CONTESTS = 400


def put_right(those: Tally, dice: Random) -> Corrections:
    """What an amendment might say: other marks, counts, seconds, places and prizes."""
    chosen = [each for each in those.appearances if dice.random() < 0.4]
    marks = {
        (at.code, seat, each.code): each.max_milli - 500 * dice.randint(0, 3)
        for at in chosen
        for (seat, entry), sheet in those.sheets.items()
        if entry == at.id and (seat, entry) not in those.tied and dice.random() < 0.6
        for each in those.criteria
        if not sheet.marks or dice.random() < 0.5
    }
    # a sheet that holds no mark is given whole or not at all
    measures: dict[tuple[str, int], StatedTry] = {}
    if not those.contest.criteria and those.order is None:
        measures = {(at.code, 1): _stated(those, dice) for at in chosen if dice.random() < 0.5}
    over = {at.code: dice.choice([0, 31, 400]) for at in chosen if those.contest.criteria and dice.random() < 0.3}
    ranked = dice.sample([at.code for at in those.appearances], k=len(those.appearances)) if dice.random() < 0.3 else []
    places = {code: max(1, at - (at == 2 and dice.random() < 0.5)) for at, code in enumerate(ranked, start=1)}
    names = [each["name"] for each in PRIZES[: len(those.contest.prizes)]]
    prizes = {at.code: dice.choice([*names, None]) for at in chosen if dice.random() < 0.2}
    return Corrections(marks, measures, over, places, prizes)


def _stated(those: Tally, dice: Random) -> StatedTry:
    """Answers letter by letter where the rules name the questions."""
    asked = questions_of(those.contest)
    if not asked:
        return StatedTry(MeasureState.VALID, dice.randint(0, 3))
    answers = "".join(dice.choice("rwp") for _each in asked)
    return StatedTry(MeasureState.VALID, value_of(answers, asked), answers)


def test_an_amended_contest_is_recounted_byte_for_byte_and_step_by_step() -> None:
    seen: dict[str, int] = {}
    for seed in range(CONTESTS):
        dice = Random(seed)
        told = rules(dice)
        those = tally(told, dice)
        said = decided(those, dice)
        signed = exported(told, those, table_of(those, said), said)
        corrections = put_right(those, dice)
        changed = corrected(those, corrections)
        table = settled_table(changed, said)
        wanted = exported(told, changed, table, said)["standings"]
        lines, steps = verify.amended(signed, {"corrections": corrections.kept()})
        assert verify.canonical(lines) == canonical_json(wanted), seed
        for each in table.standings:
            found = steps_of(changed, table, each.entry, said)
            assert steps[each.entry] == found, (seed, each.entry)
            assert explained(found, table, {code: code for code in table.appearances}, each.entry)
            for step in found:
                seen[step["step"]] = seen.get(step["step"], 0) + 1
    assert min(seen.get(step, 0) for step in ("amended_place", "amended_prize", "place", "rung", "sheet")) > 50, seen
