"""What this room tells the house: who draws the papers that are kept, the pictures of the reveal, and how its lines become rows again."""

from __future__ import annotations

from flask import Flask

from festival.ceremony.drawing import draw
from festival.ceremony.reveal import pictures, rows
from festival.core.seal.checks import register_seal
from festival.core.work.making import register_maker
from festival.papers.keeping import register_drawer


def init_room(app: Flask) -> None:
    """Register the drawing of minutes and amendments, the maker of pictures, and the seal of the reveal."""
    register_drawer(app, draw)
    register_maker(app, pictures.MAKER)
    register_seal(app, rows.SEAL)
