"""What pages of slips are opened with: of each contest that judges mark a decided slip with its picture."""

from __future__ import annotations

from sqlalchemy import select

from festival.contests.models import Contest, Judge
from festival.core.clock import now
from festival.core.database import db
from festival.judging.paper.models import SlipDecision, SlipPhoto
from festival.judging.paper.photos import keep_photo
from festival.roster.models import Entry


def on_paper(staff: int) -> dict[str, int]:
    """Judge A and the first entry of each contest, as the pages ask for them."""
    of_one = (
        select(SlipPhoto.id).join(Judge, Judge.id == SlipPhoto.judge_id).join(Contest, Contest.id == Judge.contest_id)
    )
    held = of_one.where(Contest.code == "tai-nang").order_by(SlipPhoto.id).limit(1)
    for judge in db.session.scalars(select(Judge).where(Judge.letter == "A")).all():
        contest = db.session.get_one(Contest, judge.contest_id)
        entry = db.session.scalars(
            select(Entry.id).where(Entry.contest_id == contest.id).order_by(Entry.id).limit(1)
        ).first()
        if entry is None or db.session.scalar(select(SlipDecision.id).where(SlipDecision.judge_id == judge.id)):
            continue
        decision = SlipDecision(
            judge_id=judge.id, entry_id=entry, round=1, options={"first": {"marks": {}, "total": 1_000, "by": staff}},
            kept="first", marks={}, total_milli=1_000, reason="xem lại", decided_by=staff, decided_at=now(), standing=True,
        )  # fmt: skip
        db.session.add(decision)
        keep_photo(contest, judge.id, b"\xff\xd8\xff", staff, entry=entry)
    return {"photo": db.session.scalars(held).first() or 0}
