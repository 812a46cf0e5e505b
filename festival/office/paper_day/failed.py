"""Could the pack of the paper day not be made? The dashboard says so, for it was the worker that asked in the night."""

from __future__ import annotations

from sqlalchemy import select

from festival.core.database import db
from festival.core.sentence import N_
from festival.core.work.jobs import Job, JobState
from festival.editions.queries import the_festival
from festival.office.paper_day.packing import KIND
from festival.office.waiting import WaitingWork

FAILED = WaitingWork(
    N_("Chưa làm được bộ giấy cả ngày", "pack_failed"),
    "/office/paper-day",
    N_("Mở trang bộ giấy và thử lại", "pack_failed_door"),
    late=True,
)


def pack_failed(_festival_id: int) -> WaitingWork | None:
    """The pack asked for last, of the edition whose dashboard this is; who asks anew is working on it."""
    own = Job.subject == the_festival().code
    last = db.session.scalar(select(Job.state).where(Job.kind == KIND, own).order_by(Job.id.desc()).limit(1))
    return FAILED if last is JobState.FAILED else None
