"""When may families and everybody know who goes on into the final? From this step on, which has its way back.

It says names only, never places or points. Until then nothing public and no page of a family tells of the final's entries
(`Contest.entries_told`).
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import update

from festival.contests.actions import held_contest
from festival.contests.models import Contest, ContestState
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import Conflict, Overtaken
from festival.results.cut.taking import said
from festival.results.ladder.steps import stated_reason


def announce(final_id: int, by: int | None) -> None:
    """From now on everybody may know who goes on."""
    final = held_contest(final_id)
    if final.cut is None:
        raise Conflict(_("Chưa lấy ai vào «%(final)s», nên chưa có gì để báo.", final=final.name))
    _note(final, standing=False)
    said(final, "cut.announced", {"by": by})


def withdraw_announcement(final_id: int, reason: str, by: int | None) -> None:
    """Nobody outside is told any more. Once the final is published its entries are public anyway."""
    final = held_contest(final_id)
    reason = stated_reason(reason)
    if final.state is ContestState.PUBLISHED:
        raise Conflict(_("Kết quả «%(final)s» đã công bố, nên không rút lời báo được nữa.", final=final.name))
    _note(final, standing=True)
    said(final, "cut.unannounced", {"by": by, "reason": reason})


def _note(final: Contest, *, standing: bool) -> None:
    """One conditional UPDATE: of two people at the same moment one is told that it is done already."""
    at = Contest.cut_announced_at
    done = db.session.execute(
        update(Contest)
        .where(Contest.id == final.id, at.is_not(None) if standing else at.is_(None))
        .values(cut_announced_at=None if standing else now())
        .execution_options(synchronize_session=False)
    )
    if done.rowcount == 0:  # type: ignore[attr-defined]
        raise Overtaken(_("Bước này vừa được làm rồi. Mở lại trang để xem."))
    db.session.expire_all()
