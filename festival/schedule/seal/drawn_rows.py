"""What was changed after draws, trials, meetings and minutes in the tables, as the ledger should tell them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.database import db
from festival.core.seal.compare import Key, SealCounts, SealDifference, compare
from festival.papers.draw_minutes import DrawMinutes, DrawMinutesPage
from festival.papers.returned import pages_read, sheet_columns, sheet_read
from festival.schedule.drawn.models import DrawChange, DrawMeeting, StageTrial
from festival.schedule.models import Draw, Stage
from festival.schedule.seal.drawn_recorded import DrawnRecord

Found = Iterator[tuple[Key, Mapping[str, Any]]]
AT_ONCE = 20  # papers in memory


def drawn_differences(record: DrawnRecord, festival_id: int | None, counts: SealCounts) -> Iterator[SealDifference]:
    """What the record and the tables say differently."""
    yield from compare(record.changes, _changes(festival_id), counts)
    yield from compare(record.trials, _trials(festival_id), counts)
    yield from compare(record.meetings, _meetings(festival_id), counts)
    yield from compare(record.minutes, _minutes(festival_id), counts)
    yield from compare(record.pages, _pages(festival_id), counts)


def _changes(festival_id: int | None) -> Found:
    wanted = (
        select(DrawChange)
        .join(Draw, Draw.id == DrawChange.draw_id)
        .join(Contest, Contest.id == Draw.contest_id)
        .where(Contest.festival_id == festival_id)
    )
    columns = ("entries", "heads", "seed", "reason", "made_by", "undone_by", "undone_why")
    for row in db.session.scalars(wanted):
        yield (row.id,), {"kind": row.kind.value, **{name: getattr(row, name) for name in columns}}


def _trials(festival_id: int | None) -> Found:
    wanted = (
        select(Contest.code, Stage.code.label("stage"), StageTrial.starts_at, StageTrial.minutes, StageTrial.taken_back)
        .join(Contest, Contest.id == StageTrial.contest_id)
        .join(Stage, Stage.id == StageTrial.stage_id)
        .where(Contest.festival_id == festival_id)
    )
    for row in db.session.execute(wanted):
        yield (row.code,), {**row._asdict(), "starts_at": local(row.starts_at).isoformat()}


def _meetings(festival_id: int | None) -> Found:
    columns = ("place", "chair", "secretary", "attendance", "witnesses", "contests", "dropped")
    for row in db.session.scalars(select(DrawMeeting).where(DrawMeeting.festival_id == festival_id)):
        yield (row.number,), {"held_on": row.held_on.isoformat(), **{name: getattr(row, name) for name in columns}}


def _minutes(festival_id: int | None) -> Found:
    """Every paper that was signed, with the digest of the bytes there are; of erased bytes the digest that stays."""
    wanted = select(DrawMinutes.id, *sheet_columns(DrawMinutes)).where(
        DrawMinutes.festival_id == festival_id, DrawMinutes.signed_at.is_not(None)
    )
    for row in db.session.execute(wanted.execution_options(yield_per=AT_ONCE)):
        yield (row.id,), sheet_read(row)


def _pages(festival_id: int | None) -> Found:
    """The digest of the pages of each sending."""
    page = DrawMinutesPage
    wanted = (
        select(page.minutes_id, page.turn, page.page, page.content, page.sha256)
        .join(DrawMinutes, DrawMinutes.id == page.minutes_id)
        .where(DrawMinutes.festival_id == festival_id)
        .order_by(page.minutes_id, page.turn, page.page)
        .execution_options(yield_per=AT_ONCE)
    )
    yield from pages_read(db.session.execute(wanted))
