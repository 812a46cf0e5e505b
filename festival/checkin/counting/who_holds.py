"""Whom does each pass of a delivery stand for, and how do the gates of its festival work? One statement for the usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, literal, or_, select

from festival.checkin.decide import KnownPass
from festival.checkin.models import Scan, ScanUndo
from festival.checkin.purposes.known import Gates, gates_at
from festival.checkin.purposes.models import GateSetting
from festival.checkin.purposes.windows import Purpose
from festival.core.driver.prepared import Prepared
from festival.core.driver.rows import among, json_rows, listed, source
from festival.core.statements import table
from festival.core.transaction import open_connection
from festival.editions.models import Festival
from festival.passes.models import Pass
from festival.roster.models import BadgeClass, Departure, Family, FamilyState, Person

_PASS = table(Pass)
_PERSON = table(Person)
_FAMILY = table(Family)
_FESTIVAL = table(Festival)
_SETTING = table(GateSetting)
_UNDO = table(ScanUndo)
_SCAN = table(Scan)

_APPROVED = _FAMILY.c.state == FamilyState.APPROVED
# A list of this morning may still name somebody who left since: the server lets the others in.
_TAKES_PART = ~exists().where(Departure.person_id == _PERSON.c.id, Departure.back_at.is_(None)).correlate(_PERSON)


def _against_the_clock(database: str) -> ColumnElement[int]:
    """How many of `rows` have a reading of their device before them that is later, or one after them that is earlier.

    Each asks for one line of an index, by its order: nothing grows with what is stored.
    """
    new = source(_SCAN, database, ("device_id", "device_number", "seq", "at_ms"))
    later = (
        select(_SCAN.c.seq)
        .where(
            _SCAN.c.festival_id == bindparam("festival"),
            _SCAN.c.at_ms > new["at_ms"],
            _SCAN.c.device_number == new["device_number"],
            _SCAN.c.seq < new["seq"],
        )
        .order_by(_SCAN.c.at_ms)
        .limit(1)
    )
    earlier = (
        select(_SCAN.c.seq)
        .where(
            _SCAN.c.device_id == new["device_id"],
            _SCAN.c.seq > new["seq"],
            _SCAN.c.at_ms < new["at_ms"],
        )
        .order_by(_SCAN.c.seq)
        .limit(1)
    )
    against = or_(later.scalar_subquery().is_not(None), earlier.scalar_subquery().is_not(None))
    return select(func.count(new["seq"])).where(against).scalar_subquery()


def _passes(database: str) -> Select[Any]:
    """A family's pass, the usual one, comes with its people in the same statement; the festival's line at any rate."""
    early = select(func.count()).select_from(_UNDO).where(among(_UNDO.c.scan_mid, "mids", database)).scalar_subquery()
    shown = and_(_PASS.c.festival_id == _FESTIVAL.c.id, among(_PASS.c.list_id, "lists", database))
    return (
        select(
            _PASS.c.id,
            _PASS.c.list_id,
            _PASS.c.replaced_at,
            _PASS.c.family_id,
            _PASS.c.delegation_id,
            _PASS.c.person_id,
            _FESTIVAL.c.code.label("festival_code"),
            _FESTIVAL.c.starts_on,
            _SETTING.c.version.label("gates_version"),
            _SETTING.c.countdown_s,
            _SETTING.c.exits,
            _PERSON.c.id.label("member_id"),
            _PERSON.c.code.label("member_code"),
            case((and_(_APPROVED, _TAKES_PART), literal(1)), else_=literal(0)).label("takes_part"),
            early.label("early_undos"),
            _against_the_clock(database).label("jumped"),
        )
        .select_from(
            _FESTIVAL.outerjoin(_SETTING, _SETTING.c.festival_id == _FESTIVAL.c.id)
            .outerjoin(_PASS, shown)
            .outerjoin(_FAMILY, _FAMILY.c.id == _PASS.c.family_id)
            .outerjoin(_PERSON, _PERSON.c.family_id == _FAMILY.c.id)
        )
        .where(_FESTIVAL.c.id == bindparam("festival"))
    )


_PASSES = Prepared(_passes)
_MEMBER_COLUMNS = (_PERSON.c.id, _PERSON.c.code, _PERSON.c.badge, _PERSON.c.family_id, _PERSON.c.delegation_id)
_OF_DELEGATIONS = (
    select(*_MEMBER_COLUMNS[:4], _FAMILY.c.delegation_id)
    .join(_FAMILY, _FAMILY.c.id == _PERSON.c.family_id)
    .where(_FAMILY.c.delegation_id.in_(bindparam("delegations", expanding=True)), _APPROVED, _TAKES_PART)
    .union_all(
        select(*_MEMBER_COLUMNS).where(
            _PERSON.c.family_id.is_(None),
            _PERSON.c.delegation_id.in_(bindparam("delegations", expanding=True)),
            _TAKES_PART,
        )
    )
)
_PERSONS = (
    select(*_MEMBER_COLUMNS)
    .outerjoin(_FAMILY, _FAMILY.c.id == _PERSON.c.family_id)
    .where(_PERSON.c.id.in_(bindparam("persons", expanding=True)), or_(_PERSON.c.family_id.is_(None), _APPROVED))
)


Clock = Mapping[str, int]
"""A reading of a device's clock: device_id, device_number, seq, at_ms."""


