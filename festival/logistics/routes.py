"""All pages of this room: the officer's, the organiser's, the kitchen's and the nurse's."""

from __future__ import annotations

from festival.logistics import care_pages, list_pages, office_pages, officer_pages
from festival.logistics.blueprint import bp
from festival.logistics.sleeping import room_pages

__all__ = ["bp", "care_pages", "list_pages", "office_pages", "officer_pages", "room_pages"]
