"""What this room tells the house: who takes the messages of judges' tablets, what a tablet learns, what the worker draws,
how its rows are held against the ledger.
"""

from __future__ import annotations

from flask import Flask

from festival.core.seal.checks import register_seal
from festival.core.work.making import register_maker
from festival.devices.handlers import (
    DeviceRole,
    register,
    register_opened,
    register_seat,
    register_state,
    register_streams,
)
from festival.judging import blank_sheets
from festival.judging.deductions import pages as deduction_pages
from festival.judging.ground.wiring import init_ground
from festival.judging.matches import pages as match_pages
from festival.judging.seal import rows
from festival.judging.tablets.sync import KINDS, apply_sheets, sheets_state
from festival.judging.tablets.whose_tablet import has_a_seat, own_streams, tell_of_another

__all__ = [
    "deduction_pages",
    "init_room",
    "match_pages",
]  # a door of the room, drawn on its blueprint when it is imported


def init_room(app: Flask) -> None:
    """Register the kinds of a judge's tablet, the maker of empty sheets and the seal of the marks."""
    for kind in KINDS:
        register(kind, apply_sheets, roles=[DeviceRole.JUDGE])
    register_state(DeviceRole.JUDGE, sheets_state)
    register_streams(DeviceRole.JUDGE, own_streams)
    register_seat(DeviceRole.JUDGE, has_a_seat)
    register_opened(DeviceRole.JUDGE, tell_of_another)
    init_ground()
    register_maker(app, blank_sheets.MAKER)
    register_seal(app, rows.SEAL)
