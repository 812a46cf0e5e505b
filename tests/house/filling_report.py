"""What pages of the report are opened with: a typed line, and a version with its documents."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select

from festival.ceremony.report import lines, versions
from festival.ceremony.report.lines import LineTyped
from festival.ceremony.report.models import ReportFile, ReportForm, ReportLine, ReportLineKind
from festival.core.clock import now
from festival.core.database import db
from festival.editions.models import Festival


def reported(festival: Festival, by: int | None) -> dict[str, object]:
    """By the names in addresses, the same when it is asked for again; what stands in the documents is no page's matter."""
    before = db.session.scalar(select(ReportLine.id).where(ReportLine.festival_id == festival.id))
    return {"table": "units", "group": "commended", "line_id": before or _typed(festival, by), "form": "pdf"}


def _typed(festival: Festival, by: int | None) -> int:
    row = lines.add_line(festival, ReportLineKind.EXPENDITURE, LineTyped("Âm thanh", "Phiếu chi 5", 12_500_000), by)
    made = versions.make_version(festival.id, by)
    for form in ReportForm:
        content = form.value.encode()
        db.session.add(
            ReportFile(
                report_id=made.id, form=form, content=content, sha256=sha256(content).hexdigest(), drawn_at=now()
            )
        )
    return row.id
