"""What of the report goes on the day of the data, and what with the papers?

What was typed may name people: it goes with the data. What was made is a record of the organising body: it stays until the
day of the papers, its digests after that.
"""

from __future__ import annotations

from sqlalchemy import delete, select, update

from festival.ceremony.report.models import ReportFile, ReportLine, ReportVersion
from festival.core.database import db
from festival.editions.models import Festival

GONE = "–"  # where a column must hold something


def forget_typed(festival: Festival) -> None:
    """On the day of the data."""
    db.session.execute(delete(ReportLine).where(ReportLine.festival_id == festival.id))


def forget_made(festival: Festival) -> None:
    """On the day of the papers."""
    own = ReportVersion.festival_id == festival.id
    of_own = ReportFile.report_id.in_(select(ReportVersion.id).where(own))
    for statement in (
        update(ReportFile).where(of_own).values(content=b""),
        update(ReportVersion).where(own).values(content={}),
        update(ReportVersion).where(own, ReportVersion.taken_back_at.is_not(None)).values(reason=GONE),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
