"""Which incidents of two gates are open, and how is one closed with a word, and opened again?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from festival.accounts.models import User
from festival.checkin.counting.incidents import GateIncident, incidents
from festival.checkin.counting.undoing import seen
from festival.checkin.desk import scans_of
from festival.checkin.lead.models import IncidentWord
from festival.checkin.lead.reasons import reason_typed
from festival.checkin.models import Scan
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass, table
from festival.core.web.errors import Overtaken
from festival.devices.wire import EPOCH
from festival.editions.models import Festival
from festival.roster.models import Family, Person
from festival.roster.shown.public_names import NameReader, names_held

LOOKED_BACK = timedelta(days=4)  # before the last reading: a festival, and the day after it


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident with the names of whom it is about; `version` 0: nobody has said anything of it."""

    incident: GateIncident
    key: str
    names: tuple[str, ...]
    families: tuple[str, ...]
    closed: bool
    word: str
    by: str
    said_at: datetime | None
    version: int

    @property
    def scans(self) -> list[tuple[int, str, datetime]]:
        """(number of the device, its station, when), in the order in which they happened."""
        return [
            (scan.moment.device, scan.gate, EPOCH + timedelta(milliseconds=scan.moment.at_ms))
            for scan in self.incident.scans
        ]


def incident_lines(festival_id: int) -> tuple[list[IncidentLine], list[IncidentLine]]:
    """(open, closed), the latest first."""
    found = _now(festival_id)
    said = _said(festival_id)
    names = _names(festival_id, {person for each in found for person in each.persons})
    lines = [_line(each, said.get(incident_key(each)), names) for each in found]
    return [line for line in lines if not line.closed], [line for line in lines if line.closed]


def say_of_incident(festival: Festival, key: str, typed: str, *, closed: bool, was: int, by: int | None) -> None:
    """Close it with a word, or open it again. Overtaken when it has changed, or somebody else has spoken meanwhile."""
    word = reason_typed(typed)
    if key not in {incident_key(each) for each in _now(festival.id)}:
        raise Overtaken(_("Lượt trùng này vừa đổi: có lượt mới, hoặc một lượt đã được hoàn tác. Xem lại bên dưới."))
    values: dict[str, Any] = {
        "word": word, "closed": closed, "version": was + 1, "decided_by": by, "decided_at": now(),
    }  # fmt: skip
    statement: Any
    if was == 0:
        statement = insert_or_pass(IncidentWord).values(festival_id=festival.id, scans=key, **values)
        statement = statement.on_conflict_do_nothing(index_elements=["festival_id", "scans"])
    else:
        own = IncidentWord.festival_id == festival.id, IncidentWord.scans == key, IncidentWord.version == was
        statement = update(IncidentWord).where(*own).values(values)
    if db.session.execute(statement.returning(IncidentWord.id)).one_or_none() is None:
        raise Overtaken(_("Người khác vừa ghi về lượt trùng này. Xem lại rồi ghi tiếp nếu cần."))
    ledger.append(
        f"checkin:{festival.code}",
        "incident_said",
        {"scans": key, "closed": closed, "version": was + 1},
        {"word": word, "by": by},
    )


def _now(festival_id: int) -> list[GateIncident]:
    latest = select(func.max(Scan.at_ms)).where(Scan.festival_id == festival_id).scalar_subquery()
    back_ms = int(LOOKED_BACK.total_seconds() * 1000)
    wanted = scans_of(festival_id, select(table(Scan))).where(Scan.at_ms >= latest - back_ms)
    return incidents(seen(row) for row in db.session.connection().execute(wanted))[::-1]


def incident_key(incident: GateIncident) -> str:
    """What an incident is called: one more scan, or one less, and it is another."""
    places = sorted((scan.moment.device, scan.moment.seq) for scan in incident.scans)
    return "|".join([incident.purpose, incident.window, *(f"{device}.{seq}" for device, seq in places)])


def _said(festival_id: int) -> dict[str, Any]:
    rows = db.session.execute(
        select(IncidentWord, User.name)
        .outerjoin(User, User.id == IncidentWord.decided_by)
        .where(IncidentWord.festival_id == festival_id)
    )
    return {row.IncidentWord.scans: row for row in rows}


def _names(festival_id: int, codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Person → name and family, as a gate reads them."""
    held = names_held(festival_id, NameReader.DEVICES)
    rows = db.session.execute(
        select(Person.code, Person.id, Person.name, Person.family_id, Family.name.label("family"))
        .outerjoin(Family, Family.id == Person.family_id)
        .where(Person.festival_id == festival_id, Person.code.in_(sorted(codes)))
    )
    return {
        row.code: (held.people.get(row.id, row.name), held.family(row.family_id, row.family) if row.family else "")
        for row in rows
    }


def _line(incident: GateIncident, said: Any, names: dict[str, tuple[str, str]]) -> IncidentLine:
    who = [names.get(person, ("", "")) for person in incident.persons]
    row = said.IncidentWord if said is not None else None
    return IncidentLine(
        incident=incident,
        key=incident_key(incident),
        names=tuple(name for name, _family in who if name),
        families=tuple(dict.fromkeys(family for _name, family in who if family)),
        closed=row is not None and row.closed,
        word=row.word if row is not None else "",
        by=(said.name or "") if said is not None else "",
        said_at=row.decided_at if row is not None else None,
        version=row.version if row is not None else 0,
    )
