"""What this room tells the house: who draws the papers that are kept."""

from __future__ import annotations

from flask import Flask

from festival.ceremony.drawing import said
from festival.papers.keeping import register_drawer


def init_room(app: Flask) -> None:
    """Register the drawing of minutes and amendments."""
    register_drawer(app, said)
