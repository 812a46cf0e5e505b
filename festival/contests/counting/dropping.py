"""Which of a panel's totals count, when some go by their rank among the others? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from festival.editions.rules.scoring import ScoringRule

Total = tuple[str, int]  # judge, thousandths


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The totals that stay, and those that go at the upper and at the lower end."""

    kept: tuple[Total, ...]
    high: tuple[Total, ...] = ()
    low: tuple[Total, ...] = ()


def trimmed(marked: Sequence[Total], rule: ScoringRule) -> Trimmed:
    """The highest and lowest go, as many as the rule says for the number who marked; with fewer, all count.

    Of equal totals the one of the later judge goes first; which of them it is changes no mean of totals.
    """
    high, low, closest = rule.drop_high, rule.drop_low, None
    if rule.by_panel:
        steps = [step for step in rule.by_panel if step.from_ <= len(marked)]
        if not steps:
            return Trimmed(tuple(marked))
        high, low, closest = steps[-1].high, steps[-1].low, steps[-1].closest
    ordered = sorted(marked, key=lambda each: (each[1], each[0]))
    if closest is not None:
        low = _closest(ordered, closest)
        high = len(ordered) - closest - low
    if high + low >= len(ordered) or not (high or low):
        return Trimmed(tuple(marked))
    kept = ordered[low : len(ordered) - high]
    return Trimmed(tuple(sorted(kept)), tuple(ordered[len(ordered) - high :]), tuple(ordered[:low]))


def _closest(ordered: Sequence[Total], count: int) -> int:
    """Where the `count` totals nearest to each other begin; of equally near ones the higher."""
    spans = [(ordered[at + count - 1][1] - ordered[at][1], -at) for at in range(len(ordered) - count + 1)]
    return -min(spans)[1]


def median(marked: Sequence[Total]) -> Fraction:
    """The middle total; of an even number the mean of the two in the middle."""
    ordered = sorted(total for _, total in marked)
    half = len(ordered) // 2
    return Fraction(ordered[half]) if len(ordered) % 2 else Fraction(ordered[half - 1] + ordered[half], 2)


def places(totals: Mapping[str, int]) -> dict[str, int]:
    """The places that one judge's totals of the entries make: 1, 2, 2, 4."""
    ordered = sorted(totals.values(), reverse=True)
    first = {total: at for at, total in reversed(list(enumerate(ordered, start=1)))}
    return {entry: first[total] for entry, total in totals.items()}


def rank_sums(by_judge: Mapping[str, Mapping[str, int]]) -> dict[str, Fraction]:
    """The sum of the places that the judges give each entry; `by_judge`: totals by entry.

    An entry that some did not mark gets for each of them the mean of its other places: fewer places are no better sum.
    """
    given: dict[str, list[int]] = {}
    for totals in by_judge.values():
        for entry, place in places(totals).items():
            given.setdefault(entry, []).append(place)
    most = len(by_judge)
    return {entry: Fraction(sum(own) * most, len(own)) for entry, own in given.items()}
