"""What this room tells the house: how sheets and confirmations are held against the ledger."""

from __future__ import annotations

from flask import Flask

from festival.core.seal.checks import register_seal
from festival.proofing.seal import rows


def init_room(app: Flask) -> None:
    """Register the seal of proofed names."""
    register_seal(app, rows.SEAL)
