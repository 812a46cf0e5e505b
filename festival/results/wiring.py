"""What this room tells the house: how states, standings and awards are held against the ledger; heads of each evening."""

from __future__ import annotations

from flask import Flask

from festival.core.chores import register_chore
from festival.core.seal.checks import register_seal
from festival.results.meeting import seal as meetings
from festival.results.paying import sealed as payments
from festival.results.petition_desk import hour_seal
from festival.results.petitions import sealed
from festival.results.publication import heads
from festival.results.publication import seal as published
from festival.results.seal import rows


def init_room(app: Flask) -> None:
    """Register the seals of the results, and what the worker does each evening."""
    register_seal(app, rows.SEAL)
    register_seal(app, sealed.SEAL)
    register_seal(app, meetings.SEAL)
    register_seal(app, payments.SEAL)
    register_seal(app, published.SEAL)
    register_seal(app, hour_seal.SEAL)
    register_chore(app, "heads of the evening", heads.PERIOD_S, heads.each_evening)
