"""Does `verify.py`, which shares no line with the product, come to the same places, reasons, prizes and steps?"""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

import verify
from config import ROOT
from festival.core.canonical import canonical_json
from festival.editions.rules.document import parse
from festival.results.decisions import decisions
from festival.results.explain.steps import steps_of
from festival.results.explain.words import explained
from festival.results.outside.tally_file import read_tally_file
from tests.results.recount_cast import decided, exported, rules, table_of, tally

CONTESTS = 1_500


def test_a_recount_agrees_byte_for_byte_and_step_by_step_on_random_contests() -> None:
    seen: dict[str, int] = {}
    for seed in range(CONTESTS):
        dice = Random(seed)
        told = rules(dice)
        those = tally(told, dice)
        said = decided(those, dice)
        table = table_of(those, said)
        file = exported(told, those, table, said)
        recount = verify.Contest(file)
        lines = recount.standings()
        assert verify.canonical(lines) == canonical_json(file["standings"]), seed
        assert verify.bare_hash(lines) == file["standings_hash"], seed
        for each in table.standings:
            steps = steps_of(those, table, each.entry, said)
            assert recount.steps[each.entry] == steps, (seed, each.entry)
            words = explained(steps, table, {code: code for code in table.appearances}, each.entry)
            assert len(words) > 0
            for step in steps:
                seen[step["step"]] = seen.get(step["step"], 0) + 1
    rare = {kind: count for kind, count in seen.items() if count < 50}
    assert rare == {}, "a kind of step that the random contests hardly reach proves nothing"
    kinds = "sheet dropped mean median penalty deduction carried rounded few no_result places try answers tries order"
    kinds += " rung panel asked place no_place prize"
    assert set(seen) == set(kinds.split())


PUBLISHED = json.loads((ROOT / "tests" / "vectors" / "published_tallies.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", PUBLISHED, ids=[case["what"] for case in PUBLISHED])
def test_published_protocols_are_recounted_too(case: dict[str, Any]) -> None:
    those = read_tally_file(parse(json.dumps(case["file"])))
    said = decisions(())
    table = table_of(those, said)
    file = exported(case["file"]["contest"], those, table, said)
    recount = verify.Contest(file)
    assert verify.canonical(recount.standings()) == canonical_json(file["standings"])
    assert recount.steps == {each.entry: steps_of(those, table, each.entry, said) for each in table.standings}
