"""The doors of this room."""

from __future__ import annotations

from festival.badges import excel_pages, guest_pages, kind_pages, list_pages, person_pages
from festival.badges.blueprint import bp

__all__ = ["bp", "excel_pages", "guest_pages", "kind_pages", "list_pages", "person_pages"]
