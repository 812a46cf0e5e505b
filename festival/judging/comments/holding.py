"""The chair reads the comments before a family does: what is held back, why, and how is that undone?"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.contests.models import Contest, ContestState, Judge
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.judging.comments.models import SheetComment
from festival.judging.contest_rules import judging_stream

REASON_LENGTH = 300


def hold_back(contest_id: int, comment_id: int, version: int, reason: str, by: int | None) -> None:
    """Keep this comment from the family, in the open transaction. It can be freed again, also after publication."""
    why = " ".join(reason.split())[:REASON_LENGTH]
    if not why:
        raise BadInput(_("Ghi lý do giữ lại lời nhận xét này."))
    _set(contest_id, comment_id, version, why, by)


def free(contest_id: int, comment_id: int, version: int, by: int | None) -> None:
    """Let it go to the family after all."""
    _set(contest_id, comment_id, version, "", by)


def _set(contest_id: int, comment_id: int, version: int, why: str, by: int | None) -> None:
    contest = db.session.scalar(select(Contest).where(Contest.id == contest_id).with_for_update(read=True))
    if contest is None:
        raise NotFound()
    if contest.state is ContestState.OPEN:
        raise Conflict(_("Xem lời nhận xét sau khi khóa điểm: giám khảo còn đang viết."))
    at = now()
    seats = select(Judge.id).where(Judge.contest_id == contest_id)
    done = db.session.execute(
        update(SheetComment)
        .where(
            SheetComment.id == comment_id,
            SheetComment.judge_id.in_(seats),
            SheetComment.version == version,
            SheetComment.said != "",
            SheetComment.held == "" if why else SheetComment.held != "",
        )
        .values(held=why, held_by=by if why else None, held_at=at if why else None)
        .returning(SheetComment.judge_id, SheetComment.entry_id)
    ).one_or_none()
    if done is None:
        raise Conflict(_("Lời nhận xét này vừa đổi hoặc đã được xử lý. Mở lại trang rồi xem lại."))
    about: dict[str, object] = {"judge": done.judge_id, "entry": done.entry_id}
    said: dict[str, object] = {"held": why, "held_by": by if why else None, "by": by}
    ledger.append(judging_stream(contest), "comment.held" if why else "comment.freed", about, said)
