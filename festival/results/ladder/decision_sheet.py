"""Which printed decision about awards is the one that a contest's step belongs to?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.papers.scans.award_sheets import AwardSheet, SheetKind


def decision_sheet(contest: Contest, before: datetime | None = None) -> AwardSheet | None:
    """The last that names the contest, printed no later than `before`; None: it was printed elsewhere, or not yet."""
    own = (AwardSheet.festival_id == contest.festival_id) & (AwardSheet.kind == SheetKind.DECISION)
    if before is not None:
        own &= AwardSheet.printed_at <= before
    rows = db.session.scalars(select(AwardSheet).where(own).order_by(AwardSheet.number.desc()))
    return next((each for each in rows if contest.code in each.contests), None)
