"""Whose act was told to last other minutes than its contest gives, so that an organiser gives it just these with one tap?"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from festival.acts.models import ActVersion
from festival.contests.models import Contest
from festival.core.database import db
from festival.roster.models import Entry, EntryState
from festival.schedule.wishes.models import Wish, WishKind

MOST_OFFERED = 20


@dataclass(frozen=True, slots=True)
class OfferedMinutes:
    """An act by its code, as it is called, what was told of it and what its contest gives."""

    code: str
    name: str
    contest: str
    minutes: int
    usual: int


def offered_minutes(festival_id: int) -> list[OfferedMinutes]:
    """Those without minutes of their own yet, in the order of the contests; the first of them."""
    told = aliased(ActVersion)
    newest = select(func.max(told.version)).where(told.entry_id == Entry.id).correlate(Entry).scalar_subquery()
    has_own = select(Wish.id).where(
        Wish.entry_id == Entry.id, Wish.kind == WishKind.MINUTES, Wish.taken_back_at.is_(None)
    )
    rows = db.session.execute(
        select(Entry.code, Entry.name, Contest.name.label("contest"), ActVersion.minutes, Contest.duration_min)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(ActVersion, (ActVersion.entry_id == Entry.id) & (ActVersion.version == newest))
        .where(
            Contest.festival_id == festival_id,
            Entry.state == EntryState.ENROLLED,
            ActVersion.minutes != Contest.duration_min,
            ~has_own.correlate(Entry).exists(),
        )
        .order_by(Contest.position, Entry.number.is_(None), Entry.number, Entry.id)
        .limit(MOST_OFFERED)
    )
    return [OfferedMinutes(row.code, row.name, row.contest, row.minutes or 0, row.duration_min) for row in rows]
