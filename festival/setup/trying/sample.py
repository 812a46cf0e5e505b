"""Which marks does an organiser see first who tries a contest's rules? Pure.

A made-up panel that shows what the rules do: one mark far from the others, two entries with the same points, somebody
who is late, somebody who did not come. The same seed always gives the same marks; everything is typed text, as a person
would have typed it, by the name of its cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from festival.core.sentence import Points, Stopped
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.criteria import CriterionRule
from festival.editions.rules.kinds import ResultKindRule
from festival.editions.rules.measured import Better
from festival.editions.rules.scoring import ScoringKind
from festival.editions.rules.ties import TieStep

MANY_CELLS, MOST_CELLS = 240, 300  # more marks than that are no table to look at, and no page to send
ENTRIES, FEWEST = 6, 3


@dataclass(frozen=True, slots=True)
class Size:
    """How large the table of a trial is; entries, judges and tries are counted from 0."""

    entries: int
    judges: int
    criteria: int
    tries: int


def size_of(rule: ContestRule) -> Size:
    """Six entries and the whole panel; a large panel has fewer entries, a very large one sits in part."""
    if rule.kind is not ResultKindRule.RUBRIC:
        return Size(ENTRIES, 0, 0, rule.attempts)
    criteria = len(rule.criteria)
    needed = rule.scoring.smallest_panel if rule.scoring else 1
    judges = min(rule.judges, max(needed, MOST_CELLS // (FEWEST * criteria)))
    return Size(max(FEWEST, min(ENTRIES, MANY_CELLS // (judges * criteria))), judges, criteria, 1)


def mark_cell(entry: int, judge: int, criterion: int) -> str:
    return f"m-{entry}-{judge}-{criterion}"


def try_cell(entry: int, number: int) -> str:
    return f"t-{entry}-{number}"


def cell(what: str, entry: int) -> str:
    """`what`: "p" place, "o" why it takes no part, "x" overtime, "s" how long before its time it ended, "d" points off by decision, "b" points of the round before, "n" members."""
    return f"{what}-{entry}"


class _Dice:
    """Numbers that look thrown and are the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.seed, self.thrown = seed, 0

    def upto(self, most: int) -> int:
        self.thrown += 1
        digest = sha256(f"{self.seed}/{self.thrown}".encode()).digest()
        return int.from_bytes(digest[:6], "big") % (most + 1)


def sample(rule: ContestRule, seed: int = 1) -> dict[str, str]:
    """What stands in the cells before anybody has typed."""
    size, dice = size_of(rule), _Dice(seed)
    typed = {cell("n", entry): str(3 + dice.upto(3)) for entry in range(size.entries)}
    # the two that stand equal, in case the ladder counts people
    typed |= {cell("n", 1): "5", cell("n", 2): "4"}
    if size.entries == ENTRIES:
        typed[cell("o", ENTRIES - 1)] = "dns"
    if rule.kind is ResultKindRule.RUBRIC:
        typed |= _panel(rule, size, dice)
        if rule.overtime and size.entries > FEWEST:
            over = rule.overtime.grace_s + 75
            typed[cell("x", FEWEST)] = f"{over // 60}:{over % 60:02d}"
        if rule.after and rule.after.weight_milli:
            typed |= {cell("b", entry): str(90 - 2 * entry) for entry in range(size.entries)}
    elif rule.kind is ResultKindRule.MATCH:
        typed |= _order(rule, size, dice)
    else:
        typed |= _tries(rule, size, dice)
    return typed


