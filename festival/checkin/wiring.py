"""What the factory must know of this room: which messages it takes, what a gate is told, what an arrival holds fast."""

from __future__ import annotations

from flask import Flask

from festival.checkin.actions import apply_scans
from festival.checkin.counting.undoing import apply_undos
from festival.checkin.desk import has_arrived, scan_words, undo_words
from festival.checkin.handouts import seal as handouts_seal
from festival.checkin.handouts.applying import apply_handouts
from festival.checkin.handouts.queries import desk_state, handout_words
from festival.checkin.offline_list import READABLE_FOR, gate_state
from festival.checkin.seal import rows
from festival.core.seal.checks import register_seal
from festival.core.sentence import N_, Sentence
from festival.devices.handlers import DeviceRole, register, register_state, register_streams, register_words
from festival.registration import dependents

READERS = (DeviceRole.GATE, DeviceRole.DESK, DeviceRole.LEAD)


def init_room(app: Flask) -> None:
    """Take scans and undoings from gates, desks and the lead; tell them who has come."""
    register("scan", apply_scans, READERS)
    register("undo", apply_undos, READERS)
    register_words("scan", scan_words)
    register("handout", apply_handouts, READABLE_FOR)
    register_words("handout", handout_words)
    register_words("undo", undo_words)
    for role in READERS:
        register_state(role, desk_state if role in READABLE_FOR else gate_state)
        register_streams(role, lambda _device, festival_code: {f"checkin:{festival_code}"})
    dependents.register(app, _why_approval_stays)
    register_seal(app, rows.SEAL)
    register_seal(app, handouts_seal.SEAL)


def _why_approval_stays(family_id: int) -> Sentence | None:
    return N_("Gia đình đã điểm danh.", "arrived") if has_arrived(family_id) else None
