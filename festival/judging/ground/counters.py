"""How many count a contest, as its rules have fixed it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from festival.contests.models import Contest
from festival.judging.ground.counts import (
    Agreed,
    CountersRule,
    CountTaken,
    OneMore,
    Undecided,
    judge_answers,
    judge_counts,
)


class Count(Protocol):
    """What one person counted."""

    @property
    def value(self) -> int | None: ...

    @property
    def answers(self) -> str | None: ...


def counters_of(contest: Contest) -> CountersRule:
    """One counter unless the rules say two."""
    return CountersRule(contest.counters, contest.counters_apart, CountTaken(contest.counters_take))


def judged(counts: Sequence[Count], contest: Contest) -> Agreed | OneMore | Undecided:
    """What these blind counts come to; of answers question by question only the same ones agree."""
    rule = counters_of(contest)
    if contest.questions is not None:
        return judge_answers([(count.value or 0, count.answers or "") for count in counts], rule.people)
    return judge_counts([count.value or 0 for count in counts], rule)


def awaited(counts: Sequence[Count], contest: Contest) -> str | None:
    """What is due after these blind counts: another one ("other"), a third one ("differs"), the "head_judge"."""
    if not counts:
        return None
    found = judged(counts, contest)
    if isinstance(found, OneMore):
        return "differs" if found.apart else "other"
    return "head_judge" if isinstance(found, Undecided) else None
