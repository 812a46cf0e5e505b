"""The one blueprint of this room; the pages of the timetable stand in `editing`, those of draw and day in `routes`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("schedule", __name__)
