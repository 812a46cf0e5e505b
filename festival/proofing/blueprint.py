"""The pages of proofing stand under this blueprint."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("proofing", __name__)
