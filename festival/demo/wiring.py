"""What does the demo add to the house? The lines `make run` prints."""

from __future__ import annotations

from flask import Flask

from festival.demo.welcome import welcome_lines


def init_room(app: Flask) -> None:
    """Tell the start who can sign in with what."""
    app.extensions["welcome_lines"] = welcome_lines
