"""What a day of judging has beside the marks: a comment corrected, one held back and let go, a sheet the secretary corrects."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest, ContestState, Criterion, Judge, ResultKind, Unavailability
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.handlers import Applied, Incoming
from festival.judging.comments.taking import KIND, apply_comments
from festival.judging.models import ScoreSheet
from festival.judging.sheet_messages import SheetApart, SheetMessage, SheetTaken, Verb
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


def in_versions(staff: int) -> None:
    """Corrected, typed from paper, abstained, in two versions and chosen, in two versions and not chosen yet."""
    with transaction():
        contest = db.session.scalars(select(Contest).where(Contest.code == "trang-phuc")).one()
        judges = list(
            db.session.scalars(select(Judge).where(Judge.contest_id == contest.id, Judge.marks).order_by(Judge.id))
        )
        tied = {row.judge_id for row in db.session.scalars(select(Unavailability))}
        judge = next(each for each in judges if each.id not in tied)
        sheets = db.session.scalars(
            select(ScoreSheet).where(ScoreSheet.judge_id == judge.id).order_by(ScoreSheet.id).limit(3)
        ).all()
        entries = [db.session.get_one(Entry, sheet.entry_id).code for sheet in sheets]
        scale = {
            each.code: each for each in db.session.scalars(select(Criterion).where(Criterion.contest_id == contest.id))
        }
        low = {code: each.min_milli for code, each in scale.items()}
        high = {code: each.max_milli for code, each in scale.items()}

        def say(entry: str, verb: Verb, body: dict[str, Any], base: int, **more: Any) -> SheetMessage:
            mid = str(uuid.uuid4())
            return SheetMessage(mid, judge.user_id, entry, 1, verb, body, base, now(), **more)

        def take(*messages: SheetMessage) -> list[object]:
            return list(take_sheets(messages))

        (corrected,) = take(say(entries[0], "send", {"marks": high, "note": "sửa"}, 1))
        assert isinstance(corrected, SheetTaken)
        (paper,) = take(say(entries[0], "send", {"marks": low}, 2, typed_by=staff))
        assert isinstance(paper, SheetTaken)
        offer = say(entries[0], "send", {"marks": high}, 1)
        (apart,) = take(offer)
        assert isinstance(apart, SheetApart)
        (chosen,) = take(say(entries[0], "resolve", {"keep": offer.mid}, 3))
        assert isinstance(chosen, SheetTaken)
        (recused,) = take(say(entries[1], "abstain", {"state": "recused", "note": "người nhà"}, 1))
        assert isinstance(recused, SheetTaken)
        (again,) = take(say(entries[2], "send", {"marks": low}, 0))
        assert isinstance(again, SheetApart)
