"""Which sheets were not taken, and wait for the secretary's eyes?"""

from __future__ import annotations

from sqlalchemy import select

from festival.contests.models import Judge, PanelSeat
from festival.core.database import db
from festival.judging.models import RefusedSheet


def refused_sheets(contest_id: int) -> list[RefusedSheet]:
    """What came after the lock, from a judge who is tied or was replaced, the latest first; nothing of a reserve's."""
    return list(
        db.session.scalars(
            select(RefusedSheet)
            .join(Judge, Judge.id == RefusedSheet.judge_id)
            .where(
                RefusedSheet.contest_id == contest_id,
                Judge.seat.not_in((PanelSeat.RESERVE, PanelSeat.STOOD_DOWN)),
            )
            .order_by(RefusedSheet.id.desc())
        )
    )
