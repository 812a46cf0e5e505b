"""The one blueprint of this room; its pages stand in modules by what they are for."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("privacy", __name__)
