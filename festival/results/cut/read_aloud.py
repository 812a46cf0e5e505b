"""Who goes on into a final, as the MC reads it: by the numbers of the round before, no place, no points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.results.ladder.states import reached
from festival.roster.models import Delegation, Entry, EntryState
from festival.roster.shown.public_names import names_held


@dataclass(frozen=True, slots=True)
class CalledFinalist:
    """Who is called: the number drawn for the round before, the name as its family agreed, the unit."""

    number: int | None
    name: str
    unit: str


def to_call(contests: Sequence[Contest]) -> list[Contest]:
    """The finals whose finalists may be called now: announced, and not yet over."""
    return [each for each in contests if each.cut_announced_at is not None and not reached(each, ContestState.RELEASED)]


def finalists(final: Contest) -> list[CalledFinalist]:
    """Empty before it is announced, and once the final has its own result to read."""
    if not to_call([final]):
        return []
    before = aliased(Entry)
    rows = db.session.execute(
        select(Entry.name, Entry.family_id, before.number, Delegation.name.label("unit"))
        .join(before, before.id == Entry.from_id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .where(Entry.contest_id == final.id, Entry.state == EntryState.ENROLLED)
        .order_by(before.number.is_(None), before.number, before.code)
    )
    held = names_held(final.festival_id)
    return [CalledFinalist(row.number, held.family(row.family_id, row.name), row.unit) for row in rows]
