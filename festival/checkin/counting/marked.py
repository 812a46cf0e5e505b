"""Which readings of a day does somebody have to answer for: those let in by force, and those taken back?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from festival.checkin.merge import DAY_BEGINS
from festival.checkin.models import Scan, ScanUndo
from festival.core.clock import from_local
from festival.core.database import db
from festival.devices.models import Mutation
from festival.passes.models import Pass
from festival.roster.models import Delegation, Family, Person


@dataclass(frozen=True, slots=True)
class MarkedScan:
    """`owner` "" of a pass nobody knows; `forced`, `undone`: the reasons given, "" when it was not."""

    owner: str
    gate: str
    at: datetime
    people: int
    forced: str
    not_allowed: bool
    undone: str


def marked_scans(festival_id: int, day: date, most: int) -> tuple[list[MarkedScan], int]:
    """The last of that festival day, newest first, and how many there are; one statement."""
    begins = from_local(datetime.combine(day, time())) + DAY_BEGINS
    first, last = (int(each.timestamp() * 1000) for each in (begins, begins + timedelta(days=1)))
    of_undo = aliased(Mutation)
    rows = db.session.execute(
        select(
            func.coalesce(Family.name, Delegation.name, Person.name, "").label("owner"),
            Scan.gate,
            Scan.at_ms,
            Scan.persons,
            Scan.unnamed,
            Scan.forced,
            Scan.not_allowed,
            Scan.undone,
            Mutation.body,
            of_undo.body.label("undo_body"),
            func.count().over().label("every"),
        )
        .outerjoin(Pass, Pass.id == Scan.pass_id)
        .outerjoin(Family, Family.id == Pass.family_id)
        .outerjoin(Delegation, Delegation.id == Pass.delegation_id)
        .outerjoin(Person, Person.id == Pass.person_id)
        .outerjoin(Mutation, Mutation.mid == Scan.mid)
        .outerjoin(ScanUndo, and_(ScanUndo.scan_mid == Scan.mid, Scan.undone, _FIRST))
        .outerjoin(of_undo, and_(of_undo.device_id == ScanUndo.device_id, of_undo.seq == ScanUndo.seq))
        .where(
            Scan.festival_id == festival_id,
            Scan.at_ms >= first,
            Scan.at_ms < last,
            or_(Scan.forced, Scan.undone),
        )
        .order_by(Scan.at_ms.desc(), Scan.device_number.desc(), Scan.seq.desc())
        .limit(most)
    ).all()
    return [_marked(row) for row in rows], rows[0].every if rows else 0


_OTHER = aliased(ScanUndo)
# Who takes back what was taken back already changes nothing: the first one's reason is shown.
_FIRST = ScanUndo.id == select(func.min(_OTHER.id)).where(_OTHER.scan_mid == Scan.mid).correlate(Scan).scalar_subquery()


def _marked(row: Any) -> MarkedScan:
    forced = (row.body or {}).get("force") or {}
    return MarkedScan(
        row.owner,
        row.gate,
        datetime.fromtimestamp(row.at_ms / 1000, tz=UTC),
        len(row.persons) + row.unnamed,
        str(forced.get("reason", "—")) if row.forced else "",
        row.not_allowed,
        str((row.undo_body or {}).get("reason", "—")) if row.undone else "",
    )
