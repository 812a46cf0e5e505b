"""Which columns of a contest and its criteria hold what its rules state?"""

from __future__ import annotations

from typing import Any

from festival.contests.composing import composed
from festival.contests.models import EntrantKind, ResultKind, Secrecy
from festival.editions.rules.bracket import BracketRule, ThirdPlace
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.criteria import plain
from festival.editions.rules.kinds import EntryKind, ResultKindRule, SecrecyRule
from festival.editions.rules.measured import Better
from festival.editions.rules.scoring import Passes, Rounding, ScoringKind, ScoringRule, Shortfall

KINDS = {
    ResultKindRule.RUBRIC: ResultKind.RUBRIC,
    ResultKindRule.COUNT: ResultKind.COUNT,
    ResultKindRule.TIME: ResultKind.TIME,
    ResultKindRule.MATCH: ResultKind.MATCH,
    ResultKindRule.QUIZ: ResultKind.ANSWERS,
    ResultKindRule.SUM: ResultKind.SUM,
}
SECRECIES = {SecrecyRule.SEALED: Secrecy.SECRET, SecrecyRule.AT_ONCE: Secrecy.AT_ONCE}
ENTRANTS = {EntryKind.FAMILY: EntrantKind.FAMILY, EntryKind.TEAM: EntrantKind.TEAM}
# `repeated` passes end by themselves: each drops somebody or is the last
REPEATED_PASSES = 99

RULE_COLUMNS = (
    "name", "part_code", "part_name", "position", "result_kind", "entrant", "secrecy", "published", "entries_per_delegation",
    "performers_min", "performers_max", "composition", "duration_min", "changeover_min", "together_min", "lanes", "grace_s",
    "overtime_penalty_milli", "overtime_limit_milli", "least_s", "undertime_penalty_milli", "undertime_limit_milli", "deductions", "panel_size", "aggregate", "delta_milli", "drop_strict",
    "drop_passes", "smallest_panel", "drop_below", "all_dropped", "round_milli", "rounding", "delta_percent_milli", "drop_high", "drop_low", "drop_by_panel", "attempts", "attempts_count", "lower_wins", "unit_label",
    "points_per_answer_milli", "questions", "points_scale", "best_possible", "bracket", "shared_from", "counters", "counters_apart", "counters_take", "entries_min", "tie_ladder", "place_points", "prizes", "special_prizes",
    "corrections", "comments",
    "paper_typing", "confirming",
    "marked_by_both",
    "dishes_least", "dishes_most", "budget_vnd",
    "sum_by", "sum_of",
    "after",
    "plates_of",
    "shown_to_heads",
)  # fmt: skip
CRITERION_WRITTEN = ("position", "code", "name", "min_milli", "max_milli", "step_milli", "weight_milli", "part")


def columns_of(rule: ContestRule) -> dict[str, Any]:
    """The values of a contest; a subject with a module of its own in `editions/rules/` has a function of its own here."""
    return {
        "name": rule.name,
        "part_code": rule.part.code if rule.part else "",
        "part_name": rule.part.name if rule.part else "",
        "result_kind": KINDS[rule.kind],
        "entrant": ENTRANTS[rule.entry],
        "secrecy": SECRECIES[rule.secrecy],
        "published": rule.published.value,
        "shown_to_heads": rule.shown_to_heads.value,
        "entries_per_delegation": max(rule.entries_per_delegation.max, 1) if rule.entries_per_delegation else 100,
        "entries_min": rule.entries_per_delegation.min if rule.entries_per_delegation else None,
        "performers_min": rule.performers.min if rule.performers else 1,
        "performers_max": rule.performers.max if rule.performers else None,
        "composition": composed.kept(rule.composition),
        "duration_min": rule.duration_min,
        "changeover_min": rule.changeover_min,
        "together_min": rule.together_min,
        "lanes": rule.lanes,
        **_penalties(rule),
        "panel_size": rule.judges,
        **_scoring(rule.scoring),
        "corrections": rule.corrections.value,
        "comments": rule.comments,
        "marked_by_both": rule.marked_by_both.value,
        "attempts": rule.attempts,
        "attempts_count": rule.attempts_count.value,
        "lower_wins": rule.kind is ResultKindRule.TIME and rule.better is Better.LESS,
        "unit_label": rule.unit_label or "",
        "best_possible": rule.best_possible,
        **_questions(rule),
        "points_scale": [{"reach": step.reach_milli, "points": step.points_milli} for step in rule.points_scale]
        or None,
        "shared_from": rule.shared_from,
        "sum_by": rule.sum.by.value if rule.sum else None,
        "sum_of": [{"contest": each.contest, "weight": each.weight_milli} for each in rule.sum.of]
        if rule.sum
        else None,
        "bracket": _bracket(rule.bracket),
        **_taking(rule),
        "points_per_answer_milli": rule.points_per_answer_milli or 1000,
        "tie_ladder": [
            {
                key: value
                for key, value in (("by", tie.by.value), ("criterion", tie.criterion), ("contest", tie.contest))
                if value
            }
            for tie in rule.ties
        ],
        "place_points": list(rule.place_points_milli),
        "paper_typing": rule.paper.value if rule.paper else "by_seat",
        "confirming": rule.confirming.value if rule.confirming else "optional",
        "plates_of": rule.plates_of or "",
        "dishes_least": rule.kitchen.dishes_least,
        "dishes_most": rule.kitchen.dishes_most,
        "budget_vnd": rule.kitchen.budget_vnd,
        "prizes": [prize.kept() for prize in rule.prizes],
        "after": _after(rule),
    }


