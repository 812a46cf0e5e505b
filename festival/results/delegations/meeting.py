"""Who meets about the whole delegation, and how is it written who was there, put right and brought again?

Chairs and secretaries of the contests that bring points, each once. It is written while the delegations can be decided about, until
their minutes are signed.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.database import db
from festival.results.delegations.deciding import decidable
from festival.results.ladder.papers_there import hold_whole
from festival.results.ladder.states import MinutesSigner
from festival.results.meeting.models import WholeMeeting
from festival.results.meeting.saying import refuse_other_people, said_row, say_once, undo_once
from festival.results.meeting.told import MeetingTold

LEADING = (PanelSeat.CHAIR, PanelSeat.SECRETARY)


def who_meets(contests: Sequence[Contest]) -> list[MinutesSigner]:
    """Chairs first, then secretaries, by the ids of their accounts; who is both somewhere is a chair."""
    rows = db.session.execute(
        select(User.id, User.name, Judge.seat)
        .join(Judge, Judge.user_id == User.id)
        .where(Judge.contest_id.in_([each.id for each in contests]), Judge.seat.in_(LEADING))
    ).all()
    found: dict[int, MinutesSigner] = {}
    for user_id, name, seat in sorted(rows, key=lambda row: LEADING.index(row.seat)):
        found.setdefault(user_id, MinutesSigner(name, seat, "", user_id))
    return sorted(found.values(), key=lambda each: (LEADING.index(each.seat), each.name, each.judge_id))


def say_whole_meeting(festival_id: int, told: MeetingTold, version: int, by: int | None) -> bool:
    """Overtaken when somebody else sits there now. False when nothing is different."""
    festival = hold_whole(festival_id)
    refuse_other_people(told, (each.judge_id for each in who_meets(decidable(festival).contests)))
    row = said_row(WholeMeeting, WholeMeeting.festival_id == festival.id) or WholeMeeting(festival_id=festival.id)
    return say_once(festival, row, told.kept(), version, by)


def undo_whole_meeting(festival_id: int, version: int, by: int | None) -> None:
    """One step back; done again it is the step forth."""
    festival = hold_whole(festival_id)
    decidable(festival)
    undo_once(festival, said_row(WholeMeeting, WholeMeeting.festival_id == festival.id), version, by)
