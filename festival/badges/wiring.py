"""What this room tells the house: how its lines become rows again, and that files nobody confirms are forgotten."""

from __future__ import annotations

from flask import Flask

from festival.badges import imports
from festival.badges.seal import rows
from festival.core.chores import register_chore
from festival.core.seal.checks import register_seal


def init_room(app: Flask) -> None:
    """Register the seal and the chore."""
    register_seal(app, rows.SEAL)
    register_chore(app, "badge-imports-sweep", 3600, imports.sweep)
