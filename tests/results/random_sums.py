"""Sums that nobody held: random components and places, in no database."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from festival.contests.saving import unsaved
from festival.contests.summed.parts import PartPoints
from festival.editions.rules.document import parse
from festival.editions.rules.file import read
from festival.judging.tally import Appearance, Tally
from festival.results.decisions import Decisions
from festival.results.table import ContestTable
from tests.results.recount_cast import decided, exported, table_of
from tests.results.sum_cast import BALLS, TALENT, document

PRIZES = [{"name": "Nhất", "count": 1}, {"name": "Nhì", "count": 2}, {"name": "Khuyến khích", "count": "rest"}]


def random_sum(dice: Random) -> tuple[Tally, ContestTable, Decisions, dict[str, Any]]:
    ties: list[dict[str, Any]] = [{"by": "contest", "contest": "bong-ro"}, {"by": "first_places"}, {"by": "members"}]
    dice.shuffle(ties)
    drawn = [{"by": "draw"}] if dice.random() < 0.5 else []
    told: dict[str, Any] = {
        "code": "tong", "name": "Tổng", "kind": "sum", "secrecy": "kín", "sum": "points",
        "of": [{"contest": "tai-nang", "weight": dice.choice([1, "0.5", "1.333"])}, {"contest": "bong-ro"}],
        "ties": [*ties[: dice.randint(0, 3)], *drawn], "prizes": PRIZES[: dice.randint(0, 3)],
    }  # fmt: skip
    contest = unsaved(read(parse(json.dumps(document(TALENT, BALLS, told)))).contests[2])
    entries = tuple(
        Appearance(at, f"e{at}", None, f"e{at}", "", 0, "", 0, dice.randint(0, 2), None, "", "", None)
        for at in range(dice.randint(1, 7))
    )
    parts = {each.id: tuple(_part(of, each.code, dice) for of in contest.sum_of or ()) for each in entries}
    those = Tally(
        contest=contest, criteria=(), seats=(), appearances=entries, tied=frozenset(), sheets={}, measures={}, overtime_s={},
        parts=parts,
    )  # fmt: skip
    said = decided(those, dice)
    table = table_of(those, said)
    return those, table, said, exported(told, those, table, said)


def _part(of: dict[str, Any], code: str, dice: Random) -> PartPoints:
    there = dice.random() > 0.15
    places = (dice.randint(1, 3),) if there and dice.random() > 0.15 else ()
    points = 500 * dice.randint(0, 2) if places else 0
    return PartPoints(of["contest"], of["contest"].upper(), of["weight"], (code,) if there else (), places, points)
