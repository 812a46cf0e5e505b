"""When is a set won, when is a match, and which typed result is none? Pure.

A set is won by who has the points first with the lead; at the cap one point more is enough (21, lead of two, cap 30: 21:19,
22:20, 30:28, 30:29). `static/js/ground/match-rules.js` decides the same, held by `tests/vectors/brackets.json`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from festival.core.numbers import typed_number
from festival.core.sentence import N_, Sentence
from festival.editions.rules.bracket import BracketRule


class HowEnded(StrEnum):
    """How a match came to its winner."""

    PLAYED = "played"
    WALKOVER = "walkover"  # the other one did not come
    RETIRED = "retired"  # the other one gave up in the middle
    DISQUALIFIED = "disqualified"  # the other one was shut out
    NOBODY = "nobody"  # neither came: nobody goes on


SetScore = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MatchResult:
    """What was typed of a match; `winner` is "" when nobody goes on."""

    how: HowEnded
    winner: str
    sets: tuple[SetScore, ...] = ()


# `n`: which set; `a`, `b`: its score as typed
EQUAL = N_("Hiệp %(n)s đang hòa %(a)s:%(b)s: hiệp đã xong phải có bên thắng.")
TOO_FEW = N_("Hiệp %(n)s (%(a)s:%(b)s) chưa xong: thắng hiệp cần %(points)s điểm.")
NO_LEAD = N_("Hiệp %(n)s (%(a)s:%(b)s) chưa xong: phải hơn %(lead)s điểm.")
TOO_MANY = N_("Hiệp %(n)s (%(a)s:%(b)s) quá điểm: hiệp đã xong trước đó.")
OVER_CAP = N_("Hiệp %(n)s (%(a)s:%(b)s) quá mức cao nhất %(cap)s điểm.")
SETS_GO_ON = N_("Trận chưa xong: thắng trận cần %(needed)s hiệp, mới có %(a)s:%(b)s.")
SETS_TOO_MANY = N_("Trận đã xong sau hiệp %(n)s, nhưng còn ghi thêm hiệp.")
NO_SETS_HERE = N_("Phần thi này không ghi điểm từng hiệp: chỉ chọn bên thắng.")
NO_SETS_PLAYED = N_("Không có trận đấu thì không ghi điểm hiệp.")
ENDED_BY_SETS = N_("Theo điểm các hiệp thì trận đã xong: chọn «Đấu xong».")
OTHER_WINNER = N_("Bên thắng đã chọn khác với bên thắng theo điểm các hiệp.")
NO_WINNER = N_("Chưa chọn bên thắng.")
NOT_A_SCORE = N_("«%(typed)s» không phải điểm của một hiệp; viết như 21:15.")


def set_fault(at: int, score: SetScore, rule: BracketRule) -> Sentence | None:
    """Why a finished set cannot end so."""
    a, b = score
    more, less = max(score), min(score)
    said = {"n": at, "a": a, "b": b}
    if more == less:
        return EQUAL.filled(**said)
    if rule.points is None:
        return None
    if rule.cap is not None and more > rule.cap:
        return OVER_CAP.filled(**said, cap=rule.cap)
    if more < rule.points:
        return TOO_FEW.filled(**said, points=rule.points)
    if more - less < rule.lead and more != rule.cap:
        return NO_LEAD.filled(**said, lead=rule.lead)
    if more > rule.points and more - less > rule.lead:
        return TOO_MANY.filled(**said)
    return None


def unfinished_fault(at: int, score: SetScore, rule: BracketRule) -> Sentence | None:
    """Why a set that somebody gave up in cannot have stood so: it had gone past its end."""
    if rule.points is None or max(score) < rule.points:
        return None
    fault = set_fault(at, score, rule)
    return fault if fault is not None and fault.template in (TOO_MANY.template, OVER_CAP.template) else None


def sets_won(sets: Sequence[SetScore], rule: BracketRule) -> tuple[int, int]:
    """How many sets each has won; a set that is not finished counts for nobody."""
    done = [score for at, score in enumerate(sets, start=1) if set_fault(at, score, rule) is None]
    return sum(a > b for a, b in done), sum(b > a for a, b in done)


def winner_by_sets(a: str, b: str, sets: Sequence[SetScore], rule: BracketRule) -> str | None:
    """Whom finished sets make the winner; None while nobody has enough."""
    if not rule.best_of:
        return None
    won = sets_won(sets, rule)
    return a if won[0] >= rule.needed else b if won[1] >= rule.needed else None


def result_fault(a: str, b: str, result: MatchResult, rule: BracketRule) -> Sentence | None:
    """Why this cannot be the result of a match of `a` against `b`; None when it can."""
    if result.how is HowEnded.NOBODY:
        return NO_SETS_PLAYED if result.sets else None
    if result.how is HowEnded.WALKOVER and result.sets:
        return NO_SETS_PLAYED
    if result.sets and not rule.best_of:
        return NO_SETS_HERE
    played = result.how is HowEnded.PLAYED
    fault = _sets_fault(result.sets, rule, played=played)
    if fault is not None:
        return fault
    by_sets = winner_by_sets(a, b, result.sets, rule)
    if played and rule.best_of and by_sets is None:
        won = sets_won(result.sets, rule)
        return SETS_GO_ON.filled(needed=rule.needed, a=won[0], b=won[1])
    if result.winner not in (a, b) or not result.winner:
        return NO_WINNER
    if played and by_sets is not None and by_sets != result.winner:
        return OTHER_WINNER
    if not played and by_sets is not None:
        return ENDED_BY_SETS
    return None


def _sets_fault(sets: Sequence[SetScore], rule: BracketRule, *, played: bool) -> Sentence | None:
    won = [0, 0]
    for at, score in enumerate(sets, start=1):
        if max(won) >= rule.needed:
            return SETS_TOO_MANY.filled(n=at - 1)
        last = at == len(sets)
        fault = set_fault(at, score, rule)
        if fault is not None and (played or not last):
            return fault
        if fault is not None:
            return unfinished_fault(at, score, rule)
        won[score[0] < score[1]] += 1
    return None


_SET = re.compile(r"\s*(\d{1,3})\s*[:\-–/]\s*(\d{1,3})\s*")


def typed_sets(typed: Sequence[str]) -> tuple[SetScore, ...] | Sentence:
    """Sets as people write them («21:15», «21-15»); blanks are passed over."""
    found = []
    for each in typed:
        if not each.strip():
            continue
        read = _SET.fullmatch(each)
        numbers = [typed_number(part) for part in read.groups()] if read else []
        if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
            return NOT_A_SCORE.filled(typed=each.strip()[:20])
        found.append((numbers[0], numbers[1]))
    return tuple(found)


def written_sets(sets: Sequence[SetScore]) -> str:
    """As a result is read: 21:15, 18:21."""
    return ", ".join(f"{a}:{b}" for a, b in sets)
