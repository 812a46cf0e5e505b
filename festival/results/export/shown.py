"""How much of a contest may stand in an export: for the jury all, for the public what its rule lets be known by then?"""

from __future__ import annotations

from enum import StrEnum

from festival.contests.models import Contest, ContestState
from festival.judging.contest_rules import public_at_once
from festival.results.ladder.states import reached


class ShownInExport(StrEnum):
    """What of a contest an export holds; each holds what the one before holds."""

    NOTHING = "nothing"  # that there is such a contest
    PRIZES = "prizes"  # who got a prize, and the heads of its ledgers
    STANDINGS = "standings"  # places and points
    MARKS = "marks"  # all that places follow from: marks under seat letters, counts, times, decisions


def shown_of(contest: Contest, *, jury: bool) -> ShownInExport:
    """Before the lock there is nothing to recompute; before the publication nothing is the public's."""
    if jury:
        return ShownInExport.MARKS if reached(contest, ContestState.LOCKED) else ShownInExport.NOTHING
    if not reached(contest, ContestState.PUBLISHED):
        return ShownInExport.NOTHING
    return ShownInExport.MARKS if public_at_once(contest) else ShownInExport(contest.published)
