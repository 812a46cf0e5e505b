"""Under which name do the pages of the three steps stand?"""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("setup", __name__, url_prefix="/office/setup")
