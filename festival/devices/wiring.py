"""What the factory must know of this room: how a device is recognised, and where deliveries of one process meet."""

from __future__ import annotations

from flask import Flask

from config import Config
from festival.core.database import WriterQueue
from festival.core.disk.private import private_folder
from festival.core.web import access
from festival.devices.app_files import words_digest
from festival.devices.app_release import release
from festival.devices.deliveries.gathering import Gathering
from festival.devices.deliveries.short_way import short_way
from festival.devices.handlers import register
from festival.devices.queries import asking_device
from festival.devices.shifts.holding import ROLES, apply_shifts


def init_room(app: Flask) -> None:
    """Recognise devices by their bearer token."""
    access.register_loader(app, "device", asking_device)
    app.jinja_env.globals["app_release"] = release
    words_digest()
    register("shift", apply_shifts, ROLES)
    app.wsgi_app = short_way(app, app.wsgi_app)  # type: ignore[assignment, method-assign]
    config: Config = app.config["FESTIVAL"]
    if config.is_sqlite:
        app.extensions["gathering"] = Gathering()  # every transaction waits for SQLite's one writer
    else:
        # On PostgreSQL two processes could write side by side, but the ledger's head lets one through: whoever waits
        # for it had better gather meanwhile. Only this machine's; other machines meet at the head.
        private_folder(config.instance)
        app.extensions["gathering"] = Gathering(WriterQueue(config.instance / "deliveries").turn)
