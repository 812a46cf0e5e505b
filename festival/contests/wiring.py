"""What this room tells the house: how its rules and panels are held against the ledger."""

from __future__ import annotations

from flask import Flask

from festival.contests.seal import rows
from festival.core.seal.checks import register_seal


def init_room(app: Flask) -> None:
    """Register the seal of rules and seats."""
    register_seal(app, rows.SEAL)
