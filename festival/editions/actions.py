"""What can happen to an edition and to the list of units: imported, opened, closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from festival.core import ledger
from festival.core.clock import from_local, now
from festival.core.database import db
from festival.core.names import fold
from festival.core.web.errors import BadInput, NotFound
from festival.editions.choosing import choose_if_none
from festival.editions.models import Festival, Phase, PhaseKind, Unit, UnitLevel, UnitSuccession
from festival.editions.retention import day_was_set
from festival.editions.rules.ruleset import Ruleset
from festival.editions.unit_history import UnitFile, UnitRecord

KEPT_DAYS = 180
MOST_FAMILIES = 10_000
DISTRICT_KINDS = frozenset({"Huyện", "Quận", "Thị xã", "Thành phố"})


@dataclass(frozen=True, slots=True)
class UnitsImported:
    """How many units and successions were new, how many known before."""

    new_units: int
    known_units: int
    new_successions: int


def import_units(file: UnitFile) -> UnitsImported:
    """Store a list of units; what is known already stays as it is, so importing twice changes nothing.

    BadInput when a succession names a unit that is not there: then nothing of the file is kept.
    """
    known = {unit.key: unit for unit in db.session.scalars(select(Unit))}
    before = len(known)
    by_code = {record.code: record for record in file.units}
    for record in sorted(file.units, key=lambda each: _depth(each, by_code)):
        key = unit_key(record)
        if key in known:
            continue
        parent = known[unit_key(by_code[record.parent_code])] if record.parent_code else None
        unit = Unit(
            key=key,
            level=_level(record),
            kind=record.kind,
            name=record.name,
            folded=fold(record.name),
            official_code=record.code,
            parent=parent,
            valid_from=record.period.first,
            valid_to=record.period.last,
        )
        db.session.add(unit)
        known[key] = unit
    db.session.flush()
    return UnitsImported(len(known) - before, len(file.units) - (len(known) - before), _import_successions(file, known))


def _import_successions(file: UnitFile, known: Mapping[str, Unit]) -> int:
    held = {
        (row.old_id, row.new_id) for row in db.session.execute(select(UnitSuccession.old_id, UnitSuccession.new_id))
    }
    new = 0
    for succession in file.successions:
        eve = succession.on - timedelta(days=1)
        old = next((u for u in known.values() if u.official_code == succession.from_code and _held(u, eve)), None)
        then = next(
            (u for u in known.values() if u.official_code == succession.to_code and _held(u, succession.on)), None
        )
        if old is None or then is None:
            code = succession.from_code if old is None else succession.to_code
            raise BadInput(
                _("Chưa có đơn vị mã %(code)s. Nhập danh sách đơn vị cũ và mới trước, rồi nhập lại tệp này.", code=code)
            )
        if (old.id, then.id) not in held:
            db.session.add(UnitSuccession(old_id=old.id, new_id=then.id, effective_on=succession.on))
            held.add((old.id, then.id))
            new += 1
    db.session.flush()
    return new


def _held(unit: Unit, on: Any) -> bool:
    return (unit.valid_from is None or unit.valid_from <= on) and (unit.valid_to is None or on <= unit.valid_to)


def unit_key(record: UnitRecord) -> str:
    """Our own key of a unit: its code and the day it began to mean this unit."""
    return f"{record.code}-{record.period.first.isoformat() if record.period.first else 'old'}"


def _depth(record: UnitRecord, by_code: Mapping[str, UnitRecord]) -> int:
    depth = 0
    while record.parent_code and depth < 5:
        record, depth = by_code[record.parent_code], depth + 1
    return depth


def _level(record: UnitRecord) -> UnitLevel:
    if record.parent_code is None:
        return UnitLevel.PROVINCE
    return UnitLevel.DISTRICT if record.kind in DISTRICT_KINDS else UnitLevel.COMMUNE


def save_festival(ruleset: Ruleset, document: Mapping[str, Any]) -> Festival:
    """The edition a rule set states: made, or, when its code is known, brought up to date."""
    rule = ruleset.festival
    families, members, contests = (
        ruleset.quotas.families_per_delegation,
        ruleset.quotas.members_per_family,
        ruleset.quotas.contests_per_family,
    )
    festival = db.session.scalars(select(Festival).where(Festival.code == rule.code).with_for_update()).one_or_none()
    moved = festival is not None and day_was_set(festival)
    new = festival is None
    if festival is None:
        festival = Festival(code=rule.code, created_at=now())
        db.session.add(festival)
    festival.name = rule.name
    festival.short_name = rule.short_name
    festival.edition = f"lần thứ {rule.ordinal}" if rule.ordinal else ""
    festival.theme = rule.theme or ""
    festival.organiser = rule.organiser
    festival.host = rule.host or ""
    festival.venue = rule.venue or ""
    festival.starts_on = rule.starts_on
    festival.ends_on = rule.ends_on
    festival.families_min = families.min if families else 0
    festival.families_max = families.max if families else MOST_FAMILIES
    festival.members_min = members.min if members else 1
    festival.members_max = members.max if members else 20
    festival.contests_per_family_min = contests.min if contests else None
    festival.contests_per_family_max = contests.max if contests else None
    if not moved:  # the organiser's own day is not moved back by importing the file again
        festival.data_kept_until = rule.data_kept_until or rule.ends_on + timedelta(days=KEPT_DAYS)
    festival.help_line = rule.help_line or ""
    festival.ruleset = dict(document)
    db.session.flush()
    ledger.append(
        f"decisions:{festival.code}",
        "ruleset_imported",
        {"festival": festival.code},
        {"contests": [contest.code for contest in ruleset.contests], "schema": str(document.get("schema", ""))},
    )
    if new:
        choose_if_none(festival)
    return festival


def open_phase(festival_id: int, kind: PhaseKind, opens_at: datetime, closes_at: datetime | None = None) -> None:
    """Set the times of a phase; a phase has one row, the last word wins.

    Registration that is opened without an end closes with the day the rule set names, while that day is not over.
    BadInput when it would close before it opens.
    """
    if closes_at is not None and closes_at <= opens_at:
        raise BadInput(_("Giờ đóng phải sau giờ mở."))
    festival = db.session.get(Festival, festival_id)
    if festival is None:
        raise NotFound()
    if kind is PhaseKind.REGISTRATION and closes_at is None:
        closes_at = _stated_end(festival, max(opens_at, now()))
    insert = postgresql_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    values = {"opens_at": opens_at, "closes_at": closes_at}
    db.session.execute(
        insert(Phase)
        .values(festival_id=festival_id, kind=kind, **values)
        .on_conflict_do_update(index_elements=["festival_id", "kind"], set_=values)
    )
    ledger.append(
        f"decisions:{festival.code}",
        "phase_set",
        {"festival": festival.code, "phase": kind.value},
        {"opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat() if closes_at else None},
    )


def _stated_end(festival: Festival, after: datetime) -> datetime | None:
    """The end of the day on which registration closes by the rule set; None when it names none or the day is over."""
    stated = dict(festival.ruleset.get("festival", {})).get("registration_closes_on")
    if stated is None:
        return None
    end = from_local(datetime.combine(date.fromisoformat(stated) + timedelta(days=1), time.min))
    return end if end > after else None


def close_phase(festival_id: int, kind: PhaseKind) -> None:
    """Close what is open, from now on; nothing happens to a phase that has no times."""
    phase = db.session.scalars(select(Phase).where(Phase.festival_id == festival_id, Phase.kind == kind)).one_or_none()
    if phase is None:
        return
    at = now()
    # one that has not opened yet is closed by never opening
    if phase.opens_at >= at:
        db.session.delete(phase)
    else:
        open_phase(festival_id, kind, phase.opens_at, at)
    db.session.flush()
