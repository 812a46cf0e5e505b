"""What the factory must know of this room: which messages it takes and what a gate is told."""

from __future__ import annotations

from flask import Flask

from festival.checkin.actions import apply_scans
from festival.checkin.queries import gate_state
from festival.devices.handlers import DeviceRole, register, register_state

READERS = (DeviceRole.GATE, DeviceRole.LEAD, DeviceRole.DESK)


def init_room(app: Flask) -> None:
    """Take scans from gates, desks and the lead; tell them who has come."""
    register("scan", apply_scans, READERS)
    for role in READERS:
        register_state(role, gate_state)
