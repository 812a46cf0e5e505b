"""How far is each stage, by what stands on it in the draft?"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select

from festival.core.database import db
from festival.roster.models import Entry, EntryState
from festival.schedule.later.reading import placed_matches_of, playing_of, told_matches
from festival.schedule.models import Act, Session, Stage
from festival.schedule.queries import OVER, stages


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage, how many acts of entries that take part and matches it has and how many of them are over (done or absent)."""

    stage: Stage
    acts: int
    done: int


def stage_rows(festival_id: int) -> list[StageRow]:
    """All stages with how far they are."""
    counts: dict[int, Counter[bool]] = defaultdict(Counter)
    for row in db.session.execute(
        select(Session.stage_id, Act.state, func.count(Act.id).label("acts"))
        .join(Act, Act.session_id == Session.id)
        .join(Entry, Entry.id == Act.entry_id)
        .where(Entry.state == EntryState.ENROLLED)
        .group_by(Session.stage_id, Act.state)
    ):
        counts[row.stage_id][row.state in OVER] += row.acts
    for each in playing_of(told_matches(placed_matches_of(festival_id))):
        if each.match.session is not None:
            counts[each.match.session.stage_id][each.match.state in OVER] += 1
    return [StageRow(stage, counts[stage.id].total(), counts[stage.id][True]) for stage in stages(festival_id)]
