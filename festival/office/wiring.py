"""What does the office add to every page? The list of its pages, which all staff layouts draw."""

from __future__ import annotations

from flask import Flask

from festival.office.menu import office_menu


def init_room(app: Flask) -> None:
    """Give the layouts the office list."""
    app.jinja_env.globals["office_menu"] = office_menu
