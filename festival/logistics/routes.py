"""All pages of this room: the officer's, the organiser's, the kitchen's and the nurse's."""

from __future__ import annotations

from festival.logistics import care_pages, office_pages, officer_pages, room_pages
from festival.logistics.blueprint import bp

__all__ = ["bp", "care_pages", "office_pages", "officer_pages", "room_pages"]
