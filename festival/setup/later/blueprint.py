"""The settings of an edition that are no step of making it: prizes of the whole, notes, a copy."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("setup_later", __name__, url_prefix="/office/setup")
