"""What does the programme room need before the first request? Its snapshot and the short way to it, numbers that a tap calls, and turns on cards."""

from __future__ import annotations

from flask import Flask

from config import Config
from festival.passes.printing import register_turns
from festival.programme import (
    bracket_page,
    calendar_page,
    changelog_page,
    downloads,
    explain_page,
    posts_page,
    proof_page,
    search_page,
    snapshot,
)
from festival.programme.card_turns import turns_on_cards
from festival.programme.short_way import short_way
from festival.programme.words import dialled

# doors of the room, drawn on its blueprint when they are imported
__all__ = [
    "bracket_page",
    "calendar_page",
    "changelog_page",
    "downloads",
    "explain_page",
    "init_room",
    "posts_page",
    "proof_page",
    "search_page",
]


def init_room(app: Flask) -> None:
    """Keep one snapshot a process; teach templates to find phones in a help line, and cards the turns."""
    snapshot.init_room(app)
    config: Config = app.config["FESTIVAL"]
    if not config.rehearsal:  # which marks every answer, and ends
        app.wsgi_app = short_way(app.extensions["public_snapshot"], app.wsgi_app)  # type: ignore[assignment, method-assign]
    app.jinja_env.filters["dialled"] = dialled
    register_turns(app, turns_on_cards)
