"""What the pages of a knock-out and of a border check are opened with: a drawn bracket, a slip that is to be typed again.

Both in contests that are published, so that no step of them is in the way.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from festival.contests.models import Contest, ContestState, Judge, ResultKind
from festival.core.clock import now
from festival.core.database import db
from festival.judging.matches.models import BracketDraw
from festival.judging.models import ScoreSheet
from festival.judging.paper.models import BorderCheck
from festival.roster.models import Entry, EntryState
from festival.schedule.later.models import LaterMatch
from festival.schedule.models import Session


def drawn(staff: int) -> None:
    """Of every match contest that is published, its teams in the order of their entries."""
    for contest in _published(ResultKind.MATCH):
        entries = _entries(contest)
        lines = entries + [0] * ((1 << (len(entries) - 1).bit_length()) - len(entries))
        draw = BracketDraw(contest_id=contest, drawing=1, seed="1", lines=lines, drawn_by=staff, drawn_at=now())
        if db.session.scalar(select(BracketDraw.id).where(BracketDraw.contest_id == contest)) is None:
            db.session.add(draw)
            _final(contest)


def _final(contest: int) -> None:
    """It has its hour before anybody knows who plays it, behind the last session of the contest, where there is one."""
    last = db.session.scalars(
        select(Session).where(Session.contest_id == contest).order_by(Session.ends_at.desc()).limit(1)
    ).first()
    place = {} if last is None else {"session_id": last.id, "starts_at": last.ends_at - timedelta(minutes=10)}
    db.session.add(LaterMatch(contest_id=contest, to_final=0, number=1, duration_min=10, **place))


def checked(staff: int) -> None:
    """Of every rubric contest that is published, the slip of judge A for each entry."""
    for contest in _published(ResultKind.RUBRIC):
        no_panel = db.session.scalar(select(Judge.id).where(Judge.contest_id == contest).limit(1)) is None
        if no_panel or db.session.scalar(select(BorderCheck.id).where(BorderCheck.contest_id == contest)) is not None:
            continue
        judge = db.session.scalars(select(Judge.id).where(Judge.contest_id == contest, Judge.letter == "A")).one()
        db.session.execute(update(ScoreSheet).where(ScoreSheet.judge_id == judge).values(on_paper=True))
        check = BorderCheck(
            contest_id=contest, number=1, seed="123456", slips=[[judge, entry, "drawn"] for entry in _entries(contest)],
            rest=0, begun_by=staff, begun_at=now(), reason="", standing=True,
        )  # fmt: skip
        db.session.add(check)


def _published(kind: ResultKind) -> list[int]:
    wanted = select(Contest.id).where(Contest.state == ContestState.PUBLISHED, Contest.result_kind == kind)
    return list(db.session.scalars(wanted.order_by(Contest.id)))


def _entries(contest: int) -> list[int]:
    wanted = select(Entry.id).where(Entry.contest_id == contest, Entry.state == EntryState.ENROLLED)
    return list(db.session.scalars(wanted.order_by(Entry.id)))
