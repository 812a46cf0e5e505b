"""The doors of this room."""

from __future__ import annotations

from festival.badges import list_pages, person_pages
from festival.badges.blueprint import bp

__all__ = ["bp", "list_pages", "person_pages"]
