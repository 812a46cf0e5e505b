"""How many count a contest, as its rules have fixed it?"""

from __future__ import annotations

from festival.contests.models import Contest
from festival.judging.ground.counts import CountersRule, CountTaken


def counters_of(contest: Contest) -> CountersRule:
    """One counter unless the rules say two."""
    return CountersRule(contest.counters, contest.counters_apart, CountTaken(contest.counters_take))