def _questions(rule: ContestRule) -> dict[str, Any]:
    """As `contests/questions/answers.py` reads them back. The result is a sum of points, with a highest one that the questions state."""
    if not rule.questions:
        return {"questions": None}
    asked = [
        {
            key: value
            for key, value in (
                ("code", each.code),
                ("points", each.points),
                ("minus", each.minus),
                ("name", each.name),
                ("seconds", each.seconds),
                ("package", each.package),
                ("package_s", each.package_s),
            )
            if value or key == "points"
        }
        for each in rule.questions
    ]
    return {"questions": asked, "unit_label": "điểm", "best_possible": sum(each.points for each in rule.questions)}


def _after(rule: ContestRule) -> dict[str, Any] | None:
    after = rule.after
    return {"contest": after.contest, "take": after.take, "weight": after.weight_milli} if after else None


def _bracket(rule: BracketRule | None) -> dict[str, Any] | None:
    """How matches are counted, as `judging/matches/reading.py` reads it back."""
    if rule is None:
        return None
    third = ThirdPlace.PLAYED if rule.third_played else ThirdPlace.SHARED
    said = {"best_of": rule.best_of, "points": rule.points, "lead": rule.lead, "cap": rule.cap}
    return said | {"third": third.value}


def _taking(rule: ContestRule) -> dict[str, Any]:
    """How far apart two counts may be is kept in the unit of the results: whole ones, or milliseconds."""
    taking = rule.taking
    return {
        "counters": taking.counters,
        "counters_apart": taking.apart_milli // (1000 if rule.kind is ResultKindRule.COUNT else 1),
        "counters_take": taking.take.value,
    }


def _penalties(rule: ContestRule) -> dict[str, Any]:
    over, under = rule.overtime, rule.undertime
    return {
        "grace_s": over.grace_s if over else 0,
        "overtime_penalty_milli": over.minus_milli if over else 0,
        "overtime_limit_milli": over.limit_milli if over else None,
        "least_s": under.least_s if under else 0,
        "undertime_penalty_milli": under.minus_milli if under else 0,
        "undertime_limit_milli": under.limit_milli if under else None,
        "deductions": [{"code": each.code, "name": each.name, "points": each.points_milli} for each in rule.deductions]
        or None,
    }


def _scoring(scoring: ScoringRule | None) -> dict[str, Any]:
    return {
        "aggregate": scoring.kind.value if scoring else ScoringKind.MEAN.value,
        "delta_milli": scoring.delta_milli if scoring else 0,
        "drop_strict": scoring.strict if scoring else True,
        "drop_passes": REPEATED_PASSES if scoring and scoring.passes is Passes.REPEATED else 1,
        "smallest_panel": scoring.smallest_panel if scoring else 1,
        "drop_below": scoring.below.value if scoring else Shortfall.KEEP_ALL.value,
        "all_dropped": scoring.all_dropped.value if scoring else Shortfall.KEEP_ALL.value,
        "round_milli": scoring.round_milli if scoring else 1,
        "rounding": scoring.rounding.value if scoring else Rounding.HALF_UP.value,
        "delta_percent_milli": scoring.delta_percent_milli if scoring else None,
        "drop_high": scoring.drop_high if scoring else 0,
        "drop_low": scoring.drop_low if scoring else 0,
        "drop_by_panel": [
            {"from": step.from_, "high": step.high, "low": step.low, "closest": step.closest}
            for step in (scoring.by_panel if scoring else ())
        ]
        or None,
    }


def criteria_rows(rule: ContestRule) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "code": criterion.code,
            "name": criterion.name,
            "descriptor": "\n".join(f"{plain(each.from_milli)}: {each.text}" for each in criterion.descriptors),
            "min_milli": criterion.min_milli,
            "max_milli": criterion.max_milli,
            "step_milli": criterion.step_milli,
            "weight_milli": criterion.weight_milli,
            "part": criterion.part,
        }
        for position, criterion in enumerate(rule.criteria, start=1)
    ]
