"""Which devices of gates, desk and lead are there, and what is the matter with each?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from festival.checkin.lead.machine_state import MachineHeard, MachineSign, clock_ahead_ms, machine_signs
from festival.core.database import db
from festival.devices.app_release import number_of, release
from festival.devices.deliveries.typed_in import typed_in
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device, Mutation
from festival.devices.queries import DeviceLine, device_lines

READERS = (DeviceRole.GATE, DeviceRole.DESK, DeviceRole.LEAD)


@dataclass(frozen=True, slots=True)
class Machine:
    """One device with its signs."""

    line: DeviceLine
    heard: MachineHeard
    signs: tuple[MachineSign, ...]
    reported: tuple[Any, ...] = ()  # what it tells of itself, with words: battery, unsent entries, room

    @property
    def urgent(self) -> bool:
        """Somebody should go there."""
        return bool(self.signs) or any(sign.urgent for sign in self.reported)

    @property
    def version(self) -> str:
        """The number of its program."""
        return number_of(self.heard.app)

    @property
    def clock_minutes(self) -> int:
        """By how many minutes its clock is wrong, and whether ahead (positive) or behind."""
        return round((clock_ahead_ms(self.heard) or self.heard.ahead_ms or 0) / 60_000)


def machines(festival_id: int, at: datetime) -> list[Machine]:
    """Devices that may still speak, those with something to look at first."""
    lines = [line for line in device_lines(festival_id, READERS) if not line.revoked]
    # The newest entry is the one that arrived with the highest number: one row of a unique index for each device.
    newest: Any = db.session.execute(
        select(Device.id, Device.offset_ms, Device.app, Mutation.wall_ms, Mutation.offset_ms, Mutation.received_at)
        .outerjoin(Mutation, and_(Mutation.device_id == Device.id, Mutation.seq == Device.seq_max))
        .where(Device.festival_id == festival_id, Device.role.in_(READERS), Device.revoked_at.is_(None), ~typed_in())
    )
    told = {row[0]: row for row in newest}
    found = []
    for line in lines:
        if line.id not in told:
            continue  # a desk of paper: no phone stands behind it
        _, offset_ms, app, wall_ms, corrected_ms, received_at = told[line.id]
        ahead_ms = None if wall_ms is None else wall_ms + corrected_ms - int(received_at.timestamp() * 1000)
        heard = MachineHeard(line.last_seen_at, offset_ms, ahead_ms, line.told.clock_ms, bool(line.gaps), app)
        reported = tuple(sign for sign in line.signs if sign.icon != "clock")  # that one is said here
        found.append(Machine(line, heard, machine_signs(heard, at, release()), reported))
    return sorted(found, key=lambda machine: (not machine.urgent, machine.line.number))
