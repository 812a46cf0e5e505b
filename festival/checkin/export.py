"""What happened at the gates, the same bytes for every order in which it was delivered?"""

from __future__ import annotations

from sqlalchemy import select

from festival.checkin import merge
from festival.checkin.desk import scans_of
from festival.core.database import db
from festival.editions.models import Festival
from festival.passes.models import Pass


def canonical_export(festival_id: int) -> dict[str, object]:
    """Scans and admissions as `admission.export` writes them."""
    code = db.session.scalars(select(Festival.code).where(Festival.id == festival_id)).one()
    issued = db.session.execute(select(Pass.id, Pass.list_id).where(Pass.festival_id == festival_id))
    list_ids = {row.id: row.list_id for row in issued}
    scans = [
        merge.SeenScan(
            merge.Moment(row.at_ms, row.device_number, row.seq),
            row.gate,
            list_ids[row.pass_id],
            row.purpose,
            row.day_window,
            tuple(row.persons),
        )
        for row in db.session.scalars(scans_of(festival_id))
    ]
    return merge.export(code, scans)
