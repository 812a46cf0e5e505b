"""What this room tells the house: how states, standings and awards are held against the ledger."""

from __future__ import annotations

from flask import Flask

from festival.core.seal.checks import register_seal
from festival.results.meeting import seal as meetings
from festival.results.petition_desk import hour_seal
from festival.results.petitions import sealed
from festival.results.seal import rows


def init_room(app: Flask) -> None:
    """Register the seal of the results."""
    register_seal(app, rows.SEAL)
    register_seal(app, sealed.SEAL)
    register_seal(app, meetings.SEAL)
    register_seal(app, hour_seal.SEAL)
