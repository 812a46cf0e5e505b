"""A stage that was taken out is there again: what went with it (`editing.along`) comes back, as far as nothing stands instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.clock import from_local
from festival.core.database import db
from festival.schedule.drawn.trials import set_trial, trial_of
from festival.schedule.models import Draw, Stage
from festival.schedule.wishes.models import WishKind
from festival.schedule.wishing.deciding import WishValues, add_wish, set_takes


def come_along(festival_id: int, code: str, kept: Mapping[str, Sequence[Any]], by: int | None) -> None:
    """Slots of a contest that is drawn and is not tried elsewhere by now, pauses, and what the stage takes."""
    stage_id = db.session.scalar(select(Stage.id).where(Stage.festival_id == festival_id, Stage.code == code))
    for contest_id, starts_at, minutes in kept.get("trials", ()):
        drawn = db.session.scalar(select(Draw.id).where(Draw.contest_id == contest_id, Draw.voided_at.is_(None)))
        if drawn is not None and trial_of(contest_id) is None:
            set_trial(contest_id, code, _moment(starts_at), minutes, 0, by)
    for note, begins, ends in kept.get("pauses", ()):
        values = WishValues(
            WishKind.PAUSE, stage_id=stage_id, starts_at=_moment(begins), ends_at=_moment(ends), note=note
        )
        add_wish(festival_id, values, by)
    there = set(db.session.scalars(select(Contest.code).where(Contest.festival_id == festival_id)))
    takes = [each for each in kept.get("takes", ()) if each in there]
    if takes:
        set_takes(festival_id, code, takes, by)


def _moment(written: str) -> datetime:
    return from_local(datetime.fromisoformat(written))
