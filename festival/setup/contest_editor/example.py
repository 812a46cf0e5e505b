"""How would a panel's totals be summed up by the rule that is being typed? A small panel worked out by the real rule. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import gcd

from festival.contests.panel import DropReason, JudgeTotal, NotValid, PanelMean, SheetState, panel_mean, rounded
from festival.core.sentence import N_, Points, Sentence
from festival.editions.rules.scoring import Passes, Rounding, ScoringKind, ScoringRule, Shortfall

MOST_JUDGES = 9  # an example of more is no longer read
LETTERS = "ABCDEFGHI"
OUTERMOST = {
    DropReason.HIGHEST: N_("Điểm %(points)s của giám khảo %(judge)s cao nhất: bỏ."),
    DropReason.LOWEST: N_("Điểm %(points)s của giám khảo %(judge)s thấp nhất: bỏ."),
}


@dataclass(frozen=True, slots=True)
class Example:
    """The totals a panel gave, and what the rule makes of them, step by step."""

    totals: tuple[Sentence, ...]
    steps: tuple[Sentence, ...]
    points: Sentence | None


def example(rule: ScoringRule, judges: int, total_milli: int, step_milli: int) -> Example | None:
    """A panel of `judges` with one mark that deviates further than δ; None when there is nothing to work with yet."""
    judges = min(judges, MOST_JUDGES)
    if judges < 1 or total_milli < 1 or step_milli < 1:
        return None
    given = _totals(rule, judges, total_milli, step_milli)
    sheets = [JudgeTotal(letter, SheetState.MARKED, milli) for letter, milli in zip(LETTERS, given, strict=False)]
    found = panel_mean(sheets, rule)
    totals = tuple(
        N_("%(judge)s: %(points)s", judge=each.judge, points=Points(each.total_milli or 0)) for each in sheets
    )
    if isinstance(found, NotValid):
        return Example(totals, (found.said,), None)
    points = Points(rounded(found.mean, rule.round_milli, rule.rounding))
    return Example(totals, tuple(_steps(rule, found)), N_("Điểm của tiết mục: %(points)s.", points=points))


def examples(rule: ScoringRule, judges: int, total_milli: int, step_milli: int) -> dict[str, Example | None]:
    """The same panel by each of the sentences a rule is chosen by."""
    dropping = replace(rule, kind=ScoringKind.DEVIATION_DROP)
    choices = {"mean": replace(rule, kind=ScoringKind.MEAN)}
    if rule.delta_milli > 0:
        choices |= {"one": replace(dropping, passes=Passes.ONE), "repeated": replace(dropping, passes=Passes.REPEATED)}
    if rule.drop_high or rule.drop_low:
        choices["trimmed_mean"] = replace(rule, kind=ScoringKind.TRIMMED_MEAN)
    choices["median"] = replace(rule, kind=ScoringKind.MEDIAN)
    return {name: example(each, judges, total_milli, step_milli) for name, each in choices.items()}


def rule_for(
    delta_milli: int,
    strict: bool,
    smallest_panel: int,
    below: Shortfall,
    all_dropped: Shortfall,
    round_milli: int,
    *,
    drop_high: int = 0,
    drop_low: int = 0,
    rounding: Rounding = Rounding.HALF_UP,
) -> ScoringRule:
    """The rule with what is typed of it so far; the sentence it is chosen by comes with `examples`."""
    return ScoringRule(
        kind=ScoringKind.DEVIATION_DROP,
        delta_milli=delta_milli,
        strict=strict,
        passes=Passes.ONE,
        smallest_panel=smallest_panel,
        below=below,
        all_dropped=all_dropped,
        round_milli=round_milli,
        drop_high=drop_high,
        drop_low=drop_low,
        rounding=rounding,
    )


def common_step(steps: list[int]) -> int:
    """The step of a sheet's total: what all steps of its criteria have in common."""
    return gcd(*steps) if steps else 0


def _totals(rule: ScoringRule, judges: int, total: int, step: int) -> list[int]:
    """Marks close together below the total, and the last one beyond δ from the mean of all, if the total leaves room."""
    # no wider than a quarter of δ, so that the others stay inside when the last one pulls the mean
    apart = min(total // 100, rule.delta_milli // 4) // step * step
    others = max(judges - 1, 1)
    # the last one pulls the mean: its deviation is (n-1)/n of how far it stands from the others
    away = -(-(rule.delta_milli + max(apart, step)) * judges // others)
    away = -(-away // step) * step
    middle = min(max(total * 85 // 100, away + apart), total - apart) // step * step
    spread = (0, apart, -apart, 0, apart, -apart, 0, apart)
    near = [min(max(middle + shift, 0), total) for shift in spread[: judges - 1]]
    return [*near, max(middle - away, 0)] if judges > 1 else [max(middle, 0)]


def _steps(rule: ScoringRule, found: PanelMean) -> Iterator[Sentence]:
    yield N_("Trung bình của cả ban: %(mean)s.", mean=Points(rounded(found.mean_of_all)))
    yield from found.notes
    for each in found.dropped:
        if each.why is not DropReason.DEVIATES:
            yield OUTERMOST[each.why].filled(points=Points(each.total_milli), judge=each.judge)
            continue
        yield N_(
            "Điểm %(points)s của giám khảo %(judge)s lệch %(away)s so với trung bình (mức %(delta)s): bỏ.",
            points=Points(each.total_milli),
            judge=each.judge,
            away=Points(rounded(each.deviation)),
            delta=Points(rule.delta_milli),
        )
    if found.dropped:
        yield N_("Trung bình các điểm còn lại: %(mean)s.", mean=Points(rounded(found.mean)))
    elif rule.kind is ScoringKind.MEDIAN:
        yield N_("Điểm đứng giữa: %(median)s.", median=Points(rounded(found.mean)))
    elif rule.kind is ScoringKind.DEVIATION_DROP and not found.notes:
        yield N_("Không điểm nào lệch quá mức %(delta)s: giữ tất cả.", delta=Points(rule.delta_milli))
