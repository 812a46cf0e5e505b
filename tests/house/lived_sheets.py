"""What a day of judging has beside the marks: a comment corrected, one held back and let go, a sheet the secretary corrects."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from festival.contests.models import Contest, ContestState, Criterion, Judge, ResultKind
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.handlers import Applied, Incoming
from festival.judging.comments.taking import KIND, apply_comments
from festival.judging.models import ScoreSheet
from festival.judging.sheet_messages import SheetMessage, SheetTaken
from festival.judging.taking_sheets import take_sheets
from festival.roster.models import Entry


def corrected_and_commented(festival_id: int, staff: int) -> None:
    """On the first sheet of an open contest that is marked: the doors a judge's tablet and the secretary go through."""
    with transaction():
        sheet = db.session.scalars(
            select(ScoreSheet)
            .join(Entry, Entry.id == ScoreSheet.entry_id)
            .join(Contest, Contest.id == Entry.contest_id)
            .where(
                Contest.festival_id == festival_id,
                Contest.state == ContestState.OPEN,
                Contest.result_kind == ResultKind.RUBRIC,
                ScoreSheet.state == "marked",
                ~ScoreSheet.conflict,
            )
            .order_by(ScoreSheet.id)
            .limit(1)
        ).one()
        judge = db.session.get_one(Judge, sheet.judge_id)
        entry = db.session.get_one(Entry, sheet.entry_id)
        criteria = db.session.scalars(select(Criterion).where(Criterion.contest_id == judge.contest_id)).all()
        marks = {criterion.code: criterion.max_milli for criterion in criteria}
        (outcome,) = take_sheets(
            [
                SheetMessage(
                    mid=f"correct-{uuid.uuid4().hex}",
                    user_id=judge.user_id,
                    entry_code=entry.code,
                    round=1,
                    verb="send",
                    body={"marks": marks, "note": "bấm nhầm"},
                    base_version=sheet.version,
                    received_at=now(),
                    typed_by=staff,
                    correction=True,
                )
            ]
        )
        assert isinstance(outcome, SheetTaken)
        db.session.get_one(Contest, judge.contest_id).comments = True
    for text, base in (("Hay", 0), ("Rất hay", 1)):
        with transaction():
            (verdict,) = apply_comments([_said(festival_id, judge.user_id, entry.code, text, base)])
            assert isinstance(verdict, Applied)
    with transaction():
        db.session.get_one(Contest, judge.contest_id).comments = False


def _said(festival_id: int, user_id: int, entry_code: str, text: str, base: int) -> Incoming:
    return Incoming(
        mid=uuid.uuid4().hex, device_id=1, device_role="judge", user_id=user_id, seq=1, kind=KIND, subject=f"{entry_code}/1",
        body={"text": text}, base_version=base, at=now(), received_at=now(), festival_id=festival_id,
    )  # fmt: skip
