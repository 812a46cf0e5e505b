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
from festival.judging.by_hand import comment_pages, correct_pages, pin_pages
from festival.judging.calls import calling
from festival.judging.comments import taking as comments
from festival.judging.deductions import pages as deduction_pages
from festival.judging.ground.wiring import init_ground
from festival.judging.kitchen import kitchen_pages
from festival.judging.matches import bracket_pages
from festival.judging.matches import pages as match_pages
from festival.judging.matches.for_timetable import brackets_in_force, brackets_of_the_past
from festival.judging.matches.on_ground import init_matches
from festival.judging.measures import table_pages
from festival.judging.panel import seal as panel_seal
from festival.judging.paper import confirm_sync, paper_pages, photo_pages, resolve_pages, slip_pages
from festival.judging.paper import seal as paper_seal
from festival.judging.plates import plates_pages, plates_seal
from festival.judging.seal import rows
from festival.judging.sheets import blank_sheets
from festival.judging.substituting import office_pages, officer_pages, sealed
from festival.judging.tablets.sync import KINDS, apply_sheets
from festival.judging.tablets.whose_tablet import has_a_seat, own_streams, tell_of_another
from festival.schedule.later.brackets import register_brackets

# doors of the room, drawn on its blueprint when they are imported
__all__ = [
    "bracket_pages",
    "comment_pages",
    "correct_pages",
    "deduction_pages",
    "init_room",
    "kitchen_pages",
    "match_pages",
    "office_pages",
    "officer_pages",
    "paper_pages",
    "photo_pages",
    "pin_pages",
    "plates_pages",
    "resolve_pages",
    "slip_pages",
    "table_pages",
]


def init_room(app: Flask) -> None:
    """Register the kinds of a judge's tablet, the maker of empty sheets and the seal of the marks."""
    for kind in KINDS:
        register(kind, apply_sheets, roles=[DeviceRole.JUDGE])
    register(comments.KIND, comments.apply_comments, roles=[DeviceRole.JUDGE])
    register(calling.KIND, calling.apply_seen, roles=[DeviceRole.JUDGE])
    register(confirm_sync.KIND, confirm_sync.apply_confirmations, roles=[DeviceRole.JUDGE])
    register_state(DeviceRole.JUDGE, confirm_sync.state_with_confirmations)
    register_streams(DeviceRole.JUDGE, own_streams)
    register_seat(DeviceRole.JUDGE, has_a_seat)
    register_opened(DeviceRole.JUDGE, tell_of_another)
    init_ground()
    register_brackets(app, brackets_in_force, brackets_of_the_past)
    init_matches()
    register_maker(app, blank_sheets.MAKER)
    register_seal(app, rows.SEAL)
    register_seal(app, paper_seal.SEAL)
    register_seal(app, panel_seal.SEAL)
    register_seal(app, plates_seal.SEAL)
    register_seal(app, sealed.SEAL)
