"""The one blueprint of this room; the pages of the contests and of the whole delegation stand in two modules."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("results", __name__)
