"""What happened at the gates, the same bytes for every order in which it was delivered?"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from festival.checkin import merge
from festival.checkin.counting.undoing import seen
from festival.checkin.desk import scans_of
from festival.checkin.models import Scan, ScanUndo
from festival.core.database import db
from festival.editions.models import Festival
from festival.passes.models import Pass


def canonical_export(festival_id: int) -> dict[str, object]:
    """Scans, undoings and admissions as `merge.export` writes them."""
    code = db.session.scalars(select(Festival.code).where(Festival.id == festival_id)).one()
    issued = db.session.execute(select(Pass.id, Pass.list_id).where(Pass.festival_id == festival_id))
    list_ids = {row.id: row.list_id for row in issued}
    scans = [
        replace(
            seen(row),
            pass_id=list_ids[row.pass_id] if row.pass_id is not None else row.unknown_list,
            undone=False,  # said by the undoings themselves
        )
        for row in db.session.execute(scans_of(festival_id, select(Scan.__table__)))
    ]
    rows = db.session.scalars(select(ScanUndo).where(ScanUndo.festival_id == festival_id))
    undos = [
        merge.TakenBack(merge.Moment(row.at_ms, row.device_number, row.seq), row.scan_mid, row.by_lead) for row in rows
    ]
    return merge.export(code, scans, undos)
