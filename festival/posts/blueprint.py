"""The pages of this room hang here."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("posts", __name__)
