"""In a panel: a reserve marks, takes a seat, the seat is given back, goes to somebody again and comes home; ties to a family."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.actions import note_unavailable, seat, unseat
from festival.contests.models import Contest, ContestState, Judge, PanelSeat, ResultKind
from festival.contests.seating import reseat
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.judging.panel.away import note_away, undo_away
from festival.judging.panel.replacing import replace_judge, take_back
from festival.judging.sheet_messages import SheetMessage
from festival.judging.taking_sheets import take_sheets
from festival.judging.tally import read_tally
from festival.roster.models import Entry


def replaced(festival_id: int, staff: int) -> None:
    """In the first contest that judges still mark; at the end the same people sit there."""
    with reading():
        contest = db.session.scalars(
            select(Contest)
            .where(
                Contest.festival_id == festival_id,
                Contest.result_kind == ResultKind.RUBRIC,
                Contest.state == ContestState.OPEN,
            )
            .order_by(Contest.position)
            .limit(1)
        ).one()
        tallied = read_tally(contest)
        contest_id, sits, entries = contest.id, tallied.seats[-1], tallied.appearances
        free = [
            each
            for each in entries
            if (sits.id, each.id) not in tallied.sheets and (sits.id, each.id) not in tallied.tied
        ]
        held = select(Judge.user_id).where(Judge.contest_id == contest_id)
        other, third = db.session.scalars(
            select(User.id).where(User.id.not_in(held), User.id != staff).order_by(User.id).limit(2)
        ).all()
        code = free[0].code if free else entries[0].code
    with transaction():
        seat(contest_id, other, PanelSeat.RESERVE)
        spare = seat(contest_id, third, PanelSeat.RESERVE).judge_id
        take_sheets([_late(other, code)])
    with transaction():
        unseat(spare)
        seat(contest_id, third, PanelSeat.RESERVE)
        replace_judge(sits.id, other, "ốm", None, None)
    with transaction():
        take_back(sits.id, "bấm nhầm", (staff, None))
    with transaction():
        taken = replace_judge(sits.id, other, "ốm thật", staff, staff).judge_id
    with transaction():
        replace_judge(taken, sits.user_id, "khỏi ốm", None, None)
    if free:
        with transaction():
            note_away(db.session.get_one(Contest, contest_id), sits.letter, code, "late", "kẹt xe", staff)
        with transaction():
            undo_away(db.session.get_one(Contest, contest_id), sits.letter, code, staff)
    with transaction():
        family = next((each for each in entries if each.code != code), entries[0])
        note_unavailable(taken, None, "cháu dự thi", family_id=_family(family.id))


def _family(entry_id: int) -> int | None:
    return db.session.get_one(Entry, entry_id).family_id


def _late(user_id: int, entry_code: str) -> SheetMessage:
    return SheetMessage(
        mid=uuid.uuid4().hex, user_id=user_id, entry_code=entry_code, round=1, verb="abstain",
        body={"state": "late", "note": "xe hỏng"}, base_version=0, received_at=now(),
    )  # fmt: skip


def swap_letters(festival_id: int) -> None:
    """Of a contest nobody has marked yet two judges change their letters, if there is one."""
    unmarked = select(Contest.id).where(
        Contest.festival_id == festival_id, Contest.rules_fixed_at.is_(None), Contest.state == ContestState.OPEN
    )
    wanted = select(Judge).where(Judge.contest_id.in_(unmarked), Judge.marks).order_by(Judge.contest_id, Judge.letter)
    judge = db.session.scalars(wanted).first()
    if judge is not None:
        reseat(judge.id, judge.seat, "B" if judge.letter == "A" else "A")
