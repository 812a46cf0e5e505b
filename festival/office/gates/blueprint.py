"""The one blueprint of the lead's pages."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("gates", __name__, url_prefix="/office/gates")
