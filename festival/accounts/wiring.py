"""What this room tells the house: how a signed-in person is recognised."""

from __future__ import annotations

from flask import Flask

from festival.accounts.queries import actor_of_cookie
from festival.core.web.access import register_loader


def init_room(app: Flask) -> None:
    """Register the loader of accounts."""
    register_loader(app, "user", actor_of_cookie)
