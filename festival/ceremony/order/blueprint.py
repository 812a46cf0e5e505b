"""The address book of the order of the ceremony."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("ceremony_order", __name__)
