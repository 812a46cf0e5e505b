"""What does this room tell the house? Its seal, and whom to call on pages of other rooms."""

from __future__ import annotations

from flask import Flask

from festival.core.seal.checks import register_seal
from festival.editions.help_lines import STANDARD
from festival.posts.seal import rows


def init_room(app: Flask) -> None:
    """Register the seal; pages kept on phones with the program say the national lines, which no table changes."""
    register_seal(app, rows.SEAL)
    app.jinja_env.globals["national_help"] = STANDARD
