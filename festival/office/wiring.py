"""What does the office add to every page, and to every check of the ledger? The list of its pages; a letter."""

from __future__ import annotations

from flask import Flask

from festival.core.seal.checks import register_news
from festival.office.letters import tell_of_check
from festival.office.menu import menu_here


def init_room(app: Flask) -> None:
    """Give the layouts the office list; let the organiser be written to of the ledger."""
    app.jinja_env.globals["office_menu"] = menu_here
    register_news(app, tell_of_check)
