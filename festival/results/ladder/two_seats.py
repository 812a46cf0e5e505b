"""Why may two people not take a step as chair and secretary: whose place would the first, or the second, have to hold?"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.database import db
from festival.results.ladder.states import may_lock_as


def not_in_their_seats(
    contests: Sequence[Contest], chair_id: int, secretary_id: int, *, stands_in: bool = False
) -> str:
    """In words, or "" when they may; of several contests one is enough. `stands_in`: somebody else may be the first here."""
    if not (stands_in or _may(chair_id, contests, PanelSeat.CHAIR)):
        if _nobody(contests, PanelSeat.CHAIR):
            return str(
                _(
                    "Phần thi này không có trưởng ban giám khảo: người thứ nhất là Ban Tổ chức hoặc trưởng ban giám khảo của một phần thi khác."
                )
            )
        return str(_("Người thứ nhất không phải trưởng ban giám khảo của phần thi này."))
    if not _may(secretary_id, contests, PanelSeat.SECRETARY):
        if _nobody(contests, PanelSeat.SECRETARY):
            return str(_("Phần thi này không có thư ký riêng: người thứ hai là một thư ký của ngày hội."))
        return str(_("Người thứ hai không phải thư ký của phần thi này."))
    return ""


def _may(user_id: int, contests: Sequence[Contest], seat: PanelSeat) -> bool:
    return any(may_lock_as(user_id, each, seat) for each in contests)


def _nobody(contests: Sequence[Contest], seat: PanelSeat) -> bool:
    held = select(Judge.id).where(Judge.contest_id.in_([each.id for each in contests]), Judge.seat == seat)
    return db.session.scalar(held.limit(1)) is None