@dataclass(frozen=True, slots=True)
class PassMember:
    """Somebody a pass stands for; `takes_part`: approved, and not gone."""

    id: int
    code: str
    badge: str
    takes_part: bool = True


@dataclass(slots=True)
class PassesShown:
    """What a delivery's passes are. `early_undos`: some of its readings were taken back before they came.

    `jumped`: the clock of one of its devices has gone backwards between a reading of it and one that is known.
    """

    festival_code: str
    starts_on: date
    gates: Gates
    early_undos: bool
    jumped: bool
    pass_ids: dict[str, int] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    members: dict[str, list[PassMember]] = field(default_factory=dict)

    def person_ids(self) -> dict[str, int]:
        return {member.code: member.id for of_pass in self.members.values() for member in of_pass}

    def known(self, list_id: str, purpose: Purpose) -> KnownPass | None:
        if list_id not in self.pass_ids:
            return None
        there = self.members.get(list_id, [])
        return KnownPass(
            list_id in self.replaced,
            tuple(each.code for each in there if each.takes_part and purpose.takes(each.badge)),
            tuple(each.code for each in there if not each.takes_part),
            tuple(each.code for each in there if each.takes_part and not purpose.takes(each.badge)),
        )


def holders(festival_id: int, lists: Sequence[str], mids: Sequence[str], clocks: Sequence[Clock]) -> PassesShown:
    """Everybody each pass stands for; a family that is not approved has nobody who takes part.

    `clocks`: readings of a device's clock in the delivery, of each device the newest with the least time and the oldest
    with the greatest are enough.
    """
    connection = open_connection()
    database = connection.dialect.name
    lines = _PASSES(
        connection,
        {
            "festival": festival_id,
            "lists": listed(lists, database),
            "mids": listed(mids, database),
            "rows": json_rows(clocks),
        },
    )
    first = lines[0]
    gates = gates_at(festival_id, first.gates_version, first.countdown_s, first.exits)
    found = PassesShown(first.festival_code, first.starts_on, gates, bool(first.early_undos), bool(first.jumped))
    for row in lines:
        if row.list_id is None:
            continue
        found.pass_ids[row.list_id] = row.id
        if row.replaced_at is not None:
            found.replaced.add(row.list_id)
        if row.member_id is not None:
            member = PassMember(row.member_id, row.member_code, BadgeClass.FAMILY.value, bool(row.takes_part))
            found.members.setdefault(row.list_id, []).append(member)
    _others(lines, found.members)
    return found


def _others(lines: Sequence[Any], members: dict[str, list[PassMember]]) -> None:
    """The people of passes of a delegation or of one person."""
    connection = open_connection()
    delegations = {row.delegation_id: row.list_id for row in lines if row.delegation_id is not None}
    persons = {row.person_id: row.list_id for row in lines if row.person_id is not None}
    if delegations:
        for row in connection.execute(_OF_DELEGATIONS, {"delegations": list(delegations)}):
            _add(members, delegations[row.delegation_id], row)
    if persons:
        for row in connection.execute(_PERSONS, {"persons": list(persons)}):
            _add(members, persons[row.id], row)


def _add(members: dict[str, list[PassMember]], list_id: str, row: Any) -> None:
    members.setdefault(list_id, []).append(PassMember(row.id, row.code, str(row.badge)))
