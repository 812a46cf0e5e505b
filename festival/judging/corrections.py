"""What did a measured result or a final order say before it was corrected?

Whoever saw the old one sees that it was corrected, when, and what it was: nothing that was public changes silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from festival.contests.counting.final_order import places_of
from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.judging.models import Measure, MeasureRevision, MeasureState


@dataclass(frozen=True, slots=True)
class Correction:
    """The last time a result was changed, and what it was: a try of a state, or a place of a final order."""

    at: datetime
    round: int
    state: MeasureState
    value: int | None
    place: int | None = None


def keep_revision(contest: Contest, content: dict[str, Any], by: int | None, of: Measure | None = None) -> None:
    """Keep what stands before it is changed; `of` is the try, none for the final order."""
    db.session.add(
        MeasureRevision(
            contest_id=contest.id,
            entry_id=of.entry_id if of else None,
            round=of.round if of else None,
            content=content,
            changed_by=by,
            changed_at=now(),
        )
    )


def corrections_of(contest_ids: Sequence[int]) -> dict[int, Correction]:
    """The last correction of each entry that has one, by entry; of an order for each entry it placed."""
    found: dict[int, Correction] = {}
    if not contest_ids:
        return found
    stored = select(MeasureRevision).where(MeasureRevision.contest_id.in_(contest_ids)).order_by(MeasureRevision.id)
    for row in db.session.scalars(stored):
        if row.entry_id is not None:
            state = MeasureState(row.content["state"])
            found[row.entry_id] = Correction(row.changed_at, row.round or 1, state, row.content["value"])
            continue
        for place, group in places_of(row.content["places"]):
            for entry_id in group:
                found[entry_id] = Correction(row.changed_at, 1, MeasureState.VALID, None, place)
    return found
