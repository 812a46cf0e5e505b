"""Who of the made-up families has come through the gate already?

About two thirds, delegation by delegation as their buses arrive in the early afternoon of the first day; from some
families somebody is still missing. On the second day of a living festival they come again, the last of them just now.
The scans go through the room that decides real ones.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from festival.checkin.actions import apply_scans
from festival.checkin.merge import DAY_BEGINS, day_window
from festival.core.database import db
from festival.core.transaction import transaction
from festival.demo.days import DemoDays
from festival.devices.enrolment import Enrolled, enrol, make_enrolment_code
from festival.devices.handlers import Applied, DeviceRole, Incoming
from festival.devices.models import Device
from festival.passes.models import Pass
from festival.roster.models import Delegation, Family, FamilyState

SCANS_A_TRANSACTION = 200
EVERY = timedelta(minutes=14)
BUSES = 15
BOARDING = timedelta(minutes=10)
NIGHT_FROM = 8
STATION = "Cổng 1"


def arrive(festival_id: int, seed: int, days: DemoDays) -> int:
    """Let families in; answers how many have come on the day the festival stands at."""
    waves = _waves(days)
    with transaction():
        device_id = _gate(festival_id, waves[0].first)
    came = [_let_in(festival_id, device_id, Random(f"{seed}|{wave.name}s"), wave) for wave in waves]
    last = day_window(waves[-1].first)
    return sum(count for wave, count in zip(waves, came, strict=True) if day_window(wave.first) == last)


@dataclass(frozen=True, slots=True)
class _Wave:
    """Buses that come one after the other; `name` tells the scans of two days apart, `which` says which buses."""

    name: str
    first: datetime
    every: timedelta
    which: tuple[int, int | None] = (0, None)


def _waves(days: DemoDays) -> list[_Wave]:
    """The first day; of a living festival the present day too, its last bus a moment ago. A gate's day begins at three."""
    first = _Wave("arrival", days.moment(1, (13, 5)), EVERY)
    if days.at is None:
        return [first]
    since = timedelta(hours=days.at.hour, minutes=days.at.minute) - DAY_BEGINS
    if since < timedelta():  # still the first day's night: half of the buses were late
        rest = EVERY * (BUSES - NIGHT_FROM) + BOARDING
        return [
            replace(first, which=(0, NIGHT_FROM)),
            _Wave("night", days.now - rest, EVERY, (NIGHT_FROM, None)),
        ]
    every = min(EVERY, max(since - BOARDING, timedelta()) / BUSES)
    return [first, _Wave("second-arrival", days.now - min(since, every * BUSES + BOARDING), every)]


def _let_in(festival_id: int, device_id: int, chance: Random, wave: _Wave) -> int:
    with transaction():
        scans = _scans(festival_id, device_id, chance, wave)
    for start in range(0, len(scans), SCANS_A_TRANSACTION):
        with transaction():
            chunk = scans[start : start + SCANS_A_TRANSACTION]
            verdicts = apply_scans(chunk)
            if not all(isinstance(verdict, Applied) for verdict in verdicts):
                raise RuntimeError("a made-up family was not let in")
            device = db.session.get_one(Device, device_id)
            device.seq_max = device.seq_count = chunk[-1].seq
            device.last_seen_at = chunk[-1].received_at
    return len(scans)


def _gate(festival_id: int, first: datetime) -> int:
    enrolled = enrol(
        make_enrolment_code(festival_id, DeviceRole.GATE, None, STATION).code, "Điện thoại trực cổng", None
    )
    if not isinstance(enrolled, Enrolled):
        raise TypeError(enrolled.reason)
    enrolled.device.enrolled_at = first - timedelta(hours=2)
    return enrolled.device.id


def _scans(festival_id: int, device_id: int, chance: Random, wave: _Wave) -> list[Incoming]:
    device = db.session.get_one(Device, device_id)
    families = db.session.execute(
        select(Family, Pass.list_id, Delegation.position)
        .join(Pass, (Pass.family_id == Family.id) & Pass.replaced_at.is_(None))
        .join(Delegation, Delegation.id == Family.delegation_id)
        .where(Family.festival_id == festival_id, Family.state == FamilyState.APPROVED)
        .options(selectinload(Family.members))
        .order_by(Delegation.position, Family.phone)
    ).all()
    buses = sorted({row.position for row in families})
    late = set(chance.sample(buses, len(buses) // 5))
    came: list[tuple[datetime, Family, str, list[str] | None]] = []
    aboard = buses[slice(*wave.which)]
    for family, list_id, position in families:
        seconds = chance.randrange(20, 600) * min(1, wave.every / EVERY)
        stays_out = position not in aboard or position in late or chance.random() < 0.15
        partly = chance.random() < 0.15
        if not stays_out:
            at = wave.first + wave.every * aboard.index(position) + timedelta(seconds=seconds)
            came.append((at, family, list_id, _first_ones(family) if partly else None))
    came.sort(key=lambda row: (row[0], row[1].phone))
    return [
        Incoming(
            mid=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{wave.name}|{family.code}")),
            device_id=device_id,
            device_role=DeviceRole.GATE.value,
            user_id=None,
            seq=seq,
            kind="scan",
            subject=list_id,
            body={"pass": list_id, "persons": persons, "purpose": "entry", "how": "camera"},
            base_version=None,
            at=at,
            received_at=at + timedelta(seconds=1),
            festival_id=festival_id,
            device_number=device.number,
            station=STATION,
        )
        for seq, (at, family, list_id, persons) in enumerate(came, start=1 + device.seq_max)
    ]


def _first_ones(family: Family) -> list[str]:
    """All but the last: somebody comes later."""
    return [person.code for person in family.members[:-1]]
