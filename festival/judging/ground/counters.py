"""How many count a contest, as its rules have fixed it?"""

from __future__ import annotations

from collections.abc import Sequence

from festival.contests.models import Contest
from festival.judging.ground.counts import CountersRule, CountTaken, OneMore, Undecided, judge_counts
from festival.judging.ground.tries import ReadingLine


def counters_of(contest: Contest) -> CountersRule:
    """One counter unless the rules say two."""
    return CountersRule(contest.counters, contest.counters_apart, CountTaken(contest.counters_take))


def awaited(counts: Sequence[ReadingLine], contest: Contest) -> str | None:
    """What is due after these blind counts: another one ("other"), a third one ("differs"), the "head_judge"."""
    found = judge_counts([count.value or 0 for count in counts], counters_of(contest)) if counts else None
    if isinstance(found, OneMore):
        return "differs" if found.apart else "other"
    return "head_judge" if isinstance(found, Undecided) else None
