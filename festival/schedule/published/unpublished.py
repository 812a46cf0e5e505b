"""In how much does the draft differ from the version that holds? Counted without reading a name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import once
from festival.roster.models import Entry, EntryState
from festival.schedule.changes import changes
from festival.schedule.later.models import LaterMatch
from festival.schedule.later.reading import told_matches
from festival.schedule.models import Act, Session, Stage
from festival.schedule.published.standing import standing


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
    placed = db.session.execute(
        select(LaterMatch, Stage.code.label("stage"), Stage.name)
        .join(LaterMatch.contest)
        .join(Session, Session.id == LaterMatch.session_id)
        .join(Stage, Stage.id == Session.stage_id)
        .where(Stage.festival_id == festival_id)
        .options(contains_eager(LaterMatch.contest))
    ).all()
    told = {each.match.code: each for each in told_matches([row.LaterMatch for row in placed])}
    after += [
        _act(row.LaterMatch.code, row.stage, row.name, row.LaterMatch.starts_at)
        for row in placed
        if not told[row.LaterMatch.code].off
    ]
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
