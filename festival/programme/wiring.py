"""What does the programme room need before the first request? Its snapshot, and numbers that a tap calls."""

from __future__ import annotations

from flask import Flask

from festival.programme import snapshot
from festival.programme.words import dialled


def init_room(app: Flask) -> None:
    """Keep one snapshot a process; teach templates to find phones in a help line."""
    snapshot.init_room(app)
    app.jinja_env.filters["dialled"] = dialled
