"""A mark that an amendment corrects adds up as it would have on the sheet: by the weight of its criterion, below 0 too."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from festival.judging.tally import Tally
from festival.results.amended.corrections import Corrections, corrected
from festival.results.decisions import decisions
from tests.results.recount_cast import rules, table_of, tally


def weighed(seed: int) -> Tally | None:
    """A contest that judges mark, with weights and something to take off; None: the dice fell another way."""
    dice = Random(seed)
    told = rules(dice)
    criteria = told.get("criteria", [])
    wanted = len(criteria) == 3 and criteria[1]["weight"] != 1
    return tally(told, dice) if wanted else None


def test_an_amended_mark_is_weighed_as_the_sheet_is() -> None:
    seen = 0
    for seed in range(400):
        those = weighed(seed)
        if those is None or not any(each.marks for each in those.sheets.values()):
            continue
        seen += 1
        weights = {each.code: each.weight_milli for each in those.criteria}
        for (judge, entry_id), sheet in those.sheets.items():
            if not sheet.marks:
                continue
            code = next(each.code for each in those.appearances if each.id == entry_id)
            # every mark "corrected" to what it is leaves the whole table as it was
            same = {(code, judge, criterion): milli for criterion, milli in sheet.marks.items()}
            again, first = (
                table_of(each, decisions(())) for each in (corrected(those, Corrections(marks=same)), those)
            )
            assert again.standings == first.standings
            for criterion, to in (("b", 7_500), ("off", -1_500)):
                changed = corrected(those, Corrections(marks={(code, judge, criterion): to})).sheets[judge, entry_id]
                by = (to - sheet.marks[criterion]) * weights[criterion] // 1000
                assert sheet.total_milli is not None
                assert changed.total_milli == sheet.total_milli + by
    assert seen > 5, "the dice hardly reached a weighed contest"


def test_a_whole_sheet_that_was_never_given_is_weighed_too() -> None:
    those = next(found for seed in range(400) if (found := weighed(seed)) is not None and found.seats)
    seat, at = those.seats[0], those.appearances[0]
    bare = replace(those, sheets={}, tied=frozenset())
    marks = {"a": 8_000, "b": 6_000, "off": -1_000}
    added = corrected(bare, Corrections(marks={(at.code, seat.id, code): milli for code, milli in marks.items()}))
    weights = {each.code: each.weight_milli for each in those.criteria}
    assert added.sheets[seat.id, at.id].total_milli == 8_000 + 6 * weights["b"] - 1_000
    with pytest.raises(ValueError, match="does not have"):
        corrected(bare, Corrections(marks={(at.code, seat.id, "la"): 1}))
