"""Contests that nobody held: random rules, panels, counts and orders, in no database, with what a panel might decide."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from festival.contests.models import PanelSeat
from festival.contests.panel import SheetState
from festival.contests.questions.answers import value_of
from festival.contests.saving import unsaved
from festival.core.clock import now
from festival.judging.contest_rules import questions_of
from festival.judging.given_deductions import GivenDeduction
from festival.judging.models import MeasureState
from festival.judging.tally import Appearance, Attempt, JudgeSheet, MarkingJudge, Tally
from festival.results.decisions import KINDS, Decisions, decisions
from festival.results.export.contest import add_marks, recountable
from festival.results.models import DecisionKind, PanelDecision
from festival.results.prizes import LeftEmpty, by_rank
from festival.results.table import ContestTable, compute_table
from festival.results.ties import AskedOf, Come
from festival.setup.trying.trial import tried

PRIZES = [{"name": "Nhất", "count": 1}, {"name": "Nhì", "count": 2}, {"name": "Khuyến khích", "count": "rest"}]
BEFORE = {
    "code": "vong-loai", "name": "Vòng loại", "kind": "rubric", "secrecy": "kín", "duration_min": 5, "judges": 3,
    "criteria": [{"code": "x", "name": "X", "max": 40, "step": 1}], "scoring": {"rule": "mean"},
}  # fmt: skip
OUT = (MeasureState.DID_NOT_START, MeasureState.DID_NOT_FINISH, MeasureState.DISQUALIFIED)


def scoring(dice: Random, judges: int) -> dict[str, Any]:
    """A way to add up a panel."""
    kinds = ["mean", "median", "rank_sum", "deviation_drop", "deviation_drop"]
    rule: dict[str, Any] = {"rule": dice.choice(kinds + ["trimmed_mean"] * 2 * (judges > 2))}
    if rule["rule"] == "deviation_drop":
        rule |= dice.choice([{"delta": 0.5}, {"delta": 1}, {"delta": 2}, {"delta": 15}, {"delta_percent": "5"}])
        rule |= {"strict": dice.random() < 0.5, "passes": dice.choice(["one", "repeated"])}
        rule["all_dropped"] = dice.choice(["keep_all", "not_valid"])
    elif rule["rule"] == "trimmed_mean":
        steps = [{"from": 2, "closest": 2}, {"from": 3, "low": 1}]
        if judges > 3:
            steps.append({"from": 4, "high": 1, "low": 1})
        rule |= dice.choice(
            [{"drop_high": 1}, {"drop_low": 1}, {"drop_high": 1, "drop_low": 1}, {"drop_by_panel": steps}]
        )
    if dice.random() < 0.5:
        rule["smallest_panel"] = dice.randint(1, judges)
    if dice.random() < 0.5:
        rule["below"] = dice.choice(["keep_all", "not_valid"])
    if dice.random() < 0.5 and rule["rule"] != "rank_sum":
        rule |= {"round": dice.choice([0.001, 0.01, 0.1, 0.25, 0.5]), "rounding": dice.choice(["half_up", "truncate"])}
    return rule


def panel_rules(dice: Random) -> dict[str, Any]:
    """What only a contest that judges mark says."""
    judges = dice.randint(1, 12)
    criteria: list[dict[str, Any]] = [
        {"code": code, "name": code.upper(), "max": 10, "step": 0.5} for code in ("a", "b")
    ]
    criteria[1]["weight"] = dice.choice([1, "1.5", 2])
    if dice.random() < 0.3:
        criteria.append({"code": "off", "name": "Trừ", "min": -2, "max": 0, "step": 0.5})
    told: dict[str, Any] = {"judges": judges, "criteria": criteria, "scoring": scoring(dice, judges)}
    for key, value in (("overtime", {"grace_s": 30}), ("undertime", {"least_s": 200})):
        if dice.random() < 0.5:
            told[key] = value | {"minus_per_started_minute": 0.5} | dice.choice([{}, {"limit": 1}])
    if dice.random() < 0.2 and told["scoring"]["rule"] != "rank_sum":
        told["after"] = {"contest": "vong-loai", "take": 6, "weight": dice.choice([30, "12.5", 100])}
    if dice.random() < 0.5:
        told["deductions"] = [{"code": "dao-cu", "name": "Đạo cụ bị cấm", "points": 1.5}]
    return told


def banded(dice: Random) -> list[dict[str, Any]]:
    """Prizes by levels of points, some with a number, some with a share."""
    levels = sorted((dice.choice([4, 8, 10, "12.5", 15]) for _at in range(3)), key=float, reverse=True)
    found: list[dict[str, Any]] = []
    for name, level, share in zip(("Vàng", "Bạc", "Đồng"), levels, (20, "35.5", 60), strict=True):
        more = dice.choice([{}, {"count": dice.randint(1, 2)}, {"share_percent": share}])
        found.append({"name": name, "from": float(level)} | more)
    return found + ([{"name": "Giấy khen", "count": "rest"}] if dice.random() < 0.5 else [])


def rules(dice: Random) -> dict[str, Any]:
    """A contest as docs/ruleset.md describes one."""
    kind = dice.choice(["rubric", "rubric", "rubric", "count", "time", "match", "quiz"])
    told: dict[str, Any] = {"code": "thu", "name": "Thử", "kind": kind, "secrecy": "kín", "duration_min": 5}
    told["prizes"] = PRIZES[: dice.randint(0, 3)]
    if dice.random() < 0.4:
        told["prizes"] = [
            {"name": "A", "share_percent": "20"},
            {"name": "B", "count": 2, "share_percent": 60},
            PRIZES[2],
        ]
    ties: list[dict[str, Any]] = [{"by": "members"}]
    if kind == "rubric":
        told |= panel_rules(dice)
        ties += [{"by": "criterion", "criterion": code} for code in ("b", "a")]
        ties += [{"by": by} for by in ("less_overtime", "firsts", "chair", "head_to_head", "third_marking")]
    elif kind in ("count", "time"):
        told["attempts"] = dice.randint(1, 3)
        if told["attempts"] > 1:
            ties.append({"by": "best_attempt"})
            told["attempts_count"] = dice.choice(["best", "sum", "mean"])
        if kind == "time":
            told["better"] = dice.choice(["less", "more"])
    elif kind == "quiz" and dice.random() < 0.7:
        told["questions"] = [
            {"count": 2, "points": 1, "seconds": 15},
            {"points": 2, "minus": 1},
            {"points": 0, "code": "thu"},
        ]
    elif kind == "match":
        told["shared_from"] = 2
        ties = []
    if kind == "rubric" and dice.random() < 0.6 and told["scoring"]["rule"] != "rank_sum":
        told["prizes"] = banded(dice)
    dice.shuffle(ties)
    last = [{"by": "draw"}] if kind != "match" and dice.random() < 0.4 else []
    return told | {"ties": ties[: dice.randint(0, len(ties))] + last}


def tally(told: dict[str, Any], dice: Random) -> Tally:
    """What was marked or measured; numbers of a small range, so that ties are many."""
    contest = unsaved(tried(told, {"contests": [BEFORE]}).rule)
    entries = [
        Appearance(at, f"e{at}", at, "", "", 0, "", 0, dice.randint(0, 3), None, "", "", None)
        for at in range(dice.randint(1, 7))
    ]
    seats = tuple(
        MarkingJudge(at, 0, "", chr(65 + at), PanelSeat.MEMBER if at else PanelSeat.CHAIR)
        for at in range(told.get("judges", 0))
    )
    sheets, tied = {}, set()
    for seat in seats:
        for entry in entries:
            chance = dice.random()
            if chance < 0.05:
                tied.add((seat.id, entry.id))
            if chance > 0.85:
                continue
            state = SheetState.MARKED if chance < 0.8 else dice.choice([SheetState.RECUSED, SheetState.LATE])
            marks = {each.code: each.max_milli - 500 * dice.randint(0, 3) for each in contest.criteria}
            weighed = sum(marks[each.code] * each.weight_milli // 1000 for each in contest.criteria)
            total = weighed if state is SheetState.MARKED else None
            kept = marks if state is SheetState.MARKED else {}
            sheets[seat.id, entry.id] = JudgeSheet(
                0, seat.id, entry.id, 1, 1, state, total, kept, False, False, "", now()
            )
    measures = {each.id: tries for each in entries if (tries := _tries(told, dice))}
    over = {
        each.id: dice.choice([-290, -200, -110, -90, 20, 31, 91, 400])
        for each in entries
        if told["kind"] == "rubric" and dice.random() < 0.3
    }
    if told.get("after"):
        lines = [{"entry": each.code, "from": f"v{each.id}", "value": dice.randint(0, 40_000)} for each in entries]
        contest.cut = {"lines": lines}
    order = _order([each.id for each in entries if each.id not in measures], dice) if told["kind"] == "match" else None
    off = {
        each.id: (GivenDeduction("Đạo cụ bị cấm", 1_500),) * dice.randint(1, 2)
        for each in entries
        if "deductions" in told and dice.random() < 0.3
    }
    return Tally(
        contest,
        tuple(contest.criteria),
        seats,
        tuple(entries),
        frozenset(tied),
        sheets,
        measures,
        over,
        order,
        deductions=off,
    )


def _tries(told: dict[str, Any], dice: Random) -> tuple[Attempt, ...]:
    if dice.random() < 0.1:
        return (Attempt(1, dice.choice(OUT), None, 1),)
    if told["kind"] in ("rubric", "match"):
        return ()
    if "questions" in told:
        return _answers(told, dice)
    found = []
    for number in range(1, told.get("attempts", 1) + 1):
        state = MeasureState.VALID if dice.random() < 0.9 else MeasureState.DID_NOT_FINISH
        if dice.random() < 0.9:
            value = 1_000 * dice.randint(1, 4) if told["kind"] == "time" else dice.randint(0, 3)
            found.append(Attempt(number, state, value if state is MeasureState.VALID else None, 1))
    return tuple(found)


def _answers(told: dict[str, Any], dice: Random) -> tuple[Attempt, ...]:
    if dice.random() < 0.1:
        return ()
    asked = questions_of(unsaved(tried(told, {}).rule))
    answers = "".join(dice.choice("rrwp") for _each in asked)
    return (Attempt(1, MeasureState.VALID, value_of(answers, asked), 1, answers),)


def _order(entries: list[int], dice: Random) -> tuple[tuple[int, ...], ...]:
    dice.shuffle(entries)
    groups: list[list[int]] = []
    for entry in entries:
        if groups and dice.random() < 0.3:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return tuple(map(tuple, groups))


def table_of(those: Tally, decided: Decisions) -> ContestTable:
    own = decided.prizes, decided.vacant
    return compute_table(those, decided.ties, *own, settled=True, out=decided.out, few=decided.few)


def decided(those: Tally, dice: Random) -> Decisions:
    """What a panel says where it is asked; sometimes nothing."""
    rows: list[PanelDecision] = []
    for _round in range(5):
        table = table_of(those, decisions(tuple(rows)))
        asked: list[tuple[DecisionKind, dict[str, Any]]] = []
        for entry, marked in table.few.items():
            say = dice.choice(["accept", "none", "wait"])
            asked.append((DecisionKind.OUT, {"entry": entry, "state": say, "marked": marked}))
        asked += [
            (DecisionKind.OUT, {"entry": each.entry, "state": dice.choice(["dns", "dsq"])}) for each in table.unsettled
        ]
        for come in table.waiting_rungs:
            asked.append((KINDS[come.asks], _recorded(those, come, dice)))
        for tie in table.ties:
            codes = [each.entry for each in tie]
            dice.shuffle(codes)
            order = [[code] for code in codes] if dice.random() < 0.5 else [codes[:1], codes[1:]]
            asked.append((DecisionKind.TIE, {"order": order}))
        for question in table.prizes.questions:
            names = [*question.seats, ""]
            given = {entry: dice.choice(names) or None for entry in question.entries}
            asked.append((DecisionKind.PRIZE, {"prizes": given}))
        asked += _of_prizes(table, rows, dice)
        for kind, content in asked:
            if dice.random() < 0.8:
                row = PanelDecision(kind=kind, content=content, reason="xét kỹ", names=["Ông A", "Bà B"])
                row.id = len(rows) + 1
                rows.append(row)
    return decisions(tuple(rows))


def _of_prizes(
    table: ContestTable, rows: list[PanelDecision], dice: Random
) -> list[tuple[DecisionKind, dict[str, Any]]]:
    """What nobody asked for: other prizes for a place, a prize left empty, either taken back."""
    names = [each["name"] for each in table.contest.prizes]
    groups = list(by_rank(table.standings).values())
    found: list[tuple[DecisionKind, dict[str, Any]]] = []
    if names and groups and dice.random() < 0.3:
        given = {each.entry: dice.choice([*names, None]) for each in dice.choice(groups)}
        found.append((DecisionKind.PRIZE, {"prizes": given}))
    if names and dice.random() < 0.2:
        found.append((DecisionKind.VACANT, {"prize": dice.choice(names), "then": dice.choice(list(LeftEmpty)).value}))
    own = [each for each in rows if each.kind in (DecisionKind.PRIZE, DecisionKind.VACANT)]
    if own and dice.random() < 0.2:
        back = dice.choice(own)
        found.append((back.kind, {**back.content, "takes_back": back.id}))
    return found


def _recorded(those: Tally, come: Come, dice: Random) -> dict[str, Any]:
    """A third marking by some of the panel, a draw by dice or by hand; sometimes the panel goes past it."""
    content: dict[str, Any] = {"entries": list(come.entries)}
    if dice.random() < 0.2:
        return content | {"held": False}
    if come.asks is AskedOf.DRAW:
        seed = dice.choice(["", "3125466123"])
        return content | {"seed": seed, "order": dice.sample(come.entries, len(come.entries))}
    letters = dice.choice([["3"], [seat.letter for seat in those.seats]])
    return content | {"marks": {who: {e: 500 * dice.randint(30, 33) for e in come.entries} for who in letters}}


def exported(told: dict[str, Any], those: Tally, table: ContestTable, said: Decisions) -> dict[str, Any]:
    """The contest as the jury's export has it, gone through JSON."""
    found = {"code": told["code"], "state": those.contest.state.value, "rules": told}
    found |= recountable(those, table, said, {0: "d"}, jury=True)
    add_marks(found, those)
    plain: dict[str, Any] = json.loads(json.dumps(found))
    return plain
