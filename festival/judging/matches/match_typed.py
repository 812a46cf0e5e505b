"""Which result do the fields of a page or the words of a command say of a match? Pure.

Boxes are named `a-1`, `b-1`, `a-2`, …; a box without its partner is no set.
"""

from __future__ import annotations

from collections.abc import Mapping

from festival.core.numbers import typed_number
from festival.core.sentence import N_, Sentence
from festival.editions.rules.bracket import BracketRule
from festival.judging.matches.match_rule import HowEnded, MatchResult, SetScore, winner_by_sets

HALF_A_SET = N_("Hiệp %(n)s mới ghi điểm một bên.")
GAP_IN_SETS = N_("Hiệp %(n)s để trống nhưng hiệp sau đã ghi.")
NOT_POINTS = N_("Điểm hiệp %(n)s phải là số từ 0 đến 999.")
NO_HOW = N_("Chưa chọn trận kết thúc thế nào.")
MOST = 999


def typed_result(form: Mapping[str, str], sides: tuple[str, str], rule: BracketRule) -> MatchResult | Sentence:
    """What was typed, or why it is no result. The winner may stay unsaid where the sets say it."""
    how = next((each for each in HowEnded if each == form.get("how", HowEnded.PLAYED)), None)
    if how is None:
        return NO_HOW
    if how in (HowEnded.NOBODY, HowEnded.WALKOVER):
        winner = "" if how is HowEnded.NOBODY else _side(form, sides)
        return MatchResult(how, winner)
    sets = _sets(form, rule)
    if isinstance(sets, Sentence):
        return sets
    winner = _side(form, sides)
    if how is HowEnded.PLAYED and not winner:
        winner = winner_by_sets(*sides, sets, rule) or ""
    return MatchResult(how, winner, sets)


def _side(form: Mapping[str, str], sides: tuple[str, str]) -> str:
    return {"a": sides[0], "b": sides[1]}.get(form.get("winner", ""), "")


def _sets(form: Mapping[str, str], rule: BracketRule) -> tuple[SetScore, ...] | Sentence:
    found: list[SetScore] = []
    gap = 0
    for at in range(1, rule.best_of + 1):
        typed = form.get(f"a-{at}", "").strip(), form.get(f"b-{at}", "").strip()
        if not any(typed):
            gap = gap or at
            continue
        if gap:
            return GAP_IN_SETS.filled(n=gap)
        if not all(typed):
            return HALF_A_SET.filled(n=at)
        a, b = (typed_number(each) for each in typed)
        if a is None or b is None or max(a, b) > MOST:
            return NOT_POINTS.filled(n=at)
        found.append((a, b))
    return tuple(found)
