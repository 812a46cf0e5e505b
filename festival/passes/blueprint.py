"""The doors of passes, shared by their pages."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("passes", __name__)
