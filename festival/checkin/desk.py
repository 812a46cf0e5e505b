"""Who has arrived, and what happened at the gates?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import ngettext
from sqlalchemy import and_, func, or_, select

from festival.badges.models import BadgeHolder, BadgeKind
from festival.badges.queries import ClassLook, look_of
from festival.checkin.models import Admission, Scan
from festival.checkin.presence import has_come
from festival.core.database import db
from festival.devices.deliveries.typed_in import typed_in
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device
from festival.passes.models import Pass
from festival.roster.models import Delegation, Family, FamilyState, Person


def admitted_now(festival_id: int, persons: list[str], purpose: str, window: str) -> dict[str, tuple[int, str]]:
    """When and where each of these people was let in, by code."""
    rows = db.session.execute(
        select(Person.code, Admission.at_ms, Scan.gate)
        .join(Person, Person.id == Admission.person_id)
        .join(Scan, Scan.id == Admission.scan_id)
        .where(
            Admission.festival_id == festival_id,
            Person.code.in_(persons),
            Admission.purpose == purpose,
            Admission.day_window == window,
            ~Admission.annulled,
        )
    )
    return {row.code: (row.at_ms, row.gate) for row in rows}


@dataclass(frozen=True, slots=True)
class Arrival:
    """How much of a delegation is here."""

    delegation: str
    families: int
    families_here: int
    people: int
    people_here: int


def arrivals(festival_id: int, window: str) -> list[Arrival]:
    """Each delegation's families and people, and who of them is in on this festival day."""
    here = has_come(window)
    rows = db.session.execute(
        select(
            Delegation.name,
            func.count(func.distinct(Family.id)),
            func.count(func.distinct(Family.id)).filter(here),
            # A driver beside the families is joined to each of them and still one person.
            func.count(func.distinct(Person.id)),
            func.count(func.distinct(Person.id)).filter(here),
        )
        .select_from(Delegation)
        .outerjoin(Family, and_(Family.delegation_id == Delegation.id, Family.state == FamilyState.APPROVED))
        .outerjoin(
            Person,
            or_(
                and_(Person.family_id == Family.id, ~Person.out),
                and_(Person.family_id.is_(None), Person.delegation_id == Delegation.id, ~Person.out),
            ),
        )
        .where(Delegation.festival_id == festival_id)
        .group_by(Delegation.id, Delegation.name, Delegation.position)
        .order_by(Delegation.position, Delegation.name)
    )
    return [Arrival(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ClassInside:
    """How many people of a class take part, and how many of them are in."""

    look: ClassLook
    people: int
    people_here: int


def inside_by_class(festival_id: int, window: str) -> list[ClassInside]:
    """Everybody who has a pass, class by class: families whose registration is approved, and people outside families."""
    here = has_come(window)
    kind = (BadgeKind.code, BadgeKind.word, BadgeKind.symbol, BadgeKind.colour)
    rows = db.session.execute(
        select(Person.badge, *kind, func.count().label("people"), func.count().filter(here).label("here"))
        .select_from(Person)
        .outerjoin(Family, Family.id == Person.family_id)
        .outerjoin(BadgeHolder, BadgeHolder.person_id == Person.id)
        .outerjoin(BadgeKind, BadgeKind.id == BadgeHolder.kind_id)
        .where(
            Person.festival_id == festival_id,
            ~Person.out,
            or_(Person.family_id.is_(None), Family.state == FamilyState.APPROVED),
        )
        .group_by(Person.badge, *kind)
    )
    found = [ClassInside(look_of(row.badge, row), row.people, row.here) for row in rows]
    return sorted(found, key=lambda each: each.look.order)


def scan_words(festival_id: int, bodies: Sequence[dict[str, Any]]) -> list[str]:
    """Whose pass each of these scans read, an old one too, and how many were ticked; "" for a pass nobody issued."""
    asked = {str(body.get("pass")) for body in bodies}
    owner = func.coalesce(Family.name, Delegation.name, Person.name)
    rows = db.session.execute(
        select(Pass.list_id, owner)
        .outerjoin(Family, Family.id == Pass.family_id)
        .outerjoin(Delegation, Delegation.id == Pass.delegation_id)
        .outerjoin(Person, Person.id == Pass.person_id)
        .where(Pass.festival_id == festival_id, Pass.list_id.in_(asked))
    )
    names: dict[str, str] = {row[0]: row[1] for row in rows}
    words = []
    for body in bodies:
        name, ticked = names.get(str(body.get("pass")), ""), body.get("persons")
        count = len(ticked) if isinstance(ticked, list) else 0
        words.append(
            ngettext("%(name)s, %(num)d người", "%(name)s, %(num)d người", count, name=name) if name and count else name
        )
    return words


def undo_words(festival_id: int, bodies: Sequence[dict[str, Any]]) -> list[str]:
    """Whose reading each of these undoings takes back; "" of one that the server does not know."""
    mids = [str(body.get("scan")) for body in bodies]
    rows = db.session.execute(
        select(Scan.mid, Pass.list_id, Scan.persons)
        .join(Pass, Pass.id == Scan.pass_id)
        .where(Scan.festival_id == festival_id, Scan.mid.in_(mids))
    )
    read = {row.mid: {"pass": row.list_id, "persons": row.persons} for row in rows}
    return scan_words(festival_id, [read.get(mid, {}) for mid in mids])


def scans_of(festival_id: int, wanted: Any = None) -> Any:
    wanted = select(Scan) if wanted is None else wanted
    return wanted.where(Scan.festival_id == festival_id).order_by(Scan.at_ms, Scan.device_number, Scan.seq)


def gates_seen(festival_id: int) -> list[tuple[str, datetime | None]]:
    """Stations with a device that scans, and when each was last heard."""
    rows = db.session.execute(
        select(Device.station, func.max(Device.last_seen_at))
        .where(
            Device.festival_id == festival_id,
            Device.role.in_((DeviceRole.GATE, DeviceRole.LEAD, DeviceRole.DESK)),
            Device.revoked_at.is_(None),
            ~typed_in(),
        )
        .group_by(Device.station)
        .order_by(Device.station)
    )
    return [(row[0], row[1]) for row in rows]


def has_arrived(family_id: int) -> bool:
    """Whether anybody of the family was let in on any day."""
    return (
        db.session.scalar(
            select(Admission.id)
            .join(Person, Person.id == Admission.person_id)
            .where(Person.family_id == family_id, ~Admission.annulled)
            .limit(1)
        )
        is not None
    )
