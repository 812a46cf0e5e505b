"""The demo with fifteen families, built once a run, for `begins_with(build=small_demo)`."""

from __future__ import annotations

from config import Config
from festival.accounts.passwords import hash_password
from festival.core.database import db
from festival.demo import build
from festival.factory import create_app


def small_demo(config: Config) -> None:
    """Everything of the large one: accounts, panels, passes, draw, programme, sheets."""
    app = create_app(config)
    with app.app_context():
        build.build(15, 3, hash_password(build.PASSWORD))
        db.session.remove()
        db.engine.dispose()
