"""What has changed about who is in, as gates are told it?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from festival.checkin.models import Admission, Scan
from festival.core.database import db
from festival.roster.models import Person


def admissions_since(festival_id: int, since_ms: int, *, exits: bool) -> dict[str, Any]:
    """Rows changed since then: `admitted` who is let in, `annulled` who holds no admission any more.

    `outside`, only where exits are scanned: who of these went out and is not back; whoever is in `admitted` and not there
    is inside. Read `admitted` first.
    """
    changed = db.session.execute(
        select(
            Person.code,
            Admission.purpose,
            Admission.day_window,
            Admission.at_ms,
            Scan.gate,
            Admission.device_number,
            Admission.annulled,
            Admission.outside,
            Admission.last_ms,
        )
        .join(Person, Person.id == Admission.person_id)
        .join(Scan, Scan.id == Admission.scan_id)
        .where(Admission.festival_id == festival_id, Admission.changed_ms > since_ms)
    ).all()
    return {
        "admitted": [list(row[:6]) for row in changed if not row.annulled],
        "annulled": [list(row[:3]) for row in changed if row.annulled],
        "outside": [[row.code, row.last_ms, row.purpose, row.day_window] for row in changed if exits and row.outside],
    }
