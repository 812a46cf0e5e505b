"""What pages of draws are opened with: a swap, slots on the stage, a meeting of which a delegation was absent, its minutes signed."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, select

from festival.contests.models import Contest, ContestState
from festival.core.clock import from_local, today
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.papers.draw_minutes import DrawMinutes
from festival.papers.returned import PageFormat
from festival.registration.signing.scans import SentPages, SignedPage
from festival.registration.signing.typed import Letter
from festival.roster.models import Delegation, Entry, EntryState
from festival.schedule.drawn import changing, meetings, trials
from festival.schedule.drawn.meeting_rule import MeetingSaid
from festival.schedule.drawn.meetings import MeetingTyped
from festival.schedule.models import Act, ActState, Draw, Stage
from tests.house.filling_signing import picture


def open_contest(*more: ColumnElement[bool]) -> Contest:
    """A drawn contest of which two acts are still to come."""
    with_acts = select(Entry.contest_id).join(Act, Act.entry_id == Entry.id).where(Act.state == ActState.WAITING)
    return (
        db.session.scalars(
            select(Contest)
            .join(Draw, (Draw.contest_id == Contest.id) & Draw.voided_at.is_(None))
            .where(Contest.id.in_(with_acts), Contest.state == ContestState.OPEN, *more)
            .order_by(Contest.position)
        ).first()
        or db.session.scalars(select(Contest).join(Draw, Draw.contest_id == Contest.id).limit(1)).one()
    )


def waiting(contest_id: int) -> list[str]:
    """Entries of it that have not been on a stage, at most two."""
    begun = select(Act.entry_id).where(Act.state.in_((ActState.ON_STAGE, ActState.DONE)))
    order = db.session.scalars(select(Draw.order).where(Draw.contest_id == contest_id, Draw.voided_at.is_(None))).one()
    own = Entry.id.in_(order) & (Entry.state == EntryState.ENROLLED)
    wanted = select(Entry.code).where(own, Entry.number.is_not(None), Entry.id.not_in(begun))
    return list(db.session.scalars(wanted.order_by(Entry.number.desc()).limit(2)))


def two_waiting(contest_id: int) -> tuple[str, str]:
    """Both of them."""
    first, second = waiting(contest_id)
    return first, second


def meeting_typed(festival_id: int, contest: Contest, absent: int = 1) -> MeetingTyped:
    """All delegations but the last were there."""
    rows = db.session.scalars(
        select(Delegation)
        .where(Delegation.id.in_(select(Entry.delegation_id).where(Entry.contest_id == contest.id)))
        .order_by(Delegation.position)
    ).all()
    there = {row.code: f"Danh Thị {chr(65 + place % 20)}" for place, row in enumerate(rows)}
    away = {row.code: None for row in rows[len(rows) - absent :]}
    said = MeetingSaid(
        "Nguyễn Văn Chủ", "Trần Thị Thư", [contest.code], {**there, **away}, ("Lê Văn Chứng", "Phạm Thị Kiến")
    )
    return MeetingTyped(said, today(), "Hội trường", {contest.code: contest.id}, {row.code: row.id for row in rows})


def kept(festival_id: int, number: int, by: int | None) -> int:
    """The minutes of a meeting as they are now, printed."""
    with reading():
        drawing = meetings.drawn_now(festival_id, number)
    with transaction():
        return meetings.print_minutes(festival_id, number, drawing, by).id


def sent(colour: str = "white") -> SentPages:
    return SentPages((SignedPage(PageFormat.JPEG, picture(colour)),))


def letter(number: str = "12/BB-BTC") -> Letter:
    return Letter(number, today(), "Nguyễn Văn Chủ")


def draws(festival_id: int, by: int | None) -> dict[str, object]:
    """A signed paper of the first meeting; the same when it is asked for again."""
    with reading():
        before = db.session.scalar(select(DrawMinutes.id).where(DrawMinutes.festival_id == festival_id))
    if before is not None:
        return {"draw_minutes": before}
    with transaction():
        contest = open_contest()
        if contest.state is ContestState.OPEN and len(waiting(contest.id)) == 2:
            changing.swap(contest.id, two_waiting(contest.id), ("Danh Văn Một", "Thị Hai"), "bận việc", by)
        stage = db.session.scalars(select(Stage).where(Stage.festival_id == festival_id).order_by(Stage.id)).first()
        assert stage is not None
        starts_at = from_local(_eve(contest))
        trials.set_trial(contest.id, stage.code, starts_at, 10, 0, by)
        number = meetings.note_meeting(festival_id, 0, 0, meeting_typed(festival_id, contest), by).number
    minutes_id = kept(festival_id, number, by)
    with transaction():
        meetings.sign_minutes(festival_id, minutes_id, letter(), sent(), by)
    return {"draw_minutes": minutes_id}


def _eve(contest: Contest) -> datetime:
    return datetime.combine(contest.festival.starts_on - timedelta(days=1), time(8))
