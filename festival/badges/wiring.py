"""What this room tells the house: how its lines become rows again."""

from __future__ import annotations

from flask import Flask

from festival.badges.seal import rows
from festival.core.seal.checks import register_seal


def init_room(app: Flask) -> None:
    """Register the seal."""
    register_seal(app, rows.SEAL)
