"""What this room tells the house: the worker makes the cards of an edition."""

from __future__ import annotations

from flask import Flask

from festival.core.work.making import register_maker
from festival.passes import all_cards


def init_room(app: Flask) -> None:
    """Register the maker."""
    register_maker(app, all_cards.MAKER)
