"""What the factory must know of this room: how its rows are compared with the ledger."""

from __future__ import annotations

from flask import Flask

from festival.core.seal.checks import register_seal
from festival.logistics.seal import rows


def init_room(app: Flask) -> None:
    """Let the check of the ledger compare meals, stays and rooms."""
    register_seal(app, rows.SEAL)
