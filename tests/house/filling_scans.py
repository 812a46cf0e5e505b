"""What pages of signed papers are opened with: the minutes of a published contest, sent once."""

from __future__ import annotations

from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.transaction import reading
from festival.papers.scans.models import SignedScanUse
from festival.papers.scans.needed import ScanKind
from tests.harness.scanned import scanned


def signed_scan(festival_id: int, by: int | None) -> int:
    """Which use of which sending; the same when it is asked for again."""
    with reading():
        before = db.session.scalar(select(SignedScanUse.id).where(SignedScanUse.festival_id == festival_id))
        read = select(Contest.id).where(Contest.festival_id == festival_id, Contest.state == ContestState.PUBLISHED)
        contest_id = db.session.scalars(read.order_by(Contest.position)).first()
    if before is not None or contest_id is None:
        return before or 0
    scanned([contest_id], [ScanKind.MINUTES], by=by)
    return signed_scan(festival_id, by)
