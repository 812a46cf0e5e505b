"""What of the steps of results goes on the day of the papers? Pages, and reasons given meanwhile; digests stay, as in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, select

from festival.contests.models import Contest
from festival.core.database import Base
from festival.editions.models import Festival
from festival.papers.scans.award_sheets import AwardSheet
from festival.papers.scans.models import SignedScan, SignedScanPage, SignedScanUse
from festival.results.models import ResultTakenBack, StateChange, Unlocking

GONE = "–"  # where a column must hold something
TAKEN_BACK_GONE = {"reason": GONE, "published_note": "", "released_note": ""}


def emptied_steps(festival: Festival) -> Iterable[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]:
    """Which rows of an edition, and what stands in their place."""
    scans = select(SignedScan.id).where(SignedScan.festival_id == festival.id)
    contests = select(Contest.id).where(Contest.festival_id == festival.id)
    yield SignedScanPage, SignedScanPage.scan_id.in_(scans), {"content": b""}
    yield SignedScanUse, (SignedScanUse.festival_id == festival.id) & (SignedScanUse.reason != ""), {"reason": GONE}
    yield AwardSheet, AwardSheet.festival_id == festival.id, {"content": b"", "editable": b"", "said": {}}
    yield StateChange, StateChange.contest_id.in_(contests), {"note": "", "papers_reason": ""}
    yield Unlocking, Unlocking.contest_id.in_(contests), {"reason": GONE, "locked_note": ""}
    yield ResultTakenBack, ResultTakenBack.contest_id.in_(contests), TAKEN_BACK_GONE
