"""Which people were let in by two gates, so that the lead must look?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from festival.checkin.desk import scans_of
from festival.checkin.models import Admission, Scan
from festival.core.clock import now
from festival.core.database import db
from festival.passes.models import Pass
from festival.roster.models import Delegation, Family, Person


@dataclass(frozen=True, slots=True)
class Twice:
    """A pass seen at two gates: the later scan let nobody new in."""

    owner: str
    gate: str
    at: datetime
    first_gate: str
    first_at: datetime


def scanned_twice(festival_id: int, window: str) -> list[Twice]:
    """Scans of this day that admitted nobody while another gate had: what the lead should look at."""
    first = (
        select(Admission.scan_id, Admission.purpose, Person.code)
        .join(Person, Person.id == Admission.person_id)
        .where(Admission.festival_id == festival_id, Admission.day_window == window, ~Admission.annulled)
    )
    counted = {(row.code, row.purpose): row.scan_id for row in db.session.execute(first)}
    wanted = (
        select(Scan.__table__, func.coalesce(Family.name, Delegation.name, Person.name, "").label("owner"))
        .outerjoin(Pass, Pass.id == Scan.pass_id)
        .outerjoin(Family, Family.id == Pass.family_id)
        .outerjoin(Delegation, Delegation.id == Pass.delegation_id)
        .outerjoin(Person, Person.id == Pass.person_id)
        .where(Scan.day_window == window, Scan.way == "in", ~Scan.undone)
    )
    scans = {row.id: row for row in db.session.execute(scans_of(festival_id, wanted))}
    found = []
    for scan in scans.values():
        keys = [(code, scan.purpose) for code in scan.persons]
        winners = [scans[counted[key]] for key in keys if key in counted and counted[key] in scans]
        others = [winner for winner in winners if winner.id != scan.id and winner.gate != scan.gate]
        if others and len(others) == len(winners):
            earliest = min(others, key=lambda winner: winner.at_ms)
            found.append(Twice(scan.owner, scan.gate, _moment(scan.at_ms), earliest.gate, _moment(earliest.at_ms)))
    return found


def _moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, tz=now().tzinfo)
