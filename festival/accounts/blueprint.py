"""The one blueprint of this room; its pages stand in three modules."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)
