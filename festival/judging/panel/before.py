"""Which acts has a seat a sheet of already, given by who sat there before, and whose is it?"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from festival.contests.models import Contest, Judge
from festival.contests.panel import SheetState
from festival.core.database import db
from festival.editions.rules.kinds import MarkedByBoth
from festival.judging.models import ScoreSheet
from festival.judging.tally import JudgeSheet, MarkingJudge, marking_judges_of


def given_before(contests: Sequence[Contest], judge_ids: Sequence[int]) -> set[int]:
    """The entries that these judges need not mark: who was replaced marked them, and by the rule set that sheet counts.

    That there is one is all a substitute learns of it.
    """
    first = [each.id for each in contests if each.marked_by_both == MarkedByBoth.FIRST]
    before = {
        judge
        for panel in marking_judges_of(first).values()
        for seat in panel
        if seat.id in judge_ids
        for judge in seat.sat
        if judge != seat.id
    }
    if not before:
        return set()
    marked = select(ScoreSheet.entry_id).where(
        ScoreSheet.judge_id.in_(before), ScoreSheet.state == SheetState.MARKED, ScoreSheet.round == 1
    )
    return set(db.session.scalars(marked))


def giver(seat: MarkingJudge, sheet: JudgeSheet | None) -> int:
    """Whose sheet a slip of this seat puts right: of who gave it, and where there is none of who sits there now."""
    if sheet is None or sheet.judge_id == seat.id:
        return seat.user_id
    return db.session.get_one(Judge, sheet.judge_id).user_id
