"""In how much does the draft differ from the version that holds? Counted without reading a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import once
from festival.roster.models import Entry, EntryState
from festival.schedule.changes import changes
from festival.schedule.later.reading import ToldMatch, placed_matches_of, playing_of, told_matches
from festival.schedule.models import Act, Session, Stage
from festival.schedule.published.standing import standing


def unpublished(festival_id: int, told: Iterable[ToldMatch] | None = None) -> int | None:
    """As many as `changes` would say in words; None while nothing is published. `told`: all matches of later rounds, where they
    have been read. Three statements at most, whatever the size, and two more with such matches.
    """
    return once(("unpublished changes", festival_id), lambda: _count(festival_id, told))


def _count(festival_id: int, told: Iterable[ToldMatch] | None) -> int | None:
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
    matches = told_matches(placed_matches_of(festival_id)) if told is None else told
    for each in playing_of(matches):
        if each.match.session is not None:
            stage = each.match.session.stage
            after.append(_act(each.match.code, stage.code, stage.name, each.match.begins))
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
