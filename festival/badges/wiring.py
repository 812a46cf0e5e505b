"""What this room tells the house: how its lines become rows again, and that files nobody confirms are forgotten."""

from __future__ import annotations

from flask import Flask

from festival.badges import imports, queries
from festival.badges.seal import rows
from festival.core.chores import register_chore
from festival.core.seal.checks import register_seal
from festival.passes.printing import register_titles


def init_room(app: Flask) -> None:
    """Register the seal, the chore, and how people are addressed on their badges."""
    register_titles(app, queries.words_on_badges)
    register_seal(app, rows.SEAL)
    register_chore(app, "badge-imports-sweep", 3600, imports.sweep)
