"""Which people were let in by two gates, so that the lead must look?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from festival.checkin.desk import scans_of
from festival.checkin.models import Admission, Scan
from festival.checkin.offline_list import gate_list, list_stamp
from festival.core.clock import now
from festival.core.database import db
from festival.roster.models import Person


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
        select(Admission.scan_id, Person.code)
        .join(Person, Person.id == Admission.person_id)
        .where(Admission.festival_id == festival_id, Admission.day_window == window, ~Admission.annulled)
    )
    counted: dict[str, int] = {row.code: row.scan_id for row in db.session.execute(first)}
    scans = {row.id: row for row in db.session.scalars(scans_of(festival_id).where(Scan.day_window == window))}
    every = gate_list(festival_id, list_stamp(festival_id)).cards.values()
    owners = {card.pass_id: str(card.record["name"]) for card in every}
    found = []
    for scan in scans.values():
        if scan.way == "out" or scan.undone:
            continue
        winners = [scans[counted[code]] for code in scan.persons if code in counted and counted[code] in scans]
        winners = [winner for winner in winners if winner.purpose == scan.purpose]
        others = [winner for winner in winners if winner.id != scan.id and winner.gate != scan.gate]
        if others and len(others) == len(winners):
            earliest = min(others, key=lambda winner: winner.at_ms)
            found.append(
                Twice(
                    owners.get(scan.pass_id, ""), scan.gate, _moment(scan.at_ms), earliest.gate, _moment(earliest.at_ms)
                )
            )
    return found


def _moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, tz=now().tzinfo)
