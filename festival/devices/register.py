"""What the factory must know of this room: how a device is recognised, and where deliveries of one process meet."""

from __future__ import annotations

from flask import Flask

from festival.core import access
from festival.devices.gathering import Gathering
from festival.devices.queries import asking_device


def init_room(app: Flask) -> None:
    """Recognise devices by their bearer token."""
    access.register_loader(app, "device", asking_device)
    app.extensions["gathering"] = Gathering()
