"""The same program with one door of its API broken: what asks strange requests must find that (the control of strange_api.py)."""

from __future__ import annotations

from app import app
from festival.core.web.access import public_api

app.view_functions["health.alive"] = public_api(lambda: "<h1>Máy chủ</h1>")
