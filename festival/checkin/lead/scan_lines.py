"""What was read at the gates, reading by reading, with the names it let in: so that the lead can take one back?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, cast, false, func, or_, select

from festival.checkin.lead.taking_back import given_back_id
from festival.checkin.models import Scan
from festival.core.database import db
from festival.core.names import fold
from festival.core.web.paging import ListPart, asked_part
from festival.devices.models import Mutation
from festival.devices.wire import EPOCH
from festival.passes.models import Pass
from festival.roster.models import Delegation, Family, Person
from festival.roster.shown.public_names import NameReader, names_held

LINES_A_PAGE = 25
SOUGHT = 40  # people a search may mean; more is no search


@dataclass(frozen=True, slots=True)
class ScanLine:
    """One reading: when, where, for what, whom it let in; why against the rule, why taken back ("" = not)."""

    mid: str
    at: datetime
    device: int
    station: str
    purpose: str
    out: bool
    owner: str
    names: tuple[str, ...]
    unnamed: int
    forced: str
    not_allowed: bool
    undone: bool
    undone_why: str
    given_back: bool  # taken back, and counting again by a later reading


def scan_lines(festival_id: int, search: str) -> tuple[list[ScanLine], ListPart]:
    """The latest first; with `search` those of a family or person of that name."""
    wanted = _sought(festival_id, search) if search else None
    condition = [Scan.festival_id == festival_id] + ([wanted] if wanted is not None else [])
    part = asked_part(db.session.scalar(select(func.count()).select_from(Scan).where(*condition)) or 0, LINES_A_PAGE)
    owner = func.coalesce(Family.name, Delegation.name, Person.name)
    rows = db.session.execute(
        select(Scan, owner.label("owner"), Pass.family_id)
        .outerjoin(Pass, Pass.id == Scan.pass_id)
        .outerjoin(Family, Family.id == Pass.family_id)
        .outerjoin(Delegation, Delegation.id == Pass.delegation_id)
        .outerjoin(Person, Person.id == Pass.person_id)
        .where(*condition)
        .order_by(Scan.at_ms.desc(), Scan.device_number, Scan.seq)
        .offset(part.offset)
        .limit(part.size)
    ).all()
    return _told(festival_id, rows), part


def _sought(festival_id: int, search: str) -> Any:
    words = [f"%{word}%" for word in fold(search).split()]
    people = db.session.scalars(
        select(Person.code)
        .outerjoin(Family, Family.id == Person.family_id)
        .where(
            Person.festival_id == festival_id,
            *(or_(Person.folded.like(word), Family.folded.like(word)) for word in words),
        )
        .limit(SOUGHT)
    ).all()
    persons = cast(Scan.__table__.c.persons, Text)
    return or_(false(), *(persons.contains(f'"{code}"') for code in people))


def _told(festival_id: int, rows: Sequence[Any]) -> list[ScanLine]:
    held = names_held(festival_id, NameReader.DEVICES)
    codes = sorted({code for row in rows for code in row.Scan.persons})
    people = db.session.execute(select(Person.code, Person.id, Person.name).where(Person.code.in_(codes)))
    names = {row.code: held.people.get(row.id, row.name) for row in people}
    mids = [row.Scan.mid for row in rows if row.Scan.mid]
    messages = db.session.execute(
        select(Mutation.mid, Mutation.kind, Mutation.subject, Mutation.body).where(
            or_(
                Mutation.mid.in_(mids),
                (Mutation.kind == "undo") & Mutation.subject.in_(mids) & (Mutation.verdict == "applied"),
            )
        )
    ).all()
    back = {given_back_id(row.Scan.mid): row.Scan.mid for row in rows if row.Scan.mid and row.Scan.undone}
    again = db.session.scalars(select(Scan.mid).where(Scan.mid.in_(back))).all() if back else ()
    given_back = {back[mid] for mid in again if mid}
    forced = {row.mid: row.body.get("force") for row in messages}
    undone = {row.subject: row.body.get("reason", "") for row in messages if row.kind == "undo"}
    return [
        ScanLine(
            mid=row.Scan.mid or "",
            at=EPOCH + timedelta(milliseconds=row.Scan.at_ms),
            device=row.Scan.device_number,
            station=row.Scan.gate,
            purpose=row.Scan.purpose,
            out=row.Scan.way == "out",
            owner=held.family(row.family_id, row.owner or "") if row.family_id else row.owner or "",
            names=tuple(names[code] for code in row.Scan.persons if code in names),
            unnamed=row.Scan.unnamed,
            forced=str((forced.get(row.Scan.mid) or {}).get("reason", "")) or ("–" if row.Scan.forced else ""),
            not_allowed=row.Scan.not_allowed,
            undone=row.Scan.undone,
            undone_why=str(undone.get(row.Scan.mid, "")),
            given_back=row.Scan.mid in given_back,
        )
        for row in rows
    ]
