"""What does the clock of the stage propose to the secretary beside the overtimes that stand? Nothing is written by it."""

from __future__ import annotations

from festival.contests.marks import written
from festival.contests.models import ResultKind
from festival.judging.contest_rules import clock_penalty
from festival.judging.tally import Tally
from festival.schedule.stage_day.lasted import clocked_overtimes


def clocked(tallied: Tally) -> dict[int, tuple[int, str]]:
    """By entry the seconds over (or short of) its time and what they take off, where that is something and does not stand."""
    contest = tallied.contest
    if contest.result_kind is not ResultKind.RUBRIC or not (contest.overtime_penalty_milli or contest.least_s):
        return {}
    found = {
        entry: (seconds, clock_penalty(contest, seconds)) for entry, seconds in clocked_overtimes(contest.id).items()
    }
    stands = tallied.overtime_s
    return {
        entry: (seconds, written(off))
        for entry, (seconds, off) in found.items()
        if off and seconds != stands.get(entry, 0)
    }
