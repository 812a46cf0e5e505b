"""What this room tells the house: who draws the papers that are kept, what the worker makes."""

from __future__ import annotations

from flask import Flask

from festival.ceremony.certificates.making import MAKER as CERTIFICATES
from festival.ceremony.drawing import said
from festival.core.work.making import register_maker
from festival.papers.keeping import register_drawer


def init_room(app: Flask) -> None:
    """Register the drawing of minutes and amendments, and the maker of certificates."""
    register_drawer(app, said)
    register_maker(app, CERTIFICATES)
