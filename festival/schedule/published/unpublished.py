"""In how much does the draft differ from the version that holds? Counted without reading a name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import once
from festival.roster.models import Entry, EntryState
from festival.schedule.changes import changes
from festival.schedule.later.reading import later_matches
from festival.schedule.later.shown import matches_in_snapshot
from festival.schedule.models import Act, Session, Stage
from festival.schedule.published.standing import standing
from festival.schedule.timetable import sessions_alone


def unpublished(festival_id: int) -> int | None:
    """As many as `changes` would say in words; None while nothing is published. Three statements, whatever the size; a few more with matches of
    later rounds.
    """
    return once(("unpublished changes", festival_id), lambda: _count(festival_id))


def _count(festival_id: int) -> int | None:
    plan = standing(festival_id)
    if plan is None:
        return None
    before = [
        _act(code, place.session.stage, place.session.stage_name, place.starts_at)
        for code, place in plan.places.items()
    ]
    rows = db.session.execute(
        select(Entry.code, Stage.code.label("stage"), Stage.name, Act.starts_at)
        .join(Entry, Entry.id == Act.entry_id)
        .join(Session, Session.id == Act.session_id)
        .join(Stage, Stage.id == Session.stage_id)
        .where(Stage.festival_id == festival_id, Entry.state == EntryState.ENROLLED)
    )
    after = [_act(row.code, row.stage, row.name, row.starts_at) for row in rows]
    if later_matches(festival_id):
        after += matches_in_snapshot(sessions_alone(festival_id))
    return len(changes({"acts": before}, {"acts": after}))


def _act(entry: str, stage: str, stage_name: str, starts_at: Any) -> dict[str, Any]:
    return {
        "entry": entry,
        "name": "",
        "contest_name": "",
        "stage": stage,
        "stage_name": stage_name,
        "starts_at": local(starts_at).isoformat(),
    }
