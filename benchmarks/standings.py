"""How much processor do the standings of a thousand entries cost, against a bare loop over the same marks?

1,000 entries, nine judges, six criteria, the ladder asked: what a page or the lock pays beside its statements. The bare loop adds up
and sorts, and is what a machine of another speed is compared by.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from random import Random

from benchmarks.measure import SEED, Bench
from festival.contests.models import PanelSeat
from festival.contests.panel import SheetState
from festival.contests.saving import unsaved
from festival.core.clock import now
from festival.editions.rules.document import parse
from festival.editions.rules.file import read
from festival.judging.tally import Appearance, JudgeSheet, MarkingJudge, Tally
from festival.results.table import compute_table

ENTRIES, JUDGES, CRITERIA = 1_000, 9, 6
TIMES = 9
AIM_MS = 150


def made(rule: str = "deviation_drop") -> Tally:
    """A contest that is in no database."""
    scoring = {"deviation_drop": {"delta": 5}, "trimmed_mean": {"drop_high": 1, "drop_low": 1}}.get(rule, {})
    codes = [f"c{at}" for at in range(CRITERIA)]
    document = {
        "schema": "family-festival-ruleset/1", "sources": [],
        "festival": {"code": "b", "name": "B", "organiser": "B", "starts_on": "2099-01-01", "ends_on": "2099-01-02"},
        "contests": [{
            "code": "b", "name": "B", "kind": "rubric", "secrecy": "kín", "duration_min": 5, "judges": JUDGES,
            "criteria": [{"code": code, "name": code, "max": 10, "step": 0.25} for code in codes],
            "scoring": {"rule": rule} | scoring, "ties": [{"by": "criterion", "criterion": codes[0]}],
        }],
    }  # fmt: skip
    contest = unsaved(read(parse(json.dumps(document))).contests[0])
    dice, sheets, at = Random(SEED), {}, now()
    for entry in range(ENTRIES):
        for judge in range(JUDGES):
            marks = {code: 250 * dice.randrange(20, 41) for code in codes}
            total = sum(marks.values())
            sheets[judge, entry] = JudgeSheet(
                0, judge, entry, 1, 1, SheetState.MARKED, total, marks, False, False, "", at
            )
    return Tally(
        contest=contest, criteria=tuple(contest.criteria),
        seats=tuple(MarkingJudge(judge, 0, "", "ABCDEFGHI"[judge], PanelSeat.MEMBER) for judge in range(JUDGES)),
        appearances=tuple(
            Appearance(entry, f"e{entry}", entry, "", "", 0, "", 0, 1, None, "", "", None) for entry in range(ENTRIES)
        ),
        tied=frozenset(), sheets=sheets, measures={}, overtime_s={},
    )  # fmt: skip


def bare(tally: Tally) -> list[tuple[int, int]]:
    """Every mark added up once, and the sums sorted."""
    sums = [0] * ENTRIES
    for (_judge, entry), sheet in tally.sheets.items():
        for mark in sheet.marks.values():
            sums[entry] += mark
    return sorted(((total, entry) for entry, total in enumerate(sums)), reverse=True)


def cpu_ms(work: Callable[[], object]) -> float:
    """The least of several turns, of this process's own time."""
    found = []
    for _turn in range(TIMES):
        began = time.process_time()
        work()
        found.append((time.process_time() - began) * 1000)
    return min(found)


def figures(rule: str) -> dict[str, object]:
    tally = made(rule)
    own, loop = cpu_ms(lambda: compute_table(tally, settled=True)), cpu_ms(lambda: bare(tally))
    return {
        "what": f"standings, {ENTRIES} entries, {JUDGES} judges, {CRITERIA} criteria, {rule}",
        "cpu_ms": round(own, 1), "bare_loop_ms": round(loop, 2), "times_the_loop": round(own / loop, 1), "aim_ms": AIM_MS,
    }  # fmt: skip


def standings(_bench: Bench, database: str) -> None:
    """One line a rule; it reads no database, so it is told once."""
    if database == "sqlite":
        for rule in ("mean", "deviation_drop", "trimmed_mean", "median", "rank_sum"):
            print(json.dumps(figures(rule)))
