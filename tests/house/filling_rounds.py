"""What the pages of a round are opened with: after a published contest that judges mark, a final whose entries are announced."""

from __future__ import annotations

from sqlalchemy import select

from festival.contests.models import Contest, ContestState, ResultKind, Secrecy
from festival.core.clock import now
from festival.core.database import db
from festival.results.models import Standing
from festival.roster.deriving.derived import derive_entries
from festival.roster.models import Entry, EntryState


def rounds() -> None:
    """Of the first published one; asked again there is nothing more to do."""
    wanted = Contest.state == ContestState.PUBLISHED, Contest.result_kind == ResultKind.RUBRIC
    before = db.session.scalars(select(Contest).where(*wanted).order_by(Contest.id).limit(1)).one()
    if db.session.scalar(select(Contest.id).where(Contest.code == "chung-ket")) is not None:
        return
    final = Contest(
        festival_id=before.festival_id, code="chung-ket", name="Chung kết", position=900, result_kind=ResultKind.RUBRIC,
        secrecy=Secrecy.SECRET, entries_per_delegation=1, duration_min=5, panel_size=3, tie_ladder=[], place_points=[],
        prizes=[], special_prizes=[], entries_from_id=before.id,
        after={"contest": before.code, "take": 3, "weight": 30_000}, cut_announced_at=now(),
        state=ContestState.PUBLISHED,  # nothing waits for it when everything is to be published
    )  # fmt: skip
    db.session.add(final)
    db.session.flush()
    first = (
        select(Entry.id, Entry.code, Standing.place, Standing.score_milli)
        .join(Standing, Standing.entry_id == Entry.id)
        .where(Entry.contest_id == before.id, Entry.state == EntryState.ENROLLED, Standing.place.is_not(None))
    )
    rows = db.session.execute(first.order_by(Standing.place, Entry.id).limit(3)).all()
    made = derive_entries(final, [row.id for row in rows])
    final.cut = {
        "lines": [
            {"entry": own.code, "from": row.code, "place": row.place, "value": row.score_milli}
            for own, row in zip(made, rows, strict=True)
        ]
    }