def _panel(rule: ContestRule, size: Size, dice: _Dice) -> Mapping[str, str]:
    levels = sorted((60 + dice.upto(30) for _ in range(size.entries)), reverse=True)
    levels[0] = max(levels[0], 84)
    marks = {
        entry: [[_near(each, levels[entry]) for each in rule.criteria] for _ in range(size.judges)]
        for entry in range(size.entries)
    }
    for entry, sheets in marks.items():
        if entry not in (1, 2):
            for sheet in sheets:
                _nudge(rule, sheet, dice)
    marks[2] = [_swapped(rule, list(sheet)) for sheet in marks[1]]
    if rule.scoring and rule.scoring.kind is ScoringKind.DEVIATION_DROP and size.judges > 2:
        delta = rule.scoring.delta_milli
        _far_below(rule, marks[0][1], delta * size.judges // (size.judges - 1) + delta // 4)
    typed = {}
    for entry, sheets in marks.items():
        # the last judge of the fourth entry did not come
        came = size.judges - (
            entry == FEWEST
            and size.judges > 1
            and rule.scoring is not None
            and size.judges > rule.scoring.smallest_panel
        )
        for judge, sheet in enumerate(sheets[:came]):
            for at, milli in enumerate(sheet):
                typed[mark_cell(entry, judge, at)] = str(Points(milli))
    out = cell("o", ENTRIES - 1) if size.entries == ENTRIES else ""
    return {name: value for name, value in typed.items() if not (out and name.startswith(f"m-{ENTRIES - 1}-"))}


def _near(criterion: CriterionRule, percent: int) -> int:
    steps = (criterion.max_milli - criterion.min_milli) // criterion.step_milli
    return criterion.min_milli + steps * percent // 100 * criterion.step_milli


def _nudge(rule: ContestRule, sheet: list[int], dice: _Dice) -> None:
    """Judges differ a little, never so much that it counts as far."""
    at = dice.upto(len(sheet) - 1)
    criterion = rule.criteria[at]
    small = rule.scoring is None or not rule.scoring.delta_milli or criterion.step_milli * 4 <= rule.scoring.delta_milli
    if small and sheet[at] + criterion.step_milli <= criterion.max_milli and dice.upto(1):
        sheet[at] += criterion.step_milli


def _swapped(rule: ContestRule, sheet: list[int]) -> list[int]:
    """The same total, with less in the criterion that the ladder looks at first."""
    codes = [each.code for each in rule.criteria]
    first = next(
        (codes.index(tie.criterion) for tie in rule.ties if tie.by is TieStep.CRITERION and tie.criterion), None
    )
    if first is None:
        return sheet
    for other, criterion in enumerate(rule.criteria):
        step = max(criterion.step_milli, rule.criteria[first].step_milli)
        fits = step % criterion.step_milli == 0 and step % rule.criteria[first].step_milli == 0
        room = sheet[first] - step >= rule.criteria[first].min_milli and sheet[other] + step <= criterion.max_milli
        if other != first and fits and room:
            sheet[first] -= step
            sheet[other] += step
            break
    return sheet


def _far_below(rule: ContestRule, sheet: list[int], wanted: int) -> None:
    """One judge saw another act: the total falls by more than `wanted`, spread over the criteria as far as they go."""
    for at, criterion in enumerate(rule.criteria):
        left = len(rule.criteria) - at
        share = -(-max(wanted, 0) // left) // criterion.step_milli + 1
        taken = min(share, (sheet[at] - criterion.min_milli) // criterion.step_milli) * criterion.step_milli
        sheet[at] -= taken
        wanted -= taken


def _tries(rule: ContestRule, size: Size, dice: _Dice) -> Iterator[tuple[str, str]]:
    timed = rule.kind is ResultKindRule.TIME
    if rule.questions:
        yield from _answers(rule, size, dice)
        return
    most = min(rule.best_possible or 12, 12)
    worse = 1 if timed and rule.better is Better.LESS else -1
    made: dict[int, list[int]] = {}
    for entry in range(size.entries):
        best = 38_000 + dice.upto(300) * 100 if timed else max(most - dice.upto(most // 2 + 1), 1)
        made[entry] = [max(best + worse * number * (1300 if timed else 1), 0) for number in range(size.tries)]
    # equal best tries; where there is another, it parts them
    made[2] = [made[1][0], *(max(value + worse * (700 if timed else 1), 0) for value in made[1][1:])]
    for entry, values in made.items():
        if entry < ENTRIES - 1:
            for number, value in enumerate(values):
                yield try_cell(entry, number), str(Stopped(value)) if timed else str(value)


def _answers(rule: ContestRule, size: Size, dice: _Dice) -> Iterator[tuple[str, str]]:
    """A letter for each question; two teams answer alike."""
    made = {
        entry: "".join("ĐĐĐSB"[dice.upto(4)] for _ in rule.questions) for entry in range(size.entries) if entry != 2
    }
    made[2] = made[1]
    for entry, letters in sorted(made.items()):
        if entry < ENTRIES - 1:
            yield try_cell(entry, 0), letters


def _order(rule: ContestRule, size: Size, dice: _Dice) -> Iterator[tuple[str, str]]:
    entries = list(range(size.entries - 1))
    order = [entries.pop(dice.upto(len(entries) - 1)) for _ in range(size.entries - 1)]
    for at, entry in enumerate(order, start=1):
        shared = rule.shared_from is not None and at > rule.shared_from and at == rule.shared_from + 1
        yield cell("p", entry), str(at - 1 if shared else at)
