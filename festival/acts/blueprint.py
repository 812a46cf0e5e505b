"""The one blueprint of this room; its pages stand in modules by who uses them."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("acts", __name__)
