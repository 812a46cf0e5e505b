"""Who takes what devices of the ground say, what they are told, and of which ledgers they may know the end."""

from __future__ import annotations

from festival.devices.handlers import DeviceRole, register, register_state, register_streams, register_words
from festival.judging.ground import pages
from festival.judging.ground.devices import ground_streams
from festival.judging.ground.inbox_words import measure_words
from festival.judging.ground.state import ground_state
from festival.judging.ground.sync import KINDS, apply_measures

__all__ = ["init_ground", "pages"]  # a door of the room, drawn on its blueprint when it is imported


def init_ground() -> None:
    """Called once by the room's wiring."""
    for kind in KINDS:
        register(kind, apply_measures, roles=[DeviceRole.GROUND])
        register_words(kind, measure_words)
    register_state(DeviceRole.GROUND, ground_state)
    register_streams(DeviceRole.GROUND, ground_streams)
